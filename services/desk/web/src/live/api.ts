// The desk's REST interface. What goes wrong is an ApiError with words an operator can act on.

import type { Decision, EventOfIncident, Incident, Problem, Unit } from './wire';

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

export type IncidentFilter = Partial<Record<'queue' | 'state' | 'unit' | 'category' | 'severity' | 'q' | 'cursor' | 'since' | 'until', string>> & { limit?: number };

export const api = {
  incidents(filter: IncidentFilter): Promise<{ incidents: Incident[]; next?: string | null }> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) if (value !== undefined && value !== '') query.set(name, String(value));
    return json(`/v1/incidents?${query}`);
  },
  incident: (id: string): Promise<Incident> => json(`/v1/incidents/${encodeURIComponent(id)}`),
  events: async (id: string) => (await json<{ events: EventOfIncident[] }>(`/v1/incidents/${encodeURIComponent(id)}/events`)).events,
  decisions: async (id: string) => (await json<{ decisions: Decision[] }>(`/v1/incidents/${encodeURIComponent(id)}/decisions`)).decisions,
  units: async () => (await json<{ units: Unit[] }>('/v1/units')).units,
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
  logout: () => request('/v1/session', { method: 'DELETE' }),
};

/** 128 random bits as hex; crypto.randomUUID is missing on a plain http address. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
