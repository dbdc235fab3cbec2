import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshnessOf } from '../src/live/freshness';
import type { Feed } from '../src/live/wire';
import { at, kNoon } from './made';

const feed = (more: Partial<Feed> = {}): Feed => ({ feed: 'camera-alerts', name: 'Camera', state: 'live', last_event_at: at(0), normal_interval_s: 60, ...more });

test('freshness: stale at twice the normal interval, lost at five times, on the second', () => {
  const state = (seconds: number) => freshnessOf(feed(), kNoon + seconds * 1000);
  assert.deepEqual([0, 119, 120, 299, 300].map(state), ['live', 'live', 'stale', 'stale', 'lost']);
});

test('freshness: what the server knows to be worse is believed, what it thought before is not', () => {
  assert.equal(freshnessOf(feed({ state: 'lost' }), kNoon), 'lost');
  assert.equal(freshnessOf(feed({ state: 'live' }), kNoon + 3600_000), 'lost');
});

test('freshness: a feed that never sent is neither fresh nor lost', () => {
  assert.equal(freshnessOf(feed({ last_event_at: null }), kNoon), 'never');
});
