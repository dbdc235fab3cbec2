// From what the store knows to what the wall shows: at most 7 groups and 10 rows, by urgency, then age.

import { byUrgencyThenAge, firstOf, rankOf } from '../live/order';
import { isOpen, kSeverities, type Incident, type Queue, type Severity } from '../live/wire';

export const kRowsMax = 10;
export const kGroupsMax = 7;

export function urgentRows(incidents: ReadonlyMap<string, Incident>, rows = kRowsMax): { rows: Incident[]; open: number; unacknowledged: number } {
  const open = [...incidents.values()].filter(isOpen);
  return {
    rows: firstOf(open, Math.min(rows, kRowsMax), byUrgencyThenAge),
    open: open.length,
    unacknowledged: open.filter((incident) => !incident.acknowledged_at).length,
  };
}

const kLoadRank: Record<string, number> = { flood: 0, unacceptable: 1, manageable: 2, acceptable: 3 };
const byLoad = (a: Queue, b: Queue): number => (kLoadRank[a.load] ?? 9) - (kLoadRank[b.load] ?? 9);

function byQueueUrgency(a: Queue, b: Queue): number {
  for (const severity of kSeverities) {
    const difference = (b.by_severity[severity] ?? 0) - (a.by_severity[severity] ?? 0);
    if (difference !== 0) return difference;
  }
  return (a.oldest_unacknowledged_at ?? '~').localeCompare(b.oldest_unacknowledged_at ?? '~') || a.queue.localeCompare(b.queue);
}

function together(queues: Queue[], queue: string, name: string): Queue {
  const sum = (of: (one: Queue) => number) => queues.reduce((total, one) => total + of(one), 0);
  return {
    queue,
    name,
    open: sum((one) => one.open),
    unacknowledged: sum((one) => one.unacknowledged),
    by_severity: Object.fromEntries(kSeverities.map((severity) => [severity, sum((one) => one.by_severity[severity] ?? 0)])) as Record<Severity, number>,
    oldest_unacknowledged_at: queues.map((one) => one.oldest_unacknowledged_at).filter(Boolean).sort()[0] ?? null,
    alarms_10min: Math.max(...queues.map((one) => one.alarms_10min)),
    load: [...queues].sort(byLoad)[0]!.load,
  };
}

/** The queues in their groups, by urgency; what goes beyond 7 is added up in the last line, so that no number is lost. */
export function groups(queues: Queue[]): Queue[] {
  const byName = new Map<string, Queue[]>();
  for (const queue of queues) byName.set(queue.group || queue.name, [...(byName.get(queue.group || queue.name) ?? []), queue]);
  const sorted = [...byName].map(([name, inside]) => together(inside, inside.map((one) => one.queue).join(' '), name)).sort(byQueueUrgency);
  if (sorted.length <= kGroupsMax) return sorted;
  const rest = sorted.slice(kGroupsMax - 1);
  return [...sorted.slice(0, kGroupsMax - 1), together(rest, rest.map((one) => one.queue).join(' '), `${rest.length} nhóm khác`)];
}

/** The queue (one operator's) under the heaviest load: the standard is per operator, so sums would mislead. */
export function busiest(queues: Queue[]): Queue | null {
  return [...queues].sort((a, b) => byLoad(a, b) || b.alarms_10min - a.alarms_10min)[0] ?? null;
}

export interface UnitCount {
  open: number;
  worst: Severity;
}

/** Open incidents by unit code; '' = place not known. */
export function countsByUnit(incidents: ReadonlyMap<string, Incident>): Map<string, UnitCount> {
  const counts = new Map<string, UnitCount>();
  for (const incident of incidents.values()) {
    if (!isOpen(incident)) continue;
    const code = incident.unit?.code ?? '';
    const known = counts.get(code);
    if (!known) counts.set(code, { open: 1, worst: incident.severity });
    else {
      known.open += 1;
      if (rankOf(incident.severity) < rankOf(known.worst)) known.worst = incident.severity;
    }
  }
  return counts;
}

/** Open incidents by subscribing district centre; one on a border may count in two. `elsewhere`: in none, place known. */
export function countsByDistrict(incidents: ReadonlyMap<string, Incident>): { districts: [string, number][]; elsewhere: number; unknown: number } {
  const counts = new Map<string, number>();
  let elsewhere = 0;
  let unknown = 0;
  for (const incident of incidents.values()) {
    if (!isOpen(incident)) continue;
    if (!incident.unit) unknown += 1;
    else if (!incident.subscribers?.length) elsewhere += 1;
    for (const subscriber of incident.subscribers ?? []) counts.set(subscriber, (counts.get(subscriber) ?? 0) + 1);
  }
  return { districts: [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])), elsewhere, unknown };
}

export const kPeriodMs = 10 * 60_000;

/**
 * New incidents of the busiest queue in each of the last `periods` ten minutes, oldest first, the last one still running.
 * By when they happened: a batch that comes hours late is no flood now, it was one then.
 */
export function ratePerPeriod(incidents: Iterable<Incident>, nowMs: number, periods: number): { from: number[]; alarms: number[] } {
  const first = Math.floor(nowMs / kPeriodMs) - periods + 1;
  const byQueue: Map<string, number>[] = Array.from({ length: periods }, () => new Map());
  for (const incident of incidents) {
    if (incident.severity === 'info') continue; // an event, no alarm: the queues' figures do not count it either
    const slot = byQueue[Math.floor(Date.parse(incident.opened_at) / kPeriodMs) - first];
    slot?.set(incident.queue, (slot.get(incident.queue) ?? 0) + 1);
  }
  return { from: byQueue.map((_, i) => (first + i) * kPeriodMs), alarms: byQueue.map((queues) => Math.max(0, ...queues.values())) };
}
