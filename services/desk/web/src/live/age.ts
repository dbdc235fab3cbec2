// How old what is shown is. The stream's clock may go on while log, triage or view stand still: only `data_at` tells.

import type { StreamClock } from './wire';

export const kMarkedMs = 10_000;
export const kReplacedMs = 30_000;

/** `unknown`: the server has not said yet, or cannot say how far the view is. */
export type Truth = 'unknown' | 'live' | 'old' | 'stalled';

/** Age in ms at the server's time `nowMs`; null where it is not known. */
export function ageOf(clock: StreamClock | null, nowMs: number): number | null {
  const at = clock?.data_at ? Date.parse(clock.data_at) : NaN;
  return Number.isFinite(at) && nowMs > 0 ? Math.max(0, nowMs - at) : null;
}

/** `waitingMs`: how long the page has waited for a server that cannot say how far it is. */
export function truthOf(clock: StreamClock | null, nowMs: number, waitingMs = 0): Truth {
  const age = ageOf(clock, nowMs) ?? (clock ? waitingMs : null);
  if (age === null) return 'unknown';
  return age >= kReplacedMs ? 'stalled' : age >= kMarkedMs ? 'old' : 'live';
}
