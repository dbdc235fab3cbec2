import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kKeepClosedMs, LiveStore } from '../src/live/store';
import { at, incident, kNoon } from './made';

function store() {
  let time = 0;
  const live = new LiveStore(() => time, (run) => run());
  const say = (event: string, data: unknown, id = 'log~1') => live.take({ event, id, data: JSON.stringify(data) });
  return { live, say, pass: (ms: number) => void (time += ms), ids: () => [...live.incidents.value.keys()].sort() };
}
const clock = { now: at(0), data_at: at(0), demo: false, log_id: 'log' };

test('store: a snapshot replaces everything, but only once it is whole', () => {
  const { say, ids } = store();
  say('reset', {});
  assert.equal(say('incident', incident('old')), false, 'the middle of a snapshot is no place to resume from');
  assert.equal(say('clock', clock), true);
  assert.deepEqual(ids(), ['old']);
  say('reset', {});
  say('incident', incident('new'));
  assert.deepEqual(ids(), ['old'], 'the old picture stays until the new one is complete');
  say('clock', clock);
  assert.deepEqual(ids(), ['new']);
});

test('store: an older revision never overwrites a newer one', () => {
  const { live, say } = store();
  say('clock', clock);
  say('incident', incident('a', { revision: 5, title: 'newer' }));
  say('incident', incident('a', { revision: 4, title: 'older' }));
  assert.equal(live.incidents.value.get('a')!.title, 'newer');
  say('incident', incident('a', { revision: 5, title: 'same again' }));
  assert.equal(live.incidents.value.get('a')!.title, 'same again');
});

test('store: closed incidents stay for a while, open ones for as long as they are open', () => {
  const { say, ids } = store();
  const early = new Date(kNoon - kKeepClosedMs - 1000).toISOString();
  say('clock', clock);
  say('incident', incident('closed long ago', { state: 'closed', updated_at: early }));
  say('incident', incident('just closed', { state: 'closed' }));
  say('incident', incident('open for long', { updated_at: early }));
  assert.deepEqual(ids(), ['just closed', 'open for long']);
});

test('store: queues, feeds and indicators come whole or one by one', () => {
  const { live, say } = store();
  const queue = (name: string, open: number) => ({ queue: name, name, open, unacknowledged: 0, by_severity: {}, alarms_10min: 0, load: 'acceptable' });
  say('queue', { queues: [queue('a', 1), queue('b', 2)] });
  say('queue', queue('b', 3));
  assert.deepEqual(live.queues.value.map((one) => one.open), [1, 3]);
  say('queue', { queues: [queue('c', 1)] });
  assert.deepEqual(live.queues.value.map((one) => one.queue), ['c']);
  say('indicator', { code: 'x', unit: '1', name: 'x', value: 1 });
  say('indicator', { code: 'x', unit: '2', name: 'x', value: 2 });
  say('indicator', { code: 'x', unit: '1', name: 'x', value: 3 });
  assert.deepEqual(live.indicators.value.map((one) => one.value), [3, 2]);
});

test("store: the server's time goes on while the server is silent", () => {
  const { live, say, pass } = store();
  assert.equal(live.now(), null);
  say('clock', clock);
  pass(42_000);
  assert.equal(live.now(), kNoon + 42_000);
});

test('store: a part that cannot be read is left out and counted, and the page lives on', () => {
  const { live, say, ids } = store();
  say('reset', {});
  say('incident', incident('good'));
  say('incident', { id: 'bad', severity: 'purple' });
  live.take({ event: 'incident', id: '', data: '{"id":' });
  say('incident', null);
  say('clock', { now: 'zzzz' });
  say('clock', clock);
  say('indicator', { indicators: [{ code: 'a', name: 'A', value: 1, as_of: 'zzzz' }, { code: 'b', name: 'B', value: null }] });
  say('queue', { queues: [{ queue: 'q' }] });
  assert.deepEqual(ids(), ['good']);
  assert.deepEqual(live.indicators.value.map((one) => [one.code, one.as_of]), [['a', undefined]]);
  assert.equal(live.unreadable.value, 6);
});

test('store: a list comes in parts, and shows when it is whole', () => {
  const { live, say } = store();
  const part = (number: number) => ({ indicators: [{ code: `c${number}`, name: 'n', value: number }], part: number, parts: 3 });
  const codes = () => live.indicators.value.map((one) => one.code);
  [1, 2].forEach((number) => say('indicator', part(number)));
  assert.deepEqual(codes(), []);
  say('indicator', part(3));
  assert.deepEqual(codes(), ['c1', 'c2', 'c3']);
  say('indicator', { code: 'c2', name: 'n', value: 9 });
  assert.deepEqual(live.indicators.value.map((one) => one.value), [1, 9, 3]);
});

test('store: how long the server has not said how far it is', () => {
  const { live, say, pass } = store();
  say('clock', { ...clock, data_at: null });
  pass(12_000);
  assert.equal(live.unknownMs(), 12_000);
  say('clock', clock);
  assert.equal(live.unknownMs(), 0);
});
