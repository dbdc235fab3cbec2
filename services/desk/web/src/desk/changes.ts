// What changed between the incident an operator saw and the one the system has now.

import type { Incident } from '../live/wire';
import { moment } from '../shared/time';
import { categoryWord, kSeverityWord, outcomeWord, stateWord } from '../shared/words';

/** What an operator would care about that differs, as "trạng thái: mới → đã chuyển". */
export function changesBetween(before: Incident, after: Incident, at: number): string[] {
  const changes: string[] = [];
  const differ = (label: string, from: string, to: string) => {
    if (from !== to) changes.push(`${label}: ${from || '—'} → ${to || '—'}`);
  };
  const when = (time?: string | null) => (time ? moment(time, at) : '');
  differ('trạng thái', stateWord(before.state), stateWord(after.state));
  differ('đã nhận báo động', when(before.acknowledged_at), when(after.acknowledged_at));
  differ('mức', kSeverityWord[before.severity], kSeverityWord[after.severity]);
  differ('loại', categoryWord(before.category), categoryWord(after.category));
  differ('việc cụ thể', before.sub_kind?.name ?? '', after.sub_kind?.name ?? '');
  differ('hàng việc', before.queue_name ?? before.queue, after.queue_name ?? after.queue);
  differ('người phụ trách', before.assignee ?? '', after.assignee ?? '');
  differ('đơn vị được chuyển', (before.forwarded_units ?? []).join(', '), (after.forwarded_units ?? []).join(', '));
  differ('kết quả', outcomeWord(before.outcome), outcomeWord(after.outcome));
  differ('số tin', String(before.events ?? ''), String(after.events ?? ''));
  return changes;
}
