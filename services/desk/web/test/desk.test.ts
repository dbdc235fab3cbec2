import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Decision } from '../src/live/wire';
import { changesBetween } from '../src/desk/changes';
import { deadlineOf } from '../src/desk/deadline';
import { eventWords } from '../src/desk/event_words';
import { flagWords } from '../src/desk/flag_words';
import { detailsOf, reasonWords, verdictWords, whyOfEvent } from '../src/desk/reasons';
import { refusalWords } from '../src/desk/refusals';
import { targetsFor } from '../src/desk/targets';
import { at, incident, kNoon } from './made';

const names = { unit: (code: string) => `unit ${code}`, queue: (code: string) => `queue ${code}`, subKind: (code: string) => `kind ${code}`, incident: (id: string) => `incident ${id}`, time: () => 'noon' };

test('desk: the deadline shown is the earliest that still runs', () => {
  const clocks = [
    { kind: 'forward', due_at: at(-30), state: 'met' as const },
    { kind: 'resolve', due_at: at(300), state: 'running' as const },
    { kind: 'accept', due_at: at(60), state: 'warned' as const },
  ];
  assert.deepEqual(deadlineOf(incident('a', { clocks }), kNoon), { words: 'còn 1 giờ 00', late: false });
  assert.deepEqual(deadlineOf(incident('a', { clocks }), kNoon + 70 * 60_000), { words: 'quá 10 phút', late: true });
  assert.equal(deadlineOf(incident('a'), kNoon).words, '—');
});

test('desk: a reason without words of ours is shown, not hidden', () => {
  assert.equal(reasonWords('score_above_join'), 'đủ điểm để gộp');
  assert.equal(reasonWords('a_new_reason'), 'a new reason');
  assert.equal(verdictWords('rejected:too_far'), 'rejected:too far');
});

/** The reasons that stand in the triage's code, wherever the tests are started from. */
function reasonsOfTriage(): Set<string> {
  const root = ['.', '../../..'].map((up) => join(process.cwd(), up, 'libs/triage')).find((folder) => existsSync(folder));
  assert.ok(root, 'libs/triage is not found from here');
  const found = new Set<string>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.cpp'))) {
    const code = readFileSync(join(root, name), 'utf8');
    for (const [, reason] of code.matchAll(/(?:decide\(|Reason\(|\*incident, |known\.former, |known\.incident, )"([a-z_]+)"/g)) found.add(reason!);
    for (const [, body] of code.matchAll(/^Reason [a-z_]+\([^{]*\{(.*?)^\}/gms)) {
      for (const [, reason] of body!.matchAll(/return "([a-z_]+)"/g)) found.add(reason!);
    }
  }
  return found;
}

test('desk: every reason that the triage gives has words', () => {
  const reasons = reasonsOfTriage();
  for (const one of ['silent', 'id_reused', 'of_former_object', 'sequence_jumped', 'sequence_went_back', 'same_object']) assert.ok(reasons.has(one), one);
  const without = [...reasons].filter((reason) => reasonWords(reason) === reason.replaceAll('_', ' '));
  assert.deepEqual(without, []);
});

test('desk: an id that came back is told with its earlier incident', () => {
  const decision = { at: at(0), kind: 'opened', details: { former_incident: '0-a', former_alert: 'silent' } } as Decision;
  assert.deepEqual(detailsOf(decision, names), [['mã này trước thuộc sự việc', 'incident 0-a'], ['báo động trước', 'đã im lặng']]);
});

test('desk: codes in a reason are told by name', () => {
  const decision = { at: at(0), kind: 'routed', details: { unit: '1, 2', queue: 'q', severity: 'high', term: 'nắp cống, mất', text: '' } } as Decision;
  assert.deepEqual(detailsOf(decision, names), [['địa bàn', 'unit 1, unit 2'], ['hàng việc', 'queue q'], ['mức', 'cao'], ['từ khóa', 'nắp cống, mất']]);
});

test('desk: a word that a report has twice is told once, what a person wrote as it was written', () => {
  const decision = { at: at(0), kind: 'classified', details: { term: 'nắp cống, mất, nắp cống', text: 'xem lại, xem lại' } } as Decision;
  assert.deepEqual(detailsOf(decision, names).map(([, words]) => words), ['nắp cống, mất', '«xem lại, xem lại»']);
});

test('desk: an incident and an alarm in a reason are told by name', () => {
  const decision = { at: at(0), kind: 'suggested', details: { incident: '0-a, 0-b', kind: 'accident', share_permille: '998' } } as Decision;
  assert.deepEqual(detailsOf(decision, names), [['sự việc', 'incident 0-a, incident 0-b'], ['kiểu', 'tai nạn'], ['độ chắc', '998/1.000']]);
});

test('desk: a refusal is told in Vietnamese with its names, an unknown one as the server wrote it', () => {
  const refused = (detail: string) => refusalWords(422, { status: 422, title: 'not possible', detail });
  assert.equal(refused('nothing would be left in it; leave at least one event'), 'phải còn ít nhất một tin ở lại.');
  assert.equal(refused('it is merged into 0-a; unmerge it first'), 'sự việc đã gộp vào 0-a; bỏ gộp trước.');
  assert.equal(refused('0-b is merged into 0-a; merge into that one'), 'sự việc kia đã gộp vào 0-a; hãy gộp vào đó.');
  assert.equal(refused('0-b is resolved; reopen it first'), 'sự việc kia không còn mở; mở lại trước.');
  assert.equal(refused('it is resolved; reopen it first'), 'sự việc không còn mở; mở lại trước.');
  assert.equal(refused('something new'), 'not possible: something new');
  assert.equal(refusalWords(500, null), 'lỗi 500');
  assert.equal(refusalWords(403, { status: 403, title: 'x' }), 'tài khoản này không có quyền.');
});

test('desk: what can be merged into begins with the suggestions, then what is alike; found without diacritics', () => {
  const unit = { code: '1', name: 'Phường Một' };
  const mine = incident('0-a', { unit, suggestions: [{ incident_id: '0-far', score: 300 }] });
  const all = [
    mine, incident('0-far', { category: 'khac', title: 'Đèn tắt' }), incident('0-unit', { unit, category: 'khac' }), incident('0-old', { unit, opened_at: at(-60) }), incident('0-new', { unit }),
    incident('0-done', { unit, state: 'resolved' }), incident('1-other-area', { unit }),
  ];
  const ids = (wanted: string, most = 9) => targetsFor(mine, all, wanted, most).map((one) => one.incident.id);
  assert.deepEqual(ids(''), ['0-far', '0-new', '0-old', '0-unit']);
  assert.deepEqual(targetsFor(mine, all, '', 9).map((one) => one.suggested), [true, false, false, false]);
  assert.deepEqual(ids('den tat'), ['0-far']);
  assert.deepEqual(ids('phuong mot', 2), ['0-new', '0-old']);
});

test('desk: why an event is here begins with how it came in', () => {
  const decisions = ['located', 'routed', 'joined'].map((kind) => ({ at: at(0), kind, event_id: 'e' }));
  assert.deepEqual(whyOfEvent([...decisions, { at: at(0), kind: 'joined', event_id: 'other' }], 'e').map((one) => one.kind), ['joined', 'located', 'routed']);
});

test('desk: every kind of event is one readable line', () => {
  assert.equal(eventWords({ camera: 'cam-1', kind: 'illegal_stop', state: 'start', zone: 'no_stop', confidence: 0.92 }), 'cam-1: dừng xe trái phép, bắt đầu, vùng no_stop, độ chắc 92 %');
  assert.equal(eventWords({ checkpoint: 'CK03', result: 'evaded', vehicle: 'truck', direction: 'in', people: 2 }), 'chốt CK03: xe tải vào, 2 người, né chốt');
  assert.equal(eventWords({ checkpoint: 'CK03', state: 'open', queue_vehicles: 14 }), 'chốt CK03: mở, 14 xe chờ');
  assert.equal(eventWords({ topic: 'ngap-ung', volume: 42, period_minutes: 60, trend: 'rising' }), 'trên mạng: ngap-ung, 42 lượt trong 60 phút, đang tăng');
  assert.equal(eventWords({ title: 'Nắp cống mất', text: 'Nắp cống mất', address: 'Số 12' }), 'Nắp cống mất · Số 12');
  assert.equal(eventWords({ event_id: 'e-1' }), 'e-1');
  assert.deepEqual(flagWords({ flags: ['text_garbled', 'time_old'] }), ['chữ có thể bị lỗi mã, nên xem bản gốc']);
  assert.deepEqual(flagWords({ event_id: 'e-1' }), []);
});

test('desk: a conflict says what somebody else changed, and nothing else', () => {
  const before = incident('a', { events: 3, queue_name: 'Hạ tầng' });
  const after = { ...before, version: 2, revision: 9, state: 'forwarded' as const, forwarded_units: ['05665'], acknowledged_at: at(1), events: 4 };
  assert.deepEqual(changesBetween(before, after, kNoon), ['trạng thái: mới → đã chuyển', 'đã nhận báo động: — → 12:01', 'đơn vị được chuyển: — → 05665', 'số tin: 3 → 4']);
  assert.deepEqual(changesBetween(before, { ...before, version: 2 }, kNoon), []);
});

test('desk: what could not be taken of an event is told by field and reason', () => {
  const event = {
    flags: ['time_no_zone', 'position_zero'], value_flags_more: 2,
    value_flags: [{ field: 'occurred_at', reason: 'too_old' }, { field: 'media[1].url', reason: 'too_long' }, { field: 'text', reason: 'too_long' }, { field: 'report_id', reason: 'converted' }, { field: '', reason: 'json_repaired' }, { field: 'new_field', reason: 'new_reason' }],
  };
  assert.deepEqual(flagWords(event), [
    'giờ xảy ra quá cũ, không dùng', 'liên kết ảnh 2 quá dài, đã bỏ', 'nội dung quá dài, đã cắt', 'thông điệp không đúng chuẩn JSON, đã sửa', 'new_field new reason', 'tọa độ 0, không dùng', 'và 2 điểm khác',
  ]);
  assert.deepEqual(flagWords({ value_flags: [{ field: 'report_id', reason: 'converted' }] }), []);
});
