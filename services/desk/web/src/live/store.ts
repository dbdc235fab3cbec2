// Everything a page knows, kept up to date by the stream. Pages read signals; nothing else writes them.

import { batch, signal } from '@preact/signals';
import type { Connection } from './stream';
import type { SseMessage } from './sse';
import { readClock, readFeed, readIncident, readIndicator, readQueue } from './read';
import { isOpen, type Feed, type Incident, type Indicator, type Queue, type StreamClock } from './wire';

/** Closed incidents stay this long in the page, for the rate of new ones and for the desk's eyes. */
export const kKeepClosedMs = 6 * 3600_000;
export const kIncidentsMax = 150_000;
/** Of queues, feeds or indicators; the server has no more. */
export const kListMax = 10_000;

export class LiveStore {
  readonly incidents = signal<ReadonlyMap<string, Incident>>(new Map());
  readonly queues = signal<Queue[]>([]);
  readonly feeds = signal<Feed[]>([]);
  readonly indicators = signal<Indicator[]>([]);
  readonly clock = signal<StreamClock | null>(null);
  readonly connection = signal<Connection>({ state: 'connecting' });
  readonly complete = signal(false); // a whole snapshot has arrived since the page was opened
  readonly beats = signal(0); // counts clocks: the heartbeat
  readonly unreadable = signal(0); // parts that could not be read and were left out

  private x_map = new Map<string, Incident>();
  private x_staging: Map<string, Incident> | null = null;
  private x_parts = new Map<string, unknown[]>(); // lists that have not arrived whole, by their message's name
  private x_clockAt = 0; // x_monotonic when the last clock came
  private x_unknownSince: number | null = null; // x_monotonic since when clocks do not say how far the view is
  private x_publishing = false;

  constructor(
    private readonly x_monotonic: () => number = () => performance.now(),
    private readonly x_later: (run: () => void) => void = (run) => void setTimeout(run, 100),
  ) {}

  /** The server's time now, in ms; carried on by our own clock while it is silent. Null before the first clock. */
  now(): number | null {
    const clock = this.clock.peek();
    return clock ? Date.parse(clock.now) + (this.x_monotonic() - this.x_clockAt) : null;
  }

  /** How long clocks have not said how far the view is, in ms. */
  unknownMs(): number {
    return this.x_unknownSince === null ? 0 : this.x_monotonic() - this.x_unknownSince;
  }

  /** Takes one message of the stream. True: everything up to here is in, the stream may resume from here. */
  take(message: SseMessage): boolean {
    try {
      this.read(message.event, message.data ? JSON.parse(message.data) : null);
    } catch {
      this.drop();
    }
    return this.x_staging === null;
  }

  /** A part of the stream could not be read: the rest lives on without it. */
  drop(): void {
    this.unreadable.value = this.unreadable.peek() + 1;
  }

  private read(event: string, data: unknown): void {
    switch (event) {
      case 'reset':
        this.x_staging = new Map();
        break;
      case 'incident':
        this.put(readIncident(data));
        break;
      case 'queue':
        this.queues.value = this.merged(this.queues.peek(), data, 'queues', readQueue, (queue) => queue.queue);
        break;
      case 'feed-health':
        this.feeds.value = this.merged(this.feeds.peek(), data, 'feeds', readFeed, (feed) => feed.feed);
        break;
      case 'indicator':
        this.indicators.value = this.merged(this.indicators.peek(), data, 'indicators', readIndicator, (one) => `${one.code}/${one.unit ?? ''}`);
        break;
      case 'clock':
        this.tick(readClock(data));
        break;
    }
  }

  /** A newer snapshot from an answer to a command; an older one than we have is left out. */
  put(incident: Incident): void {
    const map = this.x_staging ?? this.x_map;
    const known = map.get(incident.id);
    if (known && known.revision > incident.revision) return;
    map.set(incident.id, incident);
    if (map.size > kIncidentsMax) map.delete(map.keys().next().value!);
    if (!this.x_staging) this.publishSoon();
  }

  private tick(clock: StreamClock): void {
    batch(() => {
      this.x_clockAt = this.x_monotonic();
      this.x_unknownSince = clock.data_at ? null : (this.x_unknownSince ?? this.x_clockAt);
      this.clock.value = clock;
      this.beats.value = this.beats.peek() + 1;
      if (this.x_staging) {
        // The first clock after `reset` ends the snapshot. Until then the old picture stays on the screen.
        this.x_map = this.x_staging;
        this.x_staging = null;
        this.complete.value = true;
        this.publish();
      } else if (!this.complete.peek()) {
        this.complete.value = true;
      }
    });
  }

  private publishSoon(): void {
    if (this.x_publishing) return;
    this.x_publishing = true;
    this.x_later(() => {
      this.x_publishing = false;
      this.publish();
    });
  }

  private publish(): void {
    const now = this.now();
    if (now !== null) {
      for (const [id, incident] of this.x_map) {
        if (!isOpen(incident) && now - Date.parse(incident.updated_at) > kKeepClosedMs) this.x_map.delete(id);
      }
    }
    this.incidents.value = new Map(this.x_map);
  }

  // A message carries one object, or a list: whole, or in parts of which the first begins it anew. What cannot be read of it is left out.
  private merged<T>(known: T[], data: unknown, list: string, read: (one: unknown) => T, key: (one: T) => string): T[] {
    const { [list]: items, part = 1, parts = 1 } = data as Record<string, unknown> & { part?: number; parts?: number };
    if (!Array.isArray(items)) {
      const one = read(data);
      const at = known.findIndex((other) => key(other) === key(one));
      return (at === -1 ? [...known, one] : known.map((other, index) => (index === at ? one : other))).slice(-kListMax);
    }
    const readable = items.flatMap((item) => {
      try {
        return [read(item)];
      } catch {
        this.drop();
        return [];
      }
    });
    const all = [...(part === 1 ? [] : ((this.x_parts.get(list) as T[] | undefined) ?? [])), ...readable].slice(0, kListMax);
    this.x_parts.set(list, all);
    return part === parts ? all : known;
  }
}
