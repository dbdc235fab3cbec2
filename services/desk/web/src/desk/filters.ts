// What of the incidents the list shows. It stands in the address: a reload keeps it, a link passes it on. The same holds for the
// open incidents that the page has and for the search that the server does.

import { effect, signal } from '@preact/signals';
import type { IncidentFilter } from '../live/api';
import type { Incident } from '../live/wire';

const start = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
const kept = (name: string) => signal(start.get(name) ?? '');

export const queue = kept('queue');
export const severity = kept('severity');
export const unit = kept('unit');
export const within = kept('within'); // a key of kWithin
export const who = kept('who'); // a login name, kMine or kNobody
export const query = kept('q');
export const done = signal(start.get('view') === 'done'); // false: what is open; true: what came to its end

export const kMine = 'me';
export const kNobody = '-'; // as the server has it
const kHourMs = 3_600_000;
export const kWithin: Record<string, { words: string; ms: number }> = {
  '1h': { words: '1 giờ qua', ms: kHourMs }, '8h': { words: '8 giờ qua', ms: 8 * kHourMs }, '24h': { words: '24 giờ qua', ms: 24 * kHourMs }, '7d': { words: '7 ngày qua', ms: 7 * 24 * kHourMs },
};

export interface Wanted {
  queue: string;
  severity: string;
  unit: string;
  within: string;
  who: string;
}

export const wanted = (): Wanted => ({ queue: queue.value, severity: severity.value, unit: unit.value, within: within.value, who: who.value });

const personOf = (who: string, me: string): string => (who === kMine ? me : who);

export function matches(incident: Incident, filter: Wanted, me: string, nowMs: number): boolean {
  const longest = kWithin[filter.within]?.ms;
  const person = personOf(filter.who, me);
  return (
    (!filter.queue || incident.queue === filter.queue) && (!filter.severity || incident.severity === filter.severity) && (!filter.unit || incident.unit?.code === filter.unit) &&
    (longest === undefined || nowMs - Date.parse(incident.opened_at) <= longest) && (!person || (incident.assignee || kNobody) === person)
  );
}

/** The same for the server. */
export function asked(filter: Wanted, q: string, onlyDone: boolean, me: string, nowMs: number): IncidentFilter {
  const longest = kWithin[filter.within]?.ms;
  return {
    q, queue: filter.queue, severity: filter.severity, unit: filter.unit, assignee: personOf(filter.who, me), state: onlyDone ? 'done' : 'open',
    since: longest === undefined ? '' : new Date(nowMs - longest).toISOString(),
  };
}

export function clearFilters(): void {
  for (const one of [queue, severity, unit, within, who, query]) one.value = '';
}

export function keepInAddress(): void {
  effect(() => {
    const all = new URLSearchParams(Object.entries({ ...wanted(), q: query.value, view: done.value ? 'done' : '' }).filter(([, value]) => value !== ''));
    const search = all.size > 0 ? `?${all}` : '';
    if (search !== location.search) history.replaceState(null, '', location.pathname + search + location.hash);
  });
}
