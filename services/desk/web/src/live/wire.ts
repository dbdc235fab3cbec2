// What the desk's HTTP interface sends. Times are RFC 3339 texts with offset.

export type Severity = 'critical' | 'high' | 'medium' | 'info';
export type Load = 'acceptable' | 'manageable' | 'unacceptable' | 'flood';
export type IncidentState =
  | 'new' | 'verifying' | 'rejected' | 'merged' | 'forwarded' | 'accepted' | 'in_progress' | 'resolved' | 'closed';

export interface Clock {
  kind: string;
  due_at: string;
  state: 'running' | 'warned' | 'breached' | 'met' | 'stopped';
}

export interface SubKind {
  code: string;
  name: string;
}

export interface Category {
  code: string;
  name: string;
  sub_kinds: SubKind[];
}

export interface Incident {
  id: string;
  version: number; // changes when something an operator decides on changes
  revision: number; // counts every change
  state: IncidentState;
  acknowledged_at?: string | null;
  acknowledged_by?: string | null;
  category: string;
  category_name?: string;
  sub_kind?: SubKind | null; // within the category
  further_categories?: string[];
  sender_category?: string;
  model_sub_kind?: SubKind | null;
  model_category?: string; // what the system chose; `category` counts
  classified_by?: string; // who corrected it
  severity: Severity;
  emergency?: boolean;
  title: string;
  summary?: string;
  position?: { lat: number; lon: number; source?: string } | null;
  unit?: { code: string; name: string } | null;
  place_state?: string;
  area?: string;
  address?: string;
  opened_at: string;
  received_at: string;
  updated_at: string;
  last_event_at?: string;
  queue: string;
  queue_name?: string;
  assignee?: string;
  forwarded_units?: string[];
  clocks?: Clock[];
  sources?: { feed: string; events: number }[];
  reports?: number;
  events?: number;
  occurrence?: number;
  suggestions?: { incident_id: string; score: number }[];
  subscribers?: string[];
  newest_events?: string[];
  outcome?: string;
  merged_into?: string;
  merged?: string[]; // those that were merged into it
  split_from?: string;
  recurrence_of?: string;
  chattering?: boolean;
  ended?: boolean;
}

export interface Queue {
  queue: string;
  name: string;
  group?: string; // queues of one group are one line on the wall
  open: number;
  unacknowledged: number;
  by_severity: Record<Severity, number>;
  oldest_unacknowledged_at?: string | null;
  alarms_10min: number;
  load: Load;
}

export interface Feed {
  feed: string;
  name: string;
  state: 'live' | 'stale' | 'lost' | 'never';
  last_event_at?: string | null;
  normal_interval_s: number;
  events_24h?: number;
}

export interface Indicator {
  code: string;
  name: string;
  unit?: string;
  unit_name?: string;
  value: number;
  target?: number | null;
  measure?: string;
  period?: string;
  as_of?: string;
  history?: { as_of: string; value: number }[];
}

export interface Unit {
  code: string;
  name: string;
  kind: string;
  parent?: string;
  valid_from?: string;
  valid_until?: string | null;
  centre?: { lat: number; lon: number } | null;
  open_incidents?: number;
}

export interface StreamClock {
  now: string;
  data_at?: string | null;
  demo?: boolean;
  log_id?: string;
}

export interface EventOfIncident {
  event_id?: string;
  id?: string;
  feed?: string;
  occurred_at?: string;
  received_at?: string;
  title?: string;
  text?: string;
  category?: string;
  address?: string;
  flags?: string[];
  value_flags?: { field: string; reason: string }[];
  value_flags_more?: number;
  [more: string]: unknown;
}

export interface Decision {
  at: string;
  kind: string;
  event_id?: string;
  reason?: string;
  rule?: string;
  actor?: string;
  candidates?: {
    incident_id: string;
    score: number;
    parts?: { name: string; words?: string; points: number }[];
    verdict?: string;
  }[];
  details?: Record<string, string>; // a name that came more than once: its values with commas
}

export interface Problem {
  type?: string;
  title?: string;
  status: number;
  detail?: string;
  field?: string;
}

export const kSeverities: readonly Severity[] = ['critical', 'high', 'medium', 'info'];
const kDone: ReadonlySet<string> = new Set(['rejected', 'merged', 'resolved', 'closed']);
export const isOpen = (incident: { state: string }): boolean => !kDone.has(incident.state);
