// How long to wait before the next attempt: doubles from 1 s to 30 s, with jitter so that a hall full of
// screens does not come back at the same instant.

export const kFirstDelayMs = 1_000;
export const kLongestDelayMs = 30_000;

/** Delay in ms after `failures` failed attempts in a row (≥ 1); `random` in [0, 1). Always within [1 s, 30 s]. */
export function backoffMs(failures: number, random: () => number = Math.random): number {
  const ceiling = Math.min(kLongestDelayMs, kFirstDelayMs * 2 ** Math.min(Math.max(failures, 1), 10));
  return Math.round(kFirstDelayMs + (ceiling - kFirstDelayMs) * random());
}
