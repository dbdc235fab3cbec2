// Four levels by colour, shape and word together; none of the three is ever shown alone to mean a level.

import type { Severity } from '../live/wire';
import { kSeverityWord } from './words';

/** The same shapes for text, SVG maps and legends, drawn on a 10 × 10 field. */
export const kShapePath: Record<Severity, string> = {
  critical: 'M5 0.6 9.8 9.3H0.2Z',
  high: 'M5 0 10 5 5 10 0 5Z',
  medium: 'M5 0.4A4.6 4.6 0 1 1 5 9.6 4.6 4.6 0 1 1 5 0.4Z',
  info: 'M5 0.4A4.6 4.6 0 1 1 5 9.6 4.6 4.6 0 1 1 5 0.4ZM5 2.2A2.8 2.8 0 1 0 5 7.8 2.8 2.8 0 1 0 5 2.2Z',
};

export function Shape({ severity }: { severity: Severity }) {
  return (
    <svg class={`shape shape-${severity}`} viewBox="0 0 10 10" aria-hidden="true">
      <path d={kShapePath[severity]} />
    </svg>
  );
}

export function SeverityMark({ severity, pulse = false }: { severity: Severity; pulse?: boolean }) {
  return (
    <span class={`severity severity-${severity}${pulse ? ' pulse' : ''}`}>
      <Shape severity={severity} />
      <span>{kSeverityWord[severity] ?? severity}</span>
    </span>
  );
}
