// A made-up desk for working on the pages without the real one: same paths, invented incidents. Never shipped.
//   node mock/server.mjs --dist DIR [--port N] [--outlines FILE.geojson] [--seed N] [--incidents N] [--no-login]
// POST /mock/stall (the view stands still, the clock goes on; again: no more) · /mock/poison (sends what no page can read)
// POST /mock/crowd (queues with thousands of every severity)
// POST /mock/break (drops all streams) · /mock/silence?feed=F · /mock/alarm?severity=critical · /mock/change?id=ID (somebody else's work): to see how pages take it.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { randomFrom } from './random.mjs';
import { makeWorld } from './world.mjs';

const options = Object.fromEntries(process.argv.slice(2).join(' ').split('--').filter(Boolean).map((text) => text.trim().split(/[ =]/, 2)));
const random = randomFrom(Number(options.seed ?? 7));
const outlines = options.outlines && existsSync(options.outlines) ? JSON.parse(readFileSync(options.outlines, 'utf8')) : null;
const world = makeWorld({ random, outlines, count: Number(options.incidents ?? 60), now: () => Date.now() });

const streams = new Set();
const ended = new Set(); // sessions survive a restart, as the real ones do: any made-up one counts until it is ended

let cursor = 1000;
let broken = false;
let stalledAt = null;
let crowded = false;
const crowd = (queue, at) => ({ ...queue, open: 17_696, unacknowledged: 12_406, by_severity: { critical: 4_424, high: 4_240 + at, medium: 4_488, info: 4_544 } });
const queues = () => (crowded ? world.queues().map(crowd) : world.queues());
const clock = () => ({ ...world.clock(), ...(stalledAt === null ? {} : { data_at: new Date(stalledAt - Number(options['stalled-s'] ?? 0) * 1000).toISOString() }) });
const log = []; // {cursor, incident}: what can be resumed

const send = (res, event, data, id) => res.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
const cursorId = (n) => `mock~${n}`;

function publish(incident) {
  cursor += 1;
  log.push({ cursor, incident: structuredClone(incident) });
  for (const res of streams) send(res, 'incident', incident, cursorId(cursor));
  for (const res of streams) send(res, 'queue', { queues: queues() });
}

function stream(req, res) {
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  const last = Number(/^mock~(\d+)$/.exec(req.headers['last-event-id'] ?? '')?.[1] ?? NaN);
  if (last >= 1000 && last <= cursor) {
    for (const entry of log) if (entry.cursor > last) send(res, 'incident', entry.incident, cursorId(entry.cursor));
  } else {
    send(res, 'reset', {});
    for (const incident of world.incidents.values()) send(res, 'incident', incident, cursorId(cursor));
  }
  send(res, 'queue', { queues: queues() });
  send(res, 'feed-health', { feeds: world.feeds() });
  send(res, 'indicator', { indicators: world.indicators() });
  send(res, 'clock', clock());
  streams.add(res);
  res.on('close', () => streams.delete(res));
}

function poison() {
  for (const res of streams) {
    res.write('event: incident\ndata: {"id":\n\nevent: incident\ndata: null\n\n');
    send(res, 'incident', { id: 'x', severity: 'purple' });
    send(res, 'indicator', { indicators: [{ code: 'x'.repeat(5 << 20), name: 'x', value: 1 }] });
    send(res, 'indicator', { indicators: [{ code: 'later', name: 'Chỉ số ngày lạ', value: 1, target: 2, as_of: 'zzzz' }] });
  }
}

setInterval(() => {
  for (const res of streams) send(res, 'clock', clock());
  if (!('quiet' in options) && Math.random() < 0.08) publish(world.open());
  if (Math.random() < 0.2) for (const res of streams) send(res, 'feed-health', { feeds: world.feeds() });
}, 1000).unref?.();

const json = (res, status, body, type = 'application/json') => {
  res.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' });
  res.end(JSON.stringify(body));
};
const problem = (res, status, title, detail, more = {}) => json(res, status, { type: 'about:blank', title, status, detail, ...more }, 'application/problem+json');

async function bodyOf(req) {
  let text = '';
  for await (const piece of req) text += piece;
  return text ? JSON.parse(text) : {};
}

const sessionOf = (req) => /ioc_session=(mock\d+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';

async function session(req, res) {
  if (req.method === 'POST') {
    const { name, password } = await bodyOf(req);
    if (password !== 'mock') return problem(res, 401, 'Wrong name or password', 'check both and try again');
    const id = `mock${String(Math.random()).slice(2)}`;
    res.setHeader('Set-Cookie', `ioc_session=${id}; HttpOnly; Path=/; SameSite=Strict`);
    return json(res, 200, { name, roles: ['operator'] });
  }
  if (req.method === 'DELETE') {
    ended.add(sessionOf(req));
    res.writeHead(204).end();
    return;
  }
  json(res, 200, { name: 'mock', roles: ['operator'] });
}

const results = new Map();
async function command(req, res, id) {
  const key = req.headers['idempotency-key'];
  if (results.has(key)) return json(res, ...results.get(key));
  const answer = world.command(id, await bodyOf(req));
  results.set(key, [answer.status, answer.body]);
  for (const changed of answer.changed ?? []) publish(changed);
  json(res, answer.status, answer.body);
}

const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml', '.png': 'image/png' };
function asset(res, path) {
  const file = join(options.dist ?? 'dist', normalize(path));
  if (!existsSync(file) || !statSync(file).isFile()) return problem(res, 404, 'Not found', path);
  res.writeHead(200, { 'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': "default-src 'self'" });
  createReadStream(file).pipe(res);
}

async function answer(req, res) {
  const url = new URL(req.url, 'http://mock');
  const path = url.pathname;
  if (path.startsWith('/mock/')) {
    if (path === '/mock/break') { broken = !broken; for (const one of streams) one.destroy(); }
    if (path === '/mock/stall') stalledAt = stalledAt === null ? Date.now() - Number(url.searchParams.get('seconds') ?? 0) * 1000 : null;
    if (path === '/mock/change') { const one = world.incidents.get(url.searchParams.get('id')); one.version += 1; one.revision += 1; one.assignee = 'lan'; publish(one); }
    if (path === '/mock/crowd') { crowded = true; for (const res of streams) send(res, 'queue', { queues: queues() }); }
    if (path === '/mock/poison') poison();
    if (path === '/mock/silence') world.silence(url.searchParams.get('feed'));
    if (path === '/mock/alarm') publish(world.open(url.searchParams.get('severity')));
    return json(res, 200, { broken });
  }
  if (broken) return req.socket.destroy();
  if (['/wall', '/desk', '/login'].includes(path)) return asset(res, `${path}.html`);
  if (path.startsWith('/assets/')) return asset(res, path);
  if (path === '/healthz') return json(res, 200, {});
  if (path === '/kiosk') {
    res.writeHead(303, { Location: '/wall', 'Set-Cookie': 'ioc_session=mock0; HttpOnly; Path=/' });
    return res.end();
  }
  if (path === '/readyz') return stalledAt === null ? json(res, 200, {}) : problem(res, 503, 'Not ready', 'the disk is full');
  const known = 'no-login' in options || (req.headers.authorization ?? '').startsWith('Bearer ') || (sessionOf(req) !== '' && !ended.has(sessionOf(req)));
  if (!known && !(path === '/v1/session' && req.method === 'POST')) return problem(res, 401, 'Not logged in', 'log in first');
  if (path === '/v1/session') return session(req, res);
  if (path === '/v1/kiosk-links') return json(res, 201, { url: '/kiosk?key=x' });
  if (path === '/v1/stream') return stream(req, res);
  if (path === '/v1/queues') return json(res, 200, { queues: queues() });
  if (path === '/v1/feeds') return json(res, 200, { feeds: world.feeds() });
  if (path === '/v1/indicators') return json(res, 200, { indicators: world.indicators() });
  if (path === '/v1/sources') return json(res, 200, { sources: [] });
  if (path === '/v1/categories') return json(res, 200, { categories: world.categories });
  if (path === '/v1/units') return json(res, 200, { units: world.units() });
  if (path === '/v1/units/outlines') return json(res, 200, world.outlines);
  if (path === '/v1/incidents') return json(res, 200, world.find(url.searchParams));
  if (path === '/v1/reports') {
    const { event, incident } = world.report(await bodyOf(req));
    publish(incident);
    return json(res, 202, { event_id: event });
  }
  if (path.startsWith('/v1/events/')) return json(res, 200, { incident_id: world.incidentOf(decodeURIComponent(path.slice(11)))?.id });
  const one = /^\/v1\/incidents\/([^/]+)(\/\w+)?$/.exec(path);
  const incident = one && world.incidents.get(decodeURIComponent(one[1]));
  if (!incident) return problem(res, 404, 'Not found', path);
  if (one[2] === '/commands') return command(req, res, incident.id);
  if (one[2] === '/events') return json(res, 200, { events: world.eventsOf(incident) });
  if (one[2] === '/decisions') return json(res, 200, { decisions: world.decisionsOf(incident) });
  json(res, 200, incident);
}

const server = createServer((req, res) => answer(req, res).catch((error) => problem(res, 500, 'The mock failed', String(error))));
server.listen(Number(options.port ?? 0), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
