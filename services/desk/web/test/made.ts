import type { Incident } from '../src/live/wire';

export const kNoon = Date.parse('2026-11-22T12:00:00+07:00');
export const at = (minutes: number): string => new Date(kNoon + minutes * 60_000).toISOString();

/** An open incident with what a test cares about. */
export function incident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id, version: 1, revision: 1, state: 'new', category: 'ha-tang', severity: 'medium', title: `việc ${id}`, opened_at: at(0), received_at: at(0), updated_at: at(0), queue: 'ha-tang', ...more,
  };
}

export function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
