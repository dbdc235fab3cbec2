// What operators wrote to an incident, with a command or alone.

import type { Decision } from '../live/wire';
import { commandWord } from '../shared/words';

export interface Comment {
  at: string;
  by: string;
  with: string; // what it was written with; '' = alone
  words: string;
}

/** The newest first. */
export function commentsIn(decisions: readonly Decision[]): Comment[] {
  const written = decisions.filter((one) => one.kind === 'command' && one.details?.text && one.reason !== 'refused' && one.reason !== 'stale_version');
  return written
    .map((one) => ({ at: one.at, by: one.actor ?? '', with: one.details!.command === 'comment' ? '' : commandWord(one.details!.command), words: one.details!.text! }))
    .reverse();
}
