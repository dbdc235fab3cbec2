// What an incident can be merged into, the likeliest first.

import type { Incident } from '../live/wire';
import { isOpen } from '../live/wire';
import { folded } from '../shared/fold';

export interface Target {
  incident: Incident;
  suggested: boolean; // by the system
}

// Only what one partition holds can be one (its number begins the id); the server refuses the rest.
const partitionOf = (id: string): string => id.slice(0, id.indexOf('-'));

/** Suggestions in their order, then what has most of category, sub-kind and unit in common, the newest first. */
export function targetsFor(incident: Incident, all: Iterable<Incident>, wanted: string, most: number): Target[] {
  const words = folded(wanted).split(/\s+/).filter(Boolean);
  const suggestions = (incident.suggestions ?? []).map((one) => one.incident_id);
  const rank = (one: Incident): number => {
    const at = suggestions.indexOf(one.id);
    if (at >= 0) return at - suggestions.length;
    const differs = [one.category !== incident.category, one.sub_kind?.code !== incident.sub_kind?.code, !incident.unit || one.unit?.code !== incident.unit.code];
    return differs.filter(Boolean).length;
  };
  const matches = (one: Incident): boolean => {
    const text = folded([one.title, one.address, one.unit?.name, one.sub_kind?.name, one.id].filter(Boolean).join(' '));
    return words.every((word) => text.includes(word));
  };
  return [...all]
    .filter((one) => one.id !== incident.id && isOpen(one) && partitionOf(one.id) === partitionOf(incident.id) && matches(one))
    .sort((a, b) => rank(a) - rank(b) || Date.parse(b.opened_at) - Date.parse(a.opened_at) || (a.id < b.id ? -1 : 1))
    .slice(0, most)
    .map((one) => ({ incident: one, suggested: suggestions.includes(one.id) }));
}
