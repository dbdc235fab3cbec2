import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kSeverities, type Queue, type Severity } from '../src/live/wire';
import { joined } from '../src/shared/map_labels';
import { clock, moment, span } from '../src/shared/time';
import { leaves } from '../src/wall/outlines';
import { letterPx, roomFrom } from '../src/wall/size';
import { countsByDistrict, countsByUnit, groups, kGroupsMax, kPeriodMs, kRowsMax, ratePerPeriod, urgentRows } from '../src/wall/summary';
import { shouldReload } from '../src/wall/watchdog';
import { at, incident, kNoon, seeded } from './made';

const asMap = (...all: ReturnType<typeof incident>[]) => new Map(all.map((one) => [one.id, one]));

test('wall: letters are 20 arc-minutes at the farthest seat', () => {
  const px = (query: string, width = 1920, height = 1080) => Math.round(letterPx(roomFrom(new URLSearchParams(query)), width, height));
  assert.equal(px(''), 39);
  assert.equal(px('seat_m=5'), 65);
  assert.equal(px('seat_m=8'), 104);
  assert.equal(px('', 3840, 2160), 78, 'the same size on the wall with more pixels');
  assert.equal(px('seat_m=abc'), 39);
  assert.equal(px('seat_m=0'), 39);
});

test('wall: at most ten rows, closed ones never, totals count all', () => {
  const all = Array.from({ length: 30 }, (_, i) => incident(String(i).padStart(2, '0'), { opened_at: at(-i), state: i === 29 ? 'closed' : 'new', acknowledged_at: i < 4 ? at(0) : null }));
  const shown = urgentRows(asMap(...all), 99);
  assert.equal(shown.rows.length, kRowsMax);
  assert.equal(shown.rows[0]!.id, '28');
  assert.deepEqual([shown.open, shown.unacknowledged], [29, 25]);
});

test('wall: more than seven queues become seven groups and no incident disappears from the counts', () => {
  const random = seeded(7);
  const queues: Queue[] = Array.from({ length: 12 }, (_, i) => {
    const by_severity = Object.fromEntries(kSeverities.map((severity) => [severity, Math.floor(random() * 9)])) as Record<Severity, number>;
    const open = Object.values(by_severity).reduce((a, b) => a + b, 0);
    return { queue: `q${i}`, name: `q${i}`, open, unacknowledged: Math.floor(open / 2), by_severity, alarms_10min: i, load: i === 11 ? 'flood' : 'acceptable' };
  });
  const shown = groups(queues);
  const sum = (list: Queue[]) => list.reduce((total, queue) => total + queue.open, 0);
  assert.equal(shown.length, kGroupsMax);
  assert.equal(sum(shown), sum(queues));
  for (let i = 1; i < kGroupsMax - 1; ++i) assert.ok(shown[i - 1]!.by_severity.critical >= shown[i]!.by_severity.critical);
});

test('wall: queues of one group are one line', () => {
  const queue = (name: string, group: string, high: number): Queue => ({ queue: name, name, group, open: high, unacknowledged: high, by_severity: { critical: 0, high, medium: 0, info: 0 }, alarms_10min: high, load: high > 2 ? 'flood' : 'acceptable' });
  const shown = groups([queue('a', 'Đô thị', 1), queue('b', 'Y tế', 3), queue('c', 'Đô thị', 4)]);
  assert.deepEqual(shown.map((one) => [one.name, one.queue, one.open, one.alarms_10min, one.load]), [['Đô thị', 'a c', 5, 4, 'flood'], ['Y tế', 'b', 3, 3, 'flood']]);
});

test('wall: the map counts open incidents by unit with the worst severity', () => {
  const unit = { code: '1', name: 'Một' };
  const counts = countsByUnit(asMap(incident('a', { unit, severity: 'info' }), incident('b', { unit, severity: 'high' }), incident('c', { unit, state: 'resolved', severity: 'critical' }), incident('d')));
  assert.deepEqual(counts.get('1'), { open: 2, worst: 'high' });
  assert.deepEqual(counts.get(''), { open: 1, worst: 'medium' });
});

test('wall: an incident on a border counts in both districts, one without a place in none', () => {
  const unit = { code: '1', name: 'Một' };
  const counts = countsByDistrict(asMap(incident('a', { unit, subscribers: ['pho-yen', 'song-cong'] }), incident('b', { unit }), incident('c')));
  assert.deepEqual(counts, { districts: [['pho-yen', 1], ['song-cong', 1]], elsewhere: 1, unknown: 1 });
});

test('wall: the rate is that of the busiest queue in each ten minutes', () => {
  const now = Math.floor(kNoon / kPeriodMs) * kPeriodMs + 60_000;
  const happened = (periodsAgo: number) => new Date(now - periodsAgo * kPeriodMs).toISOString();
  const rate = ratePerPeriod(
    [incident('a', { opened_at: happened(0) }), incident('b', { opened_at: happened(0), queue: 'x' }), incident('c', { opened_at: happened(1) }), incident('d', { opened_at: happened(1) }), incident('e', { opened_at: happened(9) }),
     incident('f', { opened_at: happened(0), severity: 'info' }), incident('g', { opened_at: happened(0), severity: 'info' })],
    now, 3,
  );
  assert.deepEqual(rate.alarms, [0, 2, 1]);
});

test('wall: labels that would cover each other become one, and the sum stays', () => {
  const random = seeded(3);
  for (let round = 0; round < 100; ++round) {
    const labels = Array.from({ length: 60 }, () => ({ x: random() * 500, y: random() * 500, open: 1 + Math.floor(random() * 9), worst: 'medium' as Severity }));
    const shown = joined(labels, 33);
    assert.equal(shown.reduce((sum, label) => sum + label.open, 0), labels.reduce((sum, label) => sum + label.open, 0));
    for (const a of shown) for (const b of shown) assert.ok(a === b || Math.abs(a.x - b.x) >= 33 * 2.5 || Math.abs(a.y - b.y) >= 33 * 1.35);
  }
});

test('wall: times are those of Thái Nguyên on any computer', () => {
  assert.equal(clock('2026-11-22T17:05:09Z'), '00:05:09');
  assert.equal(moment('2026-11-22T16:59:00Z', Date.parse('2026-11-22T17:00:00Z')), '22/11 23:59');
  assert.deepEqual([-5, 59, 60, 3599, 3600, 36_000, 86_400].map((s) => span(s * 1000)), ['0 giây', '59 giây', '1 phút', '59 phút', '1 giờ 00', '10 giờ', '1 ngày']);
});

test('wall: only units valid today and not divided further are drawn', () => {
  const unit = (code: string, parent: string, from: string, until: string | null) => ({ code, name: code, kind: 'x', parent, valid_from: from, valid_until: until });
  const units = [unit('19', '', '1997-01-01', null), unit('164', '19', '1997-01-01', '2025-07-01'), unit('old', '164', '1997-01-01', '2025-07-01'), unit('new', '19', '2025-07-01', null)];
  assert.deepEqual(leaves(units, kNoon).map((one) => one.code), ['new']);
  assert.deepEqual(leaves(units, Date.parse('2022-01-01')).map((one) => one.code), ['old']);
});

test('watchdog: reloads a page that stands still, but never into a server that is away or in a circle', async () => {
  const world = (now: number, answers: boolean, last = 0) => ({ now: () => now, serverAnswers: async () => answers, lastReload: () => last, reload: () => undefined });
  assert.equal(await shouldReload(world(1_000_000, true), 1_000_000 - 60_000), false);
  assert.equal(await shouldReload(world(1_000_000, true), 1_000_000 - 121_000), true);
  assert.equal(await shouldReload(world(1_000_000, false), 0), false);
  assert.equal(await shouldReload(world(1_000_000, true, 900_000), 0), false);
});
