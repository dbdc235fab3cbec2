// What comes first: on the wall by urgency, then age; on the desk alarms that nobody has acknowledged, then the same.

import { kSeverities, type Incident } from './wire';

const kRank: Record<string, number> = Object.fromEntries(kSeverities.map((severity, rank) => [severity, rank]));
export const rankOf = (severity: string): number => kRank[severity] ?? kSeverities.length;

type Ordered = Pick<Incident, 'id' | 'severity' | 'opened_at' | 'acknowledged_at'>;

/** Most severe first, then the oldest, then by id so that rows never swap places for nothing. */
export function byUrgencyThenAge(a: Ordered, b: Ordered): number {
  return rankOf(a.severity) - rankOf(b.severity) || Date.parse(a.opened_at) - Date.parse(b.opened_at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Alarms that nobody has acknowledged, then the acknowledged ones, then what only informs: it never stands above an alarm. */
const groupOf = (one: Ordered): number => (one.severity === 'info' ? 2 : 0) + Number(Boolean(one.acknowledged_at));

/** In the order of work; each time is read once, lists are long. */
export function inWorkOrder<T extends Ordered>(incidents: Iterable<T>): T[] {
  return [...incidents]
    .map((one) => ({ one, group: groupOf(one), rank: rankOf(one.severity), opened: Date.parse(one.opened_at) }))
    .sort((a, b) => a.group - b.group || a.rank - b.rank || a.opened - b.opened || (a.one.id < b.one.id ? -1 : 1))
    .map(({ one }) => one);
}

/** The first `count` in order, without sorting all of a long list. */
export function firstOf<T>(items: Iterable<T>, count: number, order: (a: T, b: T) => number): T[] {
  const best: T[] = [];
  if (count <= 0) return best;
  for (const item of items) {
    if (best.length === count && order(item, best[count - 1]!) >= 0) continue;
    let at = best.length;
    while (at > 0 && order(item, best[at - 1]!) < 0) --at;
    best.splice(at, 0, item);
    if (best.length > count) best.pop();
  }
  return best;
}

const kVietnamese = new Intl.Collator('vi', { numeric: true, sensitivity: 'variant' });
export const byVietnamese = (a: string, b: string): number => kVietnamese.compare(a, b);
