import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byUrgencyThenAge, byVietnamese, firstOf, inWorkOrder } from '../src/live/order';
import { kSeverities } from '../src/live/wire';
import { at, incident, seeded } from './made';

test('order: the more severe first, then the older, then a fixed order', () => {
  const sorted = [
    incident('e', { severity: 'info', opened_at: at(-900) }),
    incident('c', { severity: 'high', opened_at: at(-5) }),
    incident('d', { severity: 'high', opened_at: at(-5) }),
    incident('b', { severity: 'high', opened_at: at(-60) }),
    incident('a', { severity: 'critical', opened_at: at(0) }),
  ].sort(byUrgencyThenAge);
  assert.equal(sorted.map((one) => one.id).join(''), 'abcde');
});

test('order: on the desk alarms that nobody has acknowledged come first, and info never stands above an alarm', () => {
  const sorted = inWorkOrder([
    incident('e', { severity: 'info', acknowledged_at: at(0) }), incident('d', { severity: 'info' }), incident('c', { severity: 'high', acknowledged_at: at(0) }),
    incident('b', { severity: 'medium' }), incident('a', { severity: 'high' }),
  ]);
  assert.equal(sorted.map((one) => one.id).join(''), 'abcde');
});

test('order: the first rows are those that sorting everything would give', () => {
  const random = seeded(20261122);
  for (let round = 0; round < 200; ++round) {
    const all = Array.from({ length: Math.floor(random() * 60) }, (_, i) =>
      incident(String(i), { severity: kSeverities[Math.floor(random() * 4)]!, opened_at: at(-Math.floor(random() * 5)), acknowledged_at: random() < 0.5 ? at(0) : null }),
    );
    const count = Math.floor(random() * 15);
    const order = byUrgencyThenAge;
    assert.deepEqual(firstOf(all, count, order), [...all].sort(order).slice(0, count));
  }
});

test('order: Vietnamese letters sort as Vietnamese', () => {
  assert.deepEqual(['Đồng Hỷ', 'Vô Tranh', 'Dân Tiến', 'Ôn Lương', 'An Khánh', 'Ấm Thượng', 'Ơn'].sort(byVietnamese), ['An Khánh', 'Ấm Thượng', 'Dân Tiến', 'Đồng Hỷ', 'Ôn Lương', 'Ơn', 'Vô Tranh']);
});
