// The deadline that matters now: the earliest one still running. The server counts in working time; the page only
// says how far away the moment is.

import type { Clock, Incident } from '../live/wire';
import { moment, span } from '../shared/time';
import { clockWord } from '../shared/words';

const running = (clock: Clock) => clock.state === 'running' || clock.state === 'warned' || clock.state === 'breached';

export function nearest(clocks: Clock[]): Clock | null {
  return clocks.filter(running).sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at))[0] ?? null;
}

export function deadlineOf(incident: Incident, at: number): { words: string; late: boolean } {
  const clock = nearest(incident.clocks ?? []);
  if (!clock) return { words: '—', late: false };
  const left = Date.parse(clock.due_at) - at;
  const late = clock.state === 'breached' || left < 0;
  return { words: late ? `quá ${span(-left)}` : `còn ${span(left)}`, late };
}

export function clockLine(clock: Clock, at: number): string {
  const state = { running: 'đang chạy', warned: 'sắp đến hạn', breached: 'quá hạn', met: 'đúng hạn', stopped: 'đã dừng' }[clock.state] ?? clock.state;
  return `${clockWord(clock.kind)}: ${moment(clock.due_at, at)} (${state})`;
}
