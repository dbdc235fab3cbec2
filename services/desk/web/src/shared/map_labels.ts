// Counts on the map that would cover each other become one with their sum: no number is hidden.

import { rankOf } from '../live/order';
import type { Severity } from '../live/wire';

export interface Label {
  x: number;
  y: number;
  open: number;
  worst: Severity;
}

/** Width in letters' sizes: a shape and the digits. */
const widthOf = (label: Label): number => Math.max(2.5, 1.4 + 0.62 * String(label.open).length);

/** Labels (about 1.3 letters' sizes high) that touch are joined at their weighted middle until none does. */
export function joined(labels: Label[], fontPx: number): Label[] {
  const result = [...labels].sort((a, b) => b.open - a.open);
  const near = (a: Label, b: Label) => Math.abs(a.x - b.x) < (fontPx * (widthOf(a) + widthOf(b))) / 2 && Math.abs(a.y - b.y) < fontPx * 1.35;
  for (let i = 0; i < result.length; ++i) {
    for (let j = i + 1; j < result.length; ++j) {
      const [a, b] = [result[i]!, result[j]!];
      if (!near(a, b)) continue;
      const open = a.open + b.open;
      result[i] = { x: (a.x * a.open + b.x * b.open) / open, y: (a.y * a.open + b.y * b.open) / open, open, worst: rankOf(a.worst) <= rankOf(b.worst) ? a.worst : b.worst };
      result.splice(j, 1);
      i = -1; // a moved label may touch another one now
      break;
    }
  }
  return result;
}
