// What the stream sends, checked where a page would break on it: a part that cannot be read throws and is left out alone.

import { kSeverities, type Feed, type Incident, type Indicator, type Queue, type StreamClock } from './wire';

class Unreadable extends Error {}

type Fields = Record<string, unknown>;

function fieldsOf(data: unknown): Fields {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Unreadable('no object');
  return data as Fields;
}

function need(holds: boolean, field: string): void {
  if (!holds) throw new Unreadable(field);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTime = (value: unknown): boolean => typeof value === 'string' && Number.isFinite(Date.parse(value));
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const timeOrNull = (value: unknown): string | null => (isTime(value) ? (value as string) : null);

export function readIncident(data: unknown): Incident {
  const one = fieldsOf(data);
  for (const field of ['id', 'state']) need(isText(one[field]), field);
  for (const field of ['version', 'revision']) need(isNumber(one[field]), field);
  for (const field of ['opened_at', 'received_at', 'updated_at']) need(isTime(one[field]), field);
  need(typeof one.title === 'string', 'title');
  need(typeof one.queue === 'string', 'queue');
  need(kSeverities.includes(one.severity as Incident['severity']), 'severity');
  return { ...one, acknowledged_at: timeOrNull(one.acknowledged_at) } as unknown as Incident;
}

export function readQueue(data: unknown): Queue {
  const one = fieldsOf(data);
  for (const field of ['queue', 'name']) need(isText(one[field]), field);
  for (const field of ['open', 'unacknowledged', 'alarms_10min']) need(isNumber(one[field]), field);
  need(typeof one.by_severity === 'object' && one.by_severity !== null, 'by_severity');
  return one as unknown as Queue;
}

export function readFeed(data: unknown): Feed {
  const one = fieldsOf(data);
  need(isText(one.feed), 'feed');
  need(isNumber(one.normal_interval_s), 'normal_interval_s');
  return { ...one, last_event_at: timeOrNull(one.last_event_at) } as unknown as Feed;
}

/** A day that is none is left out; without its value there is no indicator. */
export function readIndicator(data: unknown): Indicator {
  const one = fieldsOf(data);
  for (const field of ['code', 'name']) need(isText(one[field]), field);
  need(isNumber(one.value), 'value');
  return { ...one, as_of: isTime(one.as_of) ? one.as_of : undefined } as unknown as Indicator;
}

export function readClock(data: unknown): StreamClock {
  const one = fieldsOf(data);
  need(isTime(one.now), 'now');
  return { ...one, data_at: timeOrNull(one.data_at) } as unknown as StreamClock;
}
