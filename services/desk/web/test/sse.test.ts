import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kMessageCharsMax, SseParser, type SseMessage } from '../src/live/sse';

const kText = ': hello\r\nid: a~1\r\nevent: incident\r\ndata: {"x":\r\ndata: 1}\r\n\r\nevent: clock\ndata:{}\n\nid: a~2\ndata: Thái Nguyên\rdata: hai\r\rretry: 5\n\n';
const kExpected: SseMessage[] = [
  { event: 'incident', id: 'a~1', data: '{"x":\n1}' },
  { event: 'clock', id: 'a~1', data: '{}' },
  { event: 'message', id: 'a~2', data: 'Thái Nguyên\nhai' },
];

function parse(pieces: string[], lastId = ''): SseMessage[] {
  const messages: SseMessage[] = [];
  const parser = new SseParser((message) => messages.push(message), lastId);
  for (const piece of pieces) parser.push(piece);
  return messages;
}

test('sse: any cut of the stream gives the same messages', () => {
  assert.deepEqual(parse([kText]), kExpected);
  assert.deepEqual(parse([...kText]), kExpected);
  for (let cut = 0; cut <= kText.length; ++cut) assert.deepEqual(parse([kText.slice(0, cut), kText.slice(cut)]), kExpected, `cut at ${cut}`);
});

test('sse: the id to resume from outlives messages without one and new connections', () => {
  assert.equal(parse(['data: x\n\n'], 'a~9')[0]!.id, 'a~9');
});

test('sse: a half message at the end of a connection is not delivered', () => {
  assert.deepEqual(parse(['id: a~1\ndata: half\n']), []);
});

test('sse: a message that is too long is dropped alone, fills no memory, and what follows is read', () => {
  for (const long of ['x'.repeat(kMessageCharsMax + 1), `data: ${'x'.repeat(kMessageCharsMax)}`, `${`data: ${'x'.repeat(1023)}\n`.repeat(kMessageCharsMax / 1023 + 2)}`]) {
    const seen: SseMessage[] = [];
    let dropped = 0;
    const parser = new SseParser((message) => seen.push(message), '', () => (dropped += 1));
    for (let at = 0; at < long.length; at += 65_536) parser.push(long.slice(at, at + 65_536));
    parser.push('more of it\n\ndata: next\nid: a~2\n\n');
    assert.equal(dropped, 1);
    assert.deepEqual(seen, [{ event: 'message', id: 'a~2', data: 'next' }]);
  }
});
