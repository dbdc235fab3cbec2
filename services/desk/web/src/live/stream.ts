// One connection to /v1/stream that keeps itself alive: resumes from the last id, waits longer after each failure,
// and gives up a connection that has gone silent (the server sends a clock every second).

import { backoffMs } from './backoff';
import { SseParser, type SseMessage } from './sse';

export type Connection =
  | { state: 'connecting' }
  | { state: 'live'; since: number }
  | { state: 'lost'; since: number; retryAt: number; reason: string };

export interface StreamWorld {
  fetch: typeof fetch;
  now: () => number; // ms, any origin, only differences count
  setTimer: (run: () => void, ms: number) => unknown;
  clearTimer: (timer: unknown) => void;
  random: () => number;
}

export const kBrowserWorld: StreamWorld = {
  fetch: (...args) => fetch(...args),
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
  random: Math.random,
};

export const kSilenceMs = 10_000;

export interface StreamHandlers {
  /** False: do not resume from this message (the middle of a snapshot is no place to go on from). */
  message: (message: SseMessage) => boolean;
  /** A message was too long to be read. */
  dropped: () => void;
  connection: (connection: Connection) => void;
  unauthorised: () => void;
}

export class Stream {
  lastId = '';
  private x_failures = 0;
  private x_lostSince: number | null = null;
  private x_stopped = false;
  private x_abort: AbortController | null = null;
  private x_timer: unknown = null;
  private x_silence: unknown = null;

  constructor(
    private readonly x_url: string,
    private readonly x_handlers: StreamHandlers,
    private readonly x_world: StreamWorld = kBrowserWorld,
  ) {}

  start(): void {
    void this.attempt();
  }

  stop(): void {
    this.x_stopped = true;
    this.x_abort?.abort();
    this.x_world.clearTimer(this.x_timer);
    this.x_world.clearTimer(this.x_silence);
  }

  private async attempt(): Promise<void> {
    const abort = (this.x_abort = new AbortController());
    if (this.x_lostSince === null) this.x_handlers.connection({ state: 'connecting' });
    let reason = 'máy chủ đóng kết nối';
    try {
      this.watch(abort);
      const response = await this.x_world.fetch(this.x_url, {
        headers: { Accept: 'text/event-stream', ...(this.lastId ? { 'Last-Event-ID': this.lastId } : {}) },
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      if (response.status === 401 || response.status === 403) return this.refuse();
      if (!response.ok || !response.body) throw new Error(`máy chủ trả lời ${response.status}`);
      await this.read(response.body, abort);
    } catch (error) {
      reason = abort.signal.aborted ? 'máy chủ im lặng' : error instanceof Error ? error.message : String(error);
    }
    this.x_world.clearTimer(this.x_silence);
    if (!this.x_stopped) this.retry(reason);
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new SseParser((message) => {
      if (this.x_stopped) return;
      // Only now: an open connection that says nothing is not yet a live one.
      this.x_failures = 0;
      this.x_lostSince = null;
      this.lastId = this.x_handlers.message(message) ? message.id : '';
    }, this.lastId, this.x_handlers.dropped);
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let live = false;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        this.watch(abort);
        parser.push(decoder.decode(value, { stream: true }));
        if (!live && this.x_lostSince === null) {
          live = true;
          this.x_handlers.connection({ state: 'live', since: this.x_world.now() });
        }
      }
    } finally {
      reader.cancel().catch(() => undefined);
    }
  }

  private watch(abort: AbortController): void {
    this.x_world.clearTimer(this.x_silence);
    this.x_silence = this.x_world.setTimer(() => abort.abort(), kSilenceMs);
  }

  private refuse(): void {
    this.x_world.clearTimer(this.x_silence);
    this.x_stopped = true;
    this.x_handlers.unauthorised();
  }

  private retry(reason: string): void {
    const now = this.x_world.now();
    this.x_lostSince ??= now;
    this.x_failures += 1;
    const delay = backoffMs(this.x_failures, this.x_world.random);
    this.x_handlers.connection({ state: 'lost', since: this.x_lostSince, retryAt: now + delay, reason });
    this.x_timer = this.x_world.setTimer(() => void this.attempt(), delay);
  }
}
