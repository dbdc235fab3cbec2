import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageOf, truthOf } from '../src/live/age';
import { at, kNoon } from './made';

test('age: what is older than 10 s is marked, older than 30 s replaced, though the clock goes on', () => {
  const clock = { now: at(0), data_at: at(0) };
  const after = (seconds: number) => truthOf(clock, kNoon + seconds * 1000);
  assert.deepEqual([0, 9, 10, 29, 30, 85].map(after), ['live', 'live', 'old', 'old', 'stalled', 'stalled']);
});

test('age: a server that cannot say how far it is counts as old from the time the page has waited', () => {
  const clock = { now: at(0), data_at: null };
  assert.equal(ageOf(clock, kNoon), null);
  assert.deepEqual([0, 10_000, 30_000].map((waited) => truthOf(clock, kNoon, waited)), ['live', 'old', 'stalled']);
  assert.equal(truthOf(null, 0), 'unknown');
  assert.equal(truthOf({ now: 'x', data_at: 'zzzz' }, kNoon, 30_000), 'stalled');
});
