// Server-Sent Events from a byte stream. The browser's own EventSource can neither be told the id to resume from
// nor how long to wait, so the stream is read through fetch and parsed here.

export interface SseMessage {
  event: string;
  id: string; // the last id seen so far, as the standard has it
  data: string;
}

/** A message longer than this is a fault of the server, not an incident: it is dropped, the stream lives on. */
export const kMessageCharsMax = 4 * 1024 * 1024;

export class SseParser {
  private x_rest = '';
  private x_data: string[] = [];
  private x_chars = 0;
  private x_event = '';
  private x_id: string;
  private x_tooLong = false; // the message that is being read
  private x_midLine = false; // of a line that is too long, its beginning was thrown away

  constructor(
    private readonly x_emit: (message: SseMessage) => void,
    lastId = '',
    private readonly x_dropped: () => void = () => undefined,
  ) {
    this.x_id = lastId;
  }

  /** Any piece of the stream, cut anywhere (also between CR and LF). */
  push(text: string): void {
    let buffer = this.x_rest + text;
    let from = 0;
    for (;;) {
      const end = nextLineEnd(buffer, from);
      if (end === -1) break;
      if (buffer[end] === '\r' && end + 1 === buffer.length) break; // its LF may still come
      this.line(buffer.slice(from, end));
      from = end + (buffer[end] === '\r' && buffer[end + 1] === '\n' ? 2 : 1);
    }
    this.x_rest = buffer.slice(from);
    if (this.x_rest.length + this.x_chars <= kMessageCharsMax) return;
    this.x_midLine ||= this.x_rest !== '';
    this.x_rest = '';
    this.forget();
    this.x_tooLong = true;
  }

  private forget(): void {
    this.x_data = [];
    this.x_chars = 0;
  }

  private line(line: string): void {
    if (this.x_midLine) {
      this.x_midLine = false;
      return;
    }
    if (line === '') return this.dispatch();
    if (line.startsWith(':')) return;
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    let value = colon === -1 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'data' && !this.x_tooLong) {
      this.x_data.push(value);
      this.x_chars += value.length;
    } else if (field === 'event') this.x_event = value;
    else if (field === 'id' && !value.includes('\0')) this.x_id = value;
  }

  private dispatch(): void {
    const message = { event: this.x_event || 'message', id: this.x_id, data: this.x_data.join('\n') };
    const empty = this.x_data.length === 0;
    const dropped = this.x_tooLong;
    this.forget();
    this.x_event = '';
    this.x_tooLong = false;
    if (dropped) this.x_dropped();
    else if (!empty) this.x_emit(message);
  }
}

function nextLineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; ++i) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return i;
  }
  return -1;
}
