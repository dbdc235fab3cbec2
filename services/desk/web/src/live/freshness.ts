// When a feed counts as stale (2 × its normal interval) or lost (5 ×). The page judges by itself, with the server's
// clock carried on, so that it also notices when the server can no longer tell it.

import type { Feed } from './wire';

export type Freshness = 'live' | 'stale' | 'lost' | 'never';
export const kStaleIntervals = 2;
export const kLostIntervals = 5;

const kOrder: Freshness[] = ['live', 'stale', 'lost'];

/** `nowMs`: the server's time. The worse of the server's word and our own reckoning. */
export function freshnessOf(feed: Feed, nowMs: number): Freshness {
  if (!feed.last_event_at) return 'never';
  const silent = nowMs - Date.parse(feed.last_event_at);
  const normal = feed.normal_interval_s * 1000;
  const own: Freshness = normal <= 0 ? 'live' : silent >= kLostIntervals * normal ? 'lost' : silent >= kStaleIntervals * normal ? 'stale' : 'live';
  const told = kOrder.includes(feed.state) ? feed.state : own;
  return kOrder[Math.max(kOrder.indexOf(own), kOrder.indexOf(told))]!;
}
