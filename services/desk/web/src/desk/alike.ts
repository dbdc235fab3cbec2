// In a flood of alarms: one line for all incidents of one category and severity in one unit.

import { unacknowledgedFirst } from '../live/order';
import type { Incident } from '../live/wire';

const kindOf = (incident: Incident): string => [incident.severity, incident.category, incident.unit?.code ?? '', Boolean(incident.acknowledged_at)].join('/');

/** The first of each kind stands for the others; the one in hand (`keep`) always keeps a line of its own. */
export function oneOfEachKind(incidents: Incident[], keep: string): { incidents: Incident[]; alike: Map<string, number> } {
  const lines = new Map<string, Incident>();
  const alike = new Map<string, number>();
  for (const incident of [...incidents].sort(unacknowledgedFirst)) {
    const kind = incident.id === keep ? `keep ${keep}` : kindOf(incident);
    const line = lines.get(kind);
    if (line) alike.set(line.id, (alike.get(line.id) ?? 0) + 1);
    else lines.set(kind, incident);
  }
  return { incidents: [...lines.values()], alike };
}
