#include "libs/triage/context.h"

#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {

void Context::touch(OpenIncident& incident, Change change) {
  touch_one(incident, change);
  if (incident.shown.state == IncidentState::Merged) touch_one(top_of(*this, incident), change);
}

void Context::emit_snapshot(OpenIncident& incident) {
  if (incident.shown.merged.empty()) out.snapshot(incident.shown);
  else out.snapshot(folded(*this, incident));
}

void Context::touch_one(OpenIncident& incident, Change change) {
  if (incident.change == Change::None) {
    x_touched.push_back(&incident);
    if (!incident.opened_now) ++incident.shown.revision;
    incident.shown.updated_at = now;
    book.mark_unwritten(incident);
  }
  if (change == Change::Version && incident.change != Change::Version && !incident.opened_now) ++incident.shown.version;
  if (incident.change < change) incident.change = change;
}

void Context::show(OpenIncident& incident) {
  const Millis interval = bundle->limits.life.counts_interval;
  const bool counts_only = incident.change == Change::Counts && !incident.opened_now;
  if (counts_only && now < incident.beside.snapshot_at + interval) {
    incident.beside.counts_due = incident.beside.snapshot_at + interval;
    return;
  }
  incident.beside.counts_due = LogTime();
  incident.beside.snapshot_at = now;
  emit_snapshot(incident);
  if (incident.change != Change::Version && !incident.opened_now) return;
  if (incident.shown.merged.empty()) {
    for (const SubscriberId& subscriber : incident.shown.subscribers) out.subscriber_entry(subscriber, incident.shown);
    return;
  }
  const Incident whole = folded(*this, incident);
  for (const SubscriberId& subscriber : whole.subscribers) out.subscriber_entry(subscriber, whole);
}

void Context::finish() {
  for (OpenIncident* incident : x_touched) {
    if (!incident->shown.merged.empty() && incident->shown.state != IncidentState::Merged) follow_top(*this, *incident);
    show(*incident);
    incident->change = Change::None;
    incident->opened_now = false;
    book.set_timer(*incident, next_timer_ms(*incident));
    if (incident->shown.state == IncidentState::Closed) book.settle_at_end(*incident);
  }
  x_touched.clear();
  book.settle(now);
}

}  // namespace ioc::triage
