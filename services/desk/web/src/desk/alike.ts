// In a flood of alarms: one line for all incidents of one sub-kind and severity in one unit. What may cost a life keeps a line of
// its own, and so does what nobody has told the sub-kind of.

import type { Incident } from '../live/wire';

export interface Line {
  incident: Incident;
  alike: number; // so many others it stands for
  group: string; // of those lines that are one group; '' = none
  inside: boolean; // of an opened group, below the line that stands for it
}

function groupOf(incident: Incident): string {
  if (incident.severity === 'critical' || incident.emergency || !incident.sub_kind) return '';
  return [incident.severity, incident.category, incident.sub_kind.code, incident.unit?.code ?? '', Boolean(incident.acknowledged_at)].join('/');
}

export const alone = (incident: Incident): Line => ({ incident, alike: 0, group: '', inside: false });

/**
 * In the order given. The first of a group stands for the others, which follow it while the group is in `opened`; the one in hand
 * (`keep`) always has a line.
 */
export function inGroups(incidents: readonly Incident[], keep: string, opened: ReadonlySet<string>): Line[] {
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const group = groupOf(incident) || incident.id;
    const known = groups.get(group);
    if (known) known.push(incident);
    else groups.set(group, [incident]);
  }
  return [...groups].flatMap(([group, [first, ...others]]) => {
    const shown = opened.has(group) ? others : others.filter((one) => one.id === keep);
    if (others.length === 0) return [alone(first!)];
    return [{ incident: first!, alike: others.length, group, inside: false }, ...shown.map((incident) => ({ incident, alike: 0, group, inside: true }))];
  });
}
