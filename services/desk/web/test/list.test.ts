import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inGroups } from '../src/desk/alike';
import { commentsIn } from '../src/desk/comments';
import { asked, matches, type Wanted } from '../src/desk/filters';
import { nextOf } from '../src/desk/place';
import { at, incident, kNoon } from './made';

const unit = { code: '1', name: 'Một' };
const jam = { code: 'un-tac', name: 'Ùn tắc' };
const crash = { code: 'tai-nan', name: 'Tai nạn' };

test('list: a group is one sub-kind at one place; none is lost, and the one in hand has a line', () => {
  const all = [...'abcd'].map((id) => incident(id, { unit, sub_kind: jam })).concat(incident('e', { unit, sub_kind: crash }), incident('f', { unit }), incident('g', { unit }));
  const shown = inGroups(all, 'c', new Set());
  assert.deepEqual(shown.map((line) => [line.incident.id, line.alike, line.inside]), [['a', 3, false], ['c', 0, true], ['e', 0, false], ['f', 0, false], ['g', 0, false]]);
  const opened = inGroups(all, '', new Set([shown[0]!.group]));
  assert.equal(opened.map((line) => line.incident.id).join(''), 'abcdefg', 'opened in place');
});

test('list: what may cost a life is never in a group', () => {
  const all = [...'ab'].map((id) => incident(id, { unit, sub_kind: crash, severity: 'critical' as const })).concat([...'cd'].map((id) => incident(id, { unit, sub_kind: crash, emergency: true })));
  assert.equal(inGroups(all, '', new Set()).length, 4);
});

test('list: an acknowledged row moves away, the next is still the one that stood below it', () => {
  const place = { id: 'a', standing: 'high/false', ids: ['a', 'b', 'c'] };
  assert.equal(nextOf(place, 'a', 'high/false', ['a', 'x', 'b', 'c'], 1), 'x', 'nothing was done: what is below it now');
  assert.equal(nextOf(place, 'a', 'high/true', ['b', 'c', 'y', 'z', 'a'], 1), 'b');
  assert.equal(nextOf(place, 'a', 'high/true', ['c', 'a'], 1), 'c', 'b is gone');
  assert.equal(nextOf({ ...place, id: 'b', standing: 's' }, 'b', 't', ['a', 'c'], -1), 'a', 'it has left the list');
  assert.equal(nextOf(null, '', '', ['a', 'b'], 1), 'a');
  assert.equal(nextOf(null, '', '', ['a', 'b'], -1), 'b');
  assert.equal(nextOf(null, 'b', '', ['a', 'b'], 1), null, 'the end of the page');
});

test('list: filters hold for what the page has and for what the server is asked', () => {
  const none: Wanted = { queue: '', severity: '', unit: '', within: '', who: '' };
  const one = incident('a', { unit, severity: 'high', assignee: 'hung', opened_at: at(-90) });
  const fits = (more: Partial<Wanted>, me = 'hung') => matches(one, { ...none, ...more }, me, kNoon);
  assert.ok(fits({}) && fits({ severity: 'high', unit: '1', within: '8h', who: 'me', queue: 'ha-tang' }));
  assert.deepEqual([{ severity: 'info' }, { unit: '2' }, { within: '1h' }, { who: '-' }, { who: 'lan' }, { queue: 'x' }].map((more) => fits(more)), [false, false, false, false, false, false]);
  assert.equal(fits({ who: 'me' }, 'lan'), false);
  assert.ok(matches(incident('b'), { ...none, who: '-' }, 'hung', kNoon));
  assert.deepEqual(asked({ ...none, who: 'me', within: '1h' }, 'cống', false, 'hung', kNoon), {
    q: 'cống', queue: '', severity: '', unit: '', assignee: 'hung', state: 'open', since: new Date(kNoon - 3_600_000).toISOString(),
  });
});

test('list: comments are told with who wrote them, the newest first, and what was refused is none', () => {
  const written = (text: string, command: string, reason = 'applied') => ({ at: at(0), kind: 'command', actor: 'hung', reason, details: { command, text } });
  const all = [written('đã gọi', 'comment'), { at: at(0), kind: 'located' }, written('xong', 'resolve'), written('x', 'comment', 'refused')];
  assert.deepEqual(commentsIn(all).map((one) => [one.with, one.words]), [['xử lý xong', 'xong'], ['', 'đã gọi']]);
});
