import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SseMessage } from '../src/live/sse';
import { kSilenceMs, Stream, type Connection } from '../src/live/stream';

// A world in which nothing happens by itself: connections say what the test says, time passes when it says so.
class World {
  time = 0;
  requests: { lastId: string | null; say: (text: string) => void; end: () => void; signal: AbortSignal }[] = [];
  refuse: number | 'down' | null = null;
  private x_timers = new Map<number, { due: number; run: () => void }>();
  private x_next = 1;

  readonly world = {
    now: () => this.time,
    random: () => 0.5,
    setTimer: (run: () => void, ms: number) => {
      this.x_timers.set(this.x_next, { due: this.time + ms, run });
      return this.x_next++;
    },
    clearTimer: (timer: unknown) => void this.x_timers.delete(timer as number),
    fetch: (async (_: string, init: RequestInit) => {
      const lastId = new Headers(init.headers).get('Last-Event-ID');
      const signal = init.signal!;
      let control!: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void (control = controller) });
      signal.addEventListener('abort', () => control.error(new Error('aborted')));
      this.requests.push({ lastId, signal, say: (text) => control.enqueue(new TextEncoder().encode(text)), end: () => control.close() });
      if (this.refuse === 'down') throw new TypeError('failed to fetch');
      return this.refuse ? new Response('', { status: this.refuse }) : new Response(body);
    }) as typeof fetch,
  };

  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await settle();
      const next = [...this.x_timers].filter(([, timer]) => timer.due <= until).sort((a, b) => a[1].due - b[1].due)[0];
      if (!next) break;
      this.x_timers.delete(next[0]);
      this.time = next[1].due;
      next[1].run();
    }
    this.time = until;
    await settle();
  }
}

const settle = async () => {
  for (let i = 0; i < 5; ++i) await new Promise((resolve) => setImmediate(resolve));
};

function started(world: World, resumable: (message: SseMessage) => boolean = () => true) {
  const messages: SseMessage[] = [];
  const connections: Connection[] = [];
  let refused = 0;
  const stream = new Stream(
    '/v1/stream',
    {
      message: (message) => {
        messages.push(message);
        return resumable(message);
      },
      connection: (connection) => connections.push(connection),
      dropped: () => undefined,
      unauthorised: () => (refused += 1),
    },
    world.world,
  );
  stream.start();
  return { stream, messages, connections, refused: () => refused };
}

test('stream: goes on from the last id after the connection broke', async () => {
  const world = new World();
  const { messages, connections } = started(world);
  await settle();
  assert.equal(world.requests[0]!.lastId, null);
  world.requests[0]!.say('id: log~7\nevent: incident\ndata: {}\n\n');
  await settle();
  world.requests[0]!.end();
  await world.pass(30_000);
  assert.equal(world.requests[1]!.lastId, 'log~7');
  assert.equal(messages.length, 1);
  assert.ok(connections.some((connection) => connection.state === 'lost'));
});

test('stream: never resumes from the middle of a snapshot', async () => {
  const world = new World();
  started(world, () => false);
  await settle();
  world.requests[0]!.say('id: log~7\nevent: incident\ndata: {}\n\n');
  await settle();
  world.requests[0]!.end();
  await world.pass(30_000);
  assert.equal(world.requests[1]!.lastId, null);
});

test('stream: a silent connection is given up', async () => {
  const world = new World();
  const { connections } = started(world);
  await settle();
  world.requests[0]!.say('event: clock\ndata: {}\n\n');
  await settle();
  await world.pass(kSilenceMs - 1);
  assert.equal(world.requests[0]!.signal.aborted, false);
  await world.pass(1);
  assert.equal(world.requests[0]!.signal.aborted, true);
  assert.equal(connections.at(-1)!.state, 'lost');
});

test('stream: waits longer each time, says since when, and starts small again after it worked', async () => {
  const world = new World();
  world.refuse = 'down';
  const { connections } = started(world);
  await world.pass(120_000);
  const lost = connections.filter((connection) => connection.state === 'lost') as { retryAt: number; since: number }[];
  assert.ok(lost.length >= 5);
  assert.ok(lost.every((connection) => connection.since === 0));
  const attempts = world.requests.length;
  assert.ok(attempts < 20, `${attempts} attempts in two minutes`);
  world.refuse = null;
  for (let second = 0; world.requests.length === attempts && second < 31; ++second) await world.pass(1_000);
  const back = world.requests.at(-1)!;
  back.say('event: clock\ndata: {}\n\n');
  await settle();
  assert.equal(connections.at(-1)!.state, 'live');
  const then = world.time;
  back.end();
  await settle();
  const again = connections.at(-1) as { retryAt: number; since: number };
  assert.equal(again.since, then);
  assert.equal(again.retryAt - then, 1_500);
});

test('stream: a connection that opens and says nothing does not count as back', async () => {
  const world = new World();
  world.refuse = 503;
  const { connections } = started(world);
  await world.pass(10_000);
  world.refuse = null;
  await world.pass(5_000);
  assert.equal(connections.at(-1)!.state, 'lost');
});

test('stream: without a login it asks for one and does not knock on', async () => {
  const world = new World();
  world.refuse = 401;
  const { refused } = started(world);
  await world.pass(300_000);
  assert.equal(refused(), 1);
  assert.equal(world.requests.length, 1);
});
