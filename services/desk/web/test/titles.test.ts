import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letterPx, kRoom, spaceOf } from '../src/wall/size';
import { headline, streetOf, titleWords } from '../src/shared/titles';
import { joined } from '../src/shared/map_labels';
import { waitingCriticals } from '../src/shared/alarm';
import { at, incident } from './made';

test('titles: a code is told by its name, words are left alone', () => {
  assert.equal(titleWords(incident('a', { title: 'ngap-ung — xã Sơn Cẩm', category: 'cap-thoat-nuoc', sub_kind: { code: 'ngap-ung', name: 'Ngập úng' } })), 'Ngập úng — xã Sơn Cẩm');
  assert.equal(titleWords(incident('a', { title: 'cay-xanh — xã Sơn Cẩm' })), 'cây xanh — xã Sơn Cẩm');
  assert.equal(titleWords(incident('a', { title: 'la-hoan', category_name: 'Khác' })), 'Khác');
  assert.equal(titleWords(incident('a', { title: 'Nắp cống mất — phường Quang Trung' })), 'Nắp cống mất — phường Quang Trung');
});

test('titles: on the wall what happened comes first, then the street, and neighbours differ', () => {
  const sub_kind = { code: 'o-ga', name: 'Ổ gà' };
  assert.equal(streetOf('Số 12, đường Hoàng Văn Thụ, phường Phan Đình Phùng'), 'Số 12, đường Hoàng Văn Thụ');
  assert.equal(headline(incident('a', { title: 'Kính gửi các cơ quan, tôi xin phản ánh', sub_kind, address: 'Ngõ 108, xã Sơn Cẩm' })), 'Ổ gà, Ngõ 108');
  assert.equal(headline(incident('a', { title: 'Kính gửi', sub_kind })), 'Ổ gà: Kính gửi');
  assert.equal(headline(incident('a', { title: 'ổ gà ở QL3', sub_kind })), 'ổ gà ở QL3');
  assert.equal(headline(incident('a', { title: 'Đèn tắt', address: 'Ngõ 108' })), 'Đèn tắt, Ngõ 108');
});

test('wall: an upright panel has the same letters in one column', () => {
  const px = letterPx(kRoom, 1080, 1920);
  assert.equal(Math.round(px), 39);
  assert.equal(spaceOf(1080 / px, 1920 / px), 'tall');
  assert.deepEqual([[1920, 39], [1920, 60], [1920, 90]].map(([width, letter]) => spaceOf(width! / letter!, 1080 / letter!)), ['full', 'some', 'little']);
});

test('wall: labels with large numbers need more room', () => {
  const label = (x: number, open: number) => ({ x, y: 0, open, worst: 'high' as const });
  assert.equal(joined([label(0, 9), label(90, 9)], 33).length, 2);
  assert.equal(joined([label(0, 4123), label(90, 4692)], 33).length, 1);
});

test('alarm: what rings is critical, open and waits', () => {
  const all = [incident('a', { severity: 'critical' }), incident('b', { severity: 'critical', acknowledged_at: at(0) }), incident('c', { severity: 'critical', state: 'closed' }), incident('d')];
  assert.deepEqual(waitingCriticals(new Map(all.map((one) => [one.id, one]))), ['a']);
});
