// What the operator is looking at. The selected incident is in the address (#id), so a link can be passed on.

import { computed, effect, signal } from '@preact/signals';
import { api, ApiError } from '../live/api';
import { firstOf, unacknowledgedFirst } from '../live/order';
import { oneOfEachKind } from './alike';
import { store } from '../live/session';
import { isOpen, type Category, type Incident, type Unit } from '../live/wire';

export const kRowsMax = 300;
const kSearchDelayMs = 250;
const kSearchLimit = 100;

export type Dialog = 'forward' | 'assign' | 'resolve' | 'reopen' | 'comment' | 'split' | 'merge' | 'reclassify' | 'help' | null;
export interface Notice {
  text: string;
  bad?: boolean;
  action?: { label: string; run: () => void };
}

export const queue = signal('');
export const query = signal('');
export const done = signal(false); // false: what is open; true: what was resolved or closed
export const selected = signal(decodeURIComponent(location.hash.slice(1)));
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
export const titleOf = (id: string): string | undefined => store.incidents.value.get(id)?.title ?? titles.value.get(id);

export function askTitle(id: string): void {
  if (titleOf(id) !== undefined) return;
  const keep = ({ title }: Incident) => void (titles.value = new Map([...[...titles.peek()].slice(1 - kTitlesMax), [id, title]]));
  api.incident(id).then(keep, () => undefined);
}

const found = signal<{ incidents: Incident[]; more: boolean } | null>(null);
/** An incident opened by its address or by a search that the live store does not hold. */
export const fetched = signal<Incident | null>(null);

/** One line for what is of one kind at one place; on by itself while alarms flood in, `v` changes it. */
const groupedByHand = signal<boolean | null>(null);
const flooded = computed(() => store.queues.value.some((one) => one.load === 'flood' && (!queue.value || queue.value === one.queue)));
export const grouped = computed(() => groupedByHand.value ?? flooded.value);
export const toggleGrouped = (): void => void (groupedByHand.value = !grouped.peek());

export interface Rows {
  incidents: Incident[];
  alike: ReadonlyMap<string, number>; // by id of a line: how many others it stands for
  more: number | null; // null: there are more, but nobody has counted them
}

export const rows = computed<Rows>(() => {
  if (query.value || done.value) return { incidents: found.value?.incidents ?? [], alike: new Map(), more: found.value?.more ? null : 0 };
  const mine = [...store.incidents.value.values()].filter((incident) => isOpen(incident) && (!queue.value || incident.queue === queue.value));
  const lines = grouped.value ? oneOfEachKind(mine, selected.value) : { incidents: mine, alike: new Map<string, number>() };
  return { ...lines, incidents: firstOf(lines.incidents, kRowsMax, unacknowledgedFirst), more: Math.max(0, lines.incidents.length - kRowsMax) };
});

export const current = computed<Incident | null>(() => {
  const id = selected.value;
  if (!id) return null;
  const live = store.incidents.value.get(id);
  const other = fetched.value?.id === id ? fetched.value : (found.value?.incidents.find((incident) => incident.id === id) ?? null);
  if (live && other) return other.revision > live.revision ? other : live;
  return live ?? other;
});

export function select(id: string): void {
  selected.value = id;
  history.replaceState(null, '', id ? `#${encodeURIComponent(id)}` : location.pathname + location.search);
}

export function move(step: number): void {
  const list = rows.value.incidents;
  if (list.length === 0) return;
  const at = list.findIndex((incident) => incident.id === selected.value);
  const to = at === -1 ? (step > 0 ? 0 : list.length - 1) : Math.min(list.length - 1, Math.max(0, at + step));
  select(list[to]!.id);
}

/** The newest state of an incident, wherever it came from. */
export function learn(incident: Incident): void {
  store.put(incident);
  if (incident.id === selected.peek()) fetched.value = incident;
}

let searching: ReturnType<typeof setTimeout> | undefined;
async function search(filter: { q: string; queue: string }, onlyDone: boolean): Promise<void> {
  try {
    const pages = await Promise.all(
      (onlyDone ? ['resolved', 'closed'] : ['']).map((state) => api.incidents({ ...filter, state, limit: kSearchLimit })),
    );
    if (filter.q !== query.peek() || filter.queue !== queue.peek() || onlyDone !== done.peek()) return;
    const incidents = pages.flatMap((page) => page.incidents).sort((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
    found.value = { incidents, more: pages.some((page) => page.next) };
  } catch (error) {
    notice.value = { text: error instanceof ApiError ? error.message : String(error), bad: true };
  }
}

export function start(): void {
  effect(() => {
    const filter = { q: query.value, queue: queue.value };
    const onlyDone = done.value;
    clearTimeout(searching);
    if (!filter.q && !onlyDone) return void (found.value = null);
    searching = setTimeout(() => void search(filter, onlyDone), kSearchDelayMs);
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
  addEventListener('hashchange', () => (selected.value = decodeURIComponent(location.hash.slice(1))));
}
