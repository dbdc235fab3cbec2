import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../src/live/backoff';

test('back-off: stays within 1 and 30 seconds however often it failed', () => {
  for (let failures = 0; failures < 2000; ++failures) {
    for (const random of [0, 0.5, 0.999999]) {
      const delay = backoffMs(failures, () => random);
      assert.ok(delay >= 1_000 && delay <= 30_000, `${failures}: ${delay}`);
    }
  }
});

test('back-off: the longest wait doubles up to 30 seconds', () => {
  const longest = [1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, () => 1));
  assert.deepEqual(longest, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('back-off: many screens do not come back at the same instant', () => {
  const delays = new Set(Array.from({ length: 100 }, () => backoffMs(5)));
  assert.ok(delays.size > 50);
});
