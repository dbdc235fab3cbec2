// Sending a command: what can come back, and what the operator is told. A command keeps its key when it is sent
// again, so pressing twice or retrying after a lost connection does it once.

import { api, ApiError, goToLogin, newKey } from '../live/api';
import { now } from '../live/session';
import type { Incident, Problem } from '../live/wire';
import { titleWords } from '../shared/titles';
import { commandWord } from '../shared/words';
import { changesBetween } from './changes';
import { refusalWords } from './refusals';
import { learn, notice, select, titleOf } from './state';

export const kNoSubKind = '-'; // none of the category's fits

export interface CommandBody {
  kind: string;
  queue?: string;
  person?: string;
  units?: string[];
  outcome?: string;
  text?: string;
  events?: string[];
  into?: string;
  category?: string;
  sub_kind?: string;
  severity?: string;
  emergency?: boolean;
  back_to_triage?: boolean;
}

const kPollMs = 1_000;
const kPolls = 60;

export async function send(incident: Incident, body: CommandBody, key = newKey()): Promise<boolean> {
  let response: Response;
  try {
    response = await api.command(incident.id, key, { ...body, version: incident.version });
  } catch {
    notice.value = {
      text: `Chưa gửi được lệnh «${commandWord(body.kind)}»: mất kết nối. Lệnh chưa được ghi nhận.`,
      bad: true,
      action: { label: 'Thử lại', run: () => void send(incident, body, key) },
    };
    return false;
  }
  if (response.status === 401) {
    goToLogin();
    return false;
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.status === 202) return wait(String((answer as { command_id?: string })?.command_id ?? ''), incident, body);
  if (response.status === 409) return conflict(incident, body, answer);
  if (!response.ok) return refused(body, response.status, answer as Problem | null);
  accepted(incident, body, answer);
  return true;
}

function accepted(before: Incident, body: CommandBody, answer: unknown): void {
  const after = incidentIn(answer);
  if (after) learn(after);
  if (body.kind === 'merge') return merged(after ?? before, body.into ?? '');
  if (body.kind !== 'split') {
    notice.value = { text: `Đã ghi nhận: ${commandWord(body.kind)}.` };
    return;
  }
  const created = createdIn(answer) ?? (after && after.id !== before.id ? after.id : null);
  if (after?.id !== before.id) api.incident(before.id).then(learn, () => undefined);
  notice.value = {
    text: `Đã tách ${body.events?.length ?? 0} tin ra thành sự việc riêng. Hai sự việc còn liên kết, không mất dữ liệu; tách nhầm thì gộp lại (m).`,
    action: created ? { label: 'Mở sự việc mới', run: () => select(created) } : undefined,
  };
}

// The work goes on with what it was merged into.
function merged(child: Incident, into: string): void {
  select(into);
  notice.value = { text: `Đã gộp «${titleWords(child)}» vào «${titleOf(into) ?? into}».`, action: { label: 'Bỏ gộp', run: () => void send(child, { kind: 'unmerge' }) } };
}

function incidentIn(answer: unknown): Incident | null {
  const one = answer as { incident?: Incident; id?: string; version?: number } | null;
  if (one?.incident?.id) return one.incident;
  return one?.id && one.version !== undefined ? (one as Incident) : null;
}

function createdIn(answer: unknown): string | null {
  const created = (answer as { created?: unknown } | null)?.created;
  return Array.isArray(created) && typeof created[0] === 'string' ? created[0] : null;
}

// The log is busy: the command has its place there; ask until it has been decided.
async function wait(id: string, incident: Incident, body: CommandBody): Promise<boolean> {
  notice.value = { text: `Lệnh «${commandWord(body.kind)}» đã được nhận, đang chờ xử lý…` };
  for (let poll = 0; poll < kPolls; ++poll) {
    await new Promise((resolve) => setTimeout(resolve, kPollMs));
    const response = await api.commandResult(id).catch(() => null);
    if (!response || response.status === 202 || response.status === 404) continue;
    const answer: unknown = await response.json().catch(() => null);
    if (response.status === 409) return conflict(incident, body, answer);
    if (!response.ok) return refused(body, response.status, answer as Problem | null);
    accepted(incident, body, answer);
    return true;
  }
  notice.value = { text: `Lệnh «${commandWord(body.kind)}» vẫn đang chờ. Kết quả sẽ hiện trong sự việc.`, bad: true };
  return false;
}

function refused(body: CommandBody, status: number, problem: Problem | null): boolean {
  notice.value = { text: `Không thực hiện được «${commandWord(body.kind)}»: ${refusalWords(status, problem)}`, bad: true };
  return false;
}

async function conflict(before: Incident, body: CommandBody, answer: unknown): Promise<boolean> {
  let after = incidentIn(answer);
  if (!after) {
    try {
      after = await api.incident(before.id);
    } catch (error) {
      notice.value = { text: error instanceof ApiError ? error.message : String(error), bad: true };
      return false;
    }
  }
  learn(after);
  const changes = changesBetween(before, after, now.peek());
  notice.value = {
    text: `Sự việc vừa được người khác thay đổi${changes.length ? `: ${changes.join('; ')}` : ''}. Xem lại rồi thực hiện lại «${commandWord(body.kind)}» nếu vẫn cần.`,
    bad: true,
  };
  return false;
}
