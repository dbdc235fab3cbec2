// What the operator is looking at. The selected incident is in the address (#id), so a link can be passed on.

import { computed, effect, signal } from '@preact/signals';
import { api, ApiError, type IncidentFilter } from '../live/api';
import { inWorkOrder } from '../live/order';
import { now, store } from '../live/session';
import { isOpen, type Category, type Incident, type Unit } from '../live/wire';
import { titleWords } from '../shared/titles';
import { alone, inGroups, type Line } from './alike';
import { asked, done, keepInAddress, matches, query, queue, wanted } from './filters';
import { nextOf, type Place } from './place';

export const kRowsMax = 200; // on one page of the list
const kSearchDelayMs = 250;
const kSearchLimit = 100;

export type Dialog = 'forward' | 'assign' | 'resolve' | 'reopen' | 'comment' | 'split' | 'merge' | 'reclassify' | 'relocate' | 'help' | null;
export interface Notice {
  text: string;
  bad?: boolean;
  action?: { label: string; run: () => void };
}

/** The incident in the address; what is no escaped text there is taken as it is. */
export function idInAddress(hash: string): string {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

export const selected = signal(idInAddress(location.hash));
export const dialog = signal<Dialog>(null);
export const notice = signal<Notice | null>(null);
export const why = signal(false);
export const person = signal('');
export const units = signal<Unit[]>([]);
export const categories = signal<Category[]>([]);
/** A code's name; an unknown one is shown as it is. */
export const subKindName = (code: string): string => categories.value.flatMap((one) => one.sub_kinds).find((one) => one.code === code)?.name ?? code;
/** Names of cameras and checkpoints by id. */
export const sources = signal<ReadonlyMap<string, string>>(new Map());

export const nameOf = (id: string): string => sources.value.get(id) || id;

// Of incidents that the live store does not hold, as far as a page asked.
const titles = signal<ReadonlyMap<string, string>>(new Map());
const kTitlesMax = 1_000;

/** undefined: not known, or not yet (`askTitle`). */
export const titleOf = (id: string): string | undefined => titles.value.get(id) ?? live(id);
const live = (id: string): string | undefined => {
  const incident = store.incidents.value.get(id);
  return incident && titleWords(incident);
};

export function askTitle(id: string): void {
  if (titleOf(id) !== undefined) return;
  const keep = (incident: Incident) => void (titles.value = new Map([...[...titles.peek()].slice(1 - kTitlesMax), [id, titleWords(incident)]]));
  api.incident(id).then(keep, () => undefined);
}

interface Found {
  incidents: Incident[];
  next: string | null; // cursor of the page behind
  failed: string; // why nothing could be searched
}
const found = signal<Found | null>(null);
/** An incident opened by its address or by a search that the live store does not hold. */
export const fetched = signal<Incident | null>(null);

/** One line for what is of one sub-kind at one place; on by itself while alarms flood in, `v` changes it. */
const groupedByHand = signal<boolean | null>(null);
const flooded = computed(() => store.queues.value.some((one) => one.load === 'flood' && (!queue.value || queue.value === one.queue)));
export const grouped = computed(() => groupedByHand.value ?? flooded.value);
export const toggleGrouped = (): void => void (groupedByHand.value = !grouped.peek());
const opened = signal<ReadonlySet<string>>(new Set());
export const isOpened = (group: string): boolean => opened.value.has(group);
export function toggleGroup(group: string): void {
  const now = new Set(opened.peek());
  if (!now.delete(group)) now.add(group);
  opened.value = now;
}

const pageAsked = signal(0);

export interface Rows {
  lines: Line[]; // of this page
  total: number | null; // lines on all pages; null: the server has more
  failed: string;
  pending: boolean; // the server has not answered yet
}

const minute = computed(() => Math.floor(now.value / 60_000) * 60_000);
const mine = computed(() => {
  const filter = wanted();
  const [me, at] = [person.value, minute.value];
  return inWorkOrder([...store.incidents.value.values()].filter((incident) => isOpen(incident) && matches(incident, filter, me, at)));
});
const lines = computed(() => (grouped.value ? inGroups(mine.value, selected.value, opened.value) : mine.value.map(alone)));

const searched = (): boolean => Boolean(query.value) || done.value;
export const pages = computed(() => (searched() ? 1 : Math.max(1, Math.ceil(lines.value.length / kRowsMax))));
/** The page that is shown: as the list grows shorter, the last one there is. */
export const page = computed(() => Math.min(pageAsked.value, pages.value - 1));
export const turn = (step: number): void => void (pageAsked.value = Math.min(pages.peek() - 1, Math.max(0, page.peek() + step)));

export const rows = computed<Rows>(() => {
  if (searched()) {
    const { incidents = [], next = null, failed = '' } = found.value ?? {};
    return { lines: incidents.map(alone), total: next ? null : incidents.length, failed, pending: found.value === null };
  }
  return { lines: lines.value.slice(page.value * kRowsMax, (page.value + 1) * kRowsMax), total: lines.value.length, failed: '', pending: !store.complete.value };
});

export const current = computed<Incident | null>(() => {
  const id = selected.value;
  if (!id) return null;
  const live = store.incidents.value.get(id);
  const other = fetched.value?.id === id ? fetched.value : (found.value?.incidents.find((incident) => incident.id === id) ?? null);
  if (live && other) return other.revision > live.revision ? other : live;
  return live ?? other;
});

let place: Place | null = null;
const standingOf = (incident: Incident | null): string => (incident ? [incident.severity, Boolean(incident.acknowledged_at), isOpen(incident)].join('/') : '');
const shownIds = (): string[] => rows.peek().lines.map((line) => line.incident.id);

export function select(id: string): void {
  selected.value = id;
  place = { id, standing: standingOf(current.peek()), ids: shownIds() };
  history.replaceState(null, '', location.pathname + location.search + (id ? `#${encodeURIComponent(id)}` : ''));
}

export function move(step: number): void {
  const next = nextOf(place, selected.peek(), standingOf(current.peek()), shownIds(), step);
  if (next !== null) return select(next);
  const before = page.peek();
  turn(step);
  const ids = shownIds();
  if (page.peek() !== before && ids.length > 0) select(ids[step > 0 ? 0 : ids.length - 1]!);
}

/** The newest state of an incident, wherever it came from. */
export function learn(incident: Incident): void {
  store.put(incident);
  if (incident.id === selected.peek()) fetched.value = incident;
}

let searching: ReturnType<typeof setTimeout> | undefined;
let searches = 0; // only the answer to the newest one counts

async function search(filter: IncidentFilter): Promise<void> {
  const mine = ++searches;
  try {
    const answer = await api.incidents({ ...filter, limit: kSearchLimit });
    if (mine !== searches) return;
    const before = filter.cursor ? (found.peek()?.incidents ?? []) : [];
    const known = new Set(before.map((one) => one.id));
    found.value = { incidents: [...before, ...answer.incidents.filter((one) => !known.has(one.id))], next: answer.next ?? null, failed: '' };
  } catch (error) {
    if (mine === searches) found.value = { incidents: [], next: null, failed: error instanceof ApiError ? error.message : String(error) };
  }
}

const searchAsked = (): IncidentFilter => asked(wanted(), query.value, done.value, person.value, now.peek() || Date.now());

/** The next page of what was found. */
export function more(): void {
  const cursor = found.peek()?.next;
  if (cursor) void search({ ...searchAsked(), cursor });
}

export function start(): void {
  keepInAddress();
  effect(() => {
    const filter = searchAsked();
    pageAsked.value = 0;
    clearTimeout(searching);
    searches += 1;
    found.value = null;
    if (!searched()) return;
    searching = setTimeout(() => void search(filter), kSearchDelayMs);
  });
  // What was found follows the stream too.
  effect(() => {
    const live = store.incidents.value;
    const have = found.peek();
    if (have) found.value = { ...have, incidents: have.incidents.map((one) => ((live.get(one.id)?.revision ?? 0) > one.revision ? live.get(one.id)! : one)) };
  });
  effect(() => {
    const id = selected.value;
    why.value = false;
    if (!id || store.incidents.peek().has(id)) return;
    api.incident(id).then((incident) => (fetched.value = incident), () => undefined);
  });
  addEventListener('hashchange', () => (selected.value = idInAddress(location.hash)));
}
