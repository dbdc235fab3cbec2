// The interface as any other program sees it: with a bearer token, without a browser.

export class Api {
  constructor(server, token) {
    this.x_server = server;
    this.x_token = token;
  }

  async call(method, path, body, headers = {}) {
    const response = await fetch(this.x_server.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.x_token}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text);
  }

  get(path) {
    return this.call('GET', path);
  }

  /** Every open incident, page by page. */
  async open() {
    const found = new Map();
    let cursor = '';
    do {
      const page = await this.get(`/v1/incidents?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
      for (const incident of page.incidents) found.set(incident.id, incident);
      cursor = page.next ?? '';
    } while (cursor);
    return [...found.values()].filter((incident) => !['rejected', 'merged', 'resolved', 'closed'].includes(incident.state));
  }
}

const kRank = { critical: 0, high: 1, medium: 2, info: 3 };
export function byUrgencyThenAge(a, b) {
  return kRank[a.severity] - kRank[b.severity] || Date.parse(a.opened_at) - Date.parse(b.opened_at) || (a.id < b.id ? -1 : 1);
}
