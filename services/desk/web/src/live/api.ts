// The desk's REST interface. What goes wrong is an ApiError with words an operator can act on.

import type { Category, Decision, EventOfIncident, Incident, Problem, Unit } from './wire';

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer at all
    message: string,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

export function goToLogin(): void {
  const next = location.pathname + location.search + location.hash;
  location.replace(`/login?next=${encodeURIComponent(next)}`);
}

async function request(path: string, init: RequestInit = {}, timeoutMs = 15_000): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init, signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    throw new ApiError(0, 'Không có kết nối tới máy chủ.');
  }
  return response;
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await request(path, init);
  if (response.status === 401) {
    goToLogin();
    throw new ApiError(401, 'Phiên làm việc đã hết, cần đăng nhập lại.');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, problemText(body as Problem | null, response.status), body);
  return body as T;
}

function problemText(problem: Problem | null, status: number): string {
  const words = [problem?.title, problem?.detail].filter(Boolean).join(': ');
  return words ? `${words} (${status})` : `Máy chủ trả lời lỗi ${status}.`;
}

/** As the server has it; it also refuses more than 256 bytes. */
export const kPasswordCharsMin = 12;

/** Whether a login that succeeded was with a one-time password. */
export async function hasToChangePassword(login: Response): Promise<boolean> {
  const body = (await login.json().catch(() => null)) as { must_change_password?: boolean } | null;
  return body?.must_change_password === true;
}

// An incident's events and decisions come by the page; a person looks at no more than this.
const kPagesMax = 20;

async function pages<T>(path: string, name: string): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < kPagesMax; ++page) {
    const answer: Record<string, unknown> = await json(cursor === null ? path : `${path}?cursor=${encodeURIComponent(cursor)}`);
    all.push(...(answer[name] as T[]));
    cursor = (answer.next as string | null | undefined) ?? null;
    if (cursor === null) break;
  }
  return all;
}

export type IncidentFilter = Partial<Record<'queue' | 'state' | 'unit' | 'category' | 'severity' | 'q' | 'cursor' | 'since' | 'until' | 'assignee', string>> & { limit?: number };

export const api = {
  incidents(filter: IncidentFilter): Promise<{ incidents: Incident[]; next?: string | null }> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, String(value));
    return json(`/v1/incidents?${query}`);
  },
  incident: (id: string): Promise<Incident> => json(`/v1/incidents/${encodeURIComponent(id)}`),
  events: (id: string) => pages<EventOfIncident>(`/v1/incidents/${encodeURIComponent(id)}/events`, 'events'),
  decisions: (id: string) => pages<Decision>(`/v1/incidents/${encodeURIComponent(id)}/decisions`, 'decisions'),
  units: async () => (await json<{ units: Unit[] }>('/v1/units')).units,
  categories: async () => (await json<{ categories: Category[] }>('/v1/categories')).categories,
  sources: async () => (await json<{ sources: { source: string; name: string }[] }>('/v1/sources')).sources,
  outlines: () => json<GeoJSON.FeatureCollection>('/v1/units/outlines'),
  session: () => json<{ name: string; roles: string[] }>('/v1/session'),
  command: (id: string, key: string, body: object) =>
    request(`/v1/incidents/${encodeURIComponent(id)}/commands`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify(body),
    }),
  commandResult: (id: string) => request(`/v1/commands/${encodeURIComponent(id)}`),
  login: (name: string, password: string) =>
    request('/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name, password }) }),
  changePassword: (current: string, fresh: string) =>
    request('/v1/session/password', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ current_password: current, new_password: fresh }),
    }),
  /** Whether there is a session that can do nothing but choose a password. */
  mustChangePassword: async (): Promise<boolean> => {
    const answer = await request('/v1/session').catch(() => null);
    const problem = answer?.status === 403 ? ((await answer.json().catch(() => null)) as Problem | null) : null;
    return problem?.title === 'change the password first';
  },
  /** Why the server is not ready, in its own words; '' when it is, or does not answer. */
  notReadyBecause: async (): Promise<string> => {
    const answer = await request('/readyz', {}, 4_000).catch(() => null);
    const problem = answer && !answer.ok ? ((await answer.json().catch(() => null)) as Problem | null) : null;
    return problem?.detail ?? '';
  },
  logout: () => request('/v1/session', { method: 'DELETE' }),
};

/** 128 random bits as hex; crypto.randomUUID is missing on a plain http address. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
