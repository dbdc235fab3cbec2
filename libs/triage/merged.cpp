#include "libs/triage/merged.h"

#include <algorithm>

#include "libs/base/assert.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

bool runs(const Clock& clock) {
  return clock.state == ClockState::Running || clock.state == ClockState::Warned || clock.state == ClockState::Breached;
}

// Of each kind the one that runs and falls due first.
void fold_clocks(const std::vector<Clock>& from, std::vector<Clock>& to) {
  for (const Clock& clock : from) {
    if (!runs(clock)) continue;
    const auto same = std::find_if(to.begin(), to.end(), [&](const Clock& one) { return one.kind == clock.kind; });
    if (same == to.end()) to.push_back(clock);
    else if (!runs(*same) || clock.due_at < same->due_at) *same = clock;
  }
  std::sort(to.begin(), to.end(), [](const Clock& a, const Clock& b) { return a.kind < b.kind; });
}

void fold(const Incident& from, Incident& to) {
  to.events += from.events;
  to.reports += from.reports;
  for (const SourceCount& source : from.sources) {
    const auto same = std::find_if(to.sources.begin(), to.sources.end(), [&](const auto& one) { return one.feed == source.feed; });
    if (same == to.sources.end()) to.sources.push_back(source);
    else same->events += source.events;
  }
  to.last_event_at = std::max(to.last_event_at, from.last_event_at);
  to.severity = std::min(to.severity, from.severity);
  to.emergency = to.emergency || from.emergency;
  to.ended = to.ended && from.ended;
  to.newest_events.insert(to.newest_events.end(), from.newest_events.begin(), from.newest_events.end());
  for (const SubscriberId& id : from.subscribers) {
    const auto at = std::lower_bound(to.subscribers.begin(), to.subscribers.end(), id);
    if (at == to.subscribers.end() || *at != id) to.subscribers.insert(at, id);
  }
  if (is_open(to.state)) fold_clocks(from.clocks, to.clocks);
}

}  // namespace

OpenIncident& top_of(Context& context, OpenIncident& incident) {
  OpenIncident* top = &incident;
  while (top->shown.state == IncidentState::Merged) {
    top = context.book.find(top->shown.merged_into);
    IOC_ASSERT(top != nullptr);  // archived together
  }
  return *top;
}

std::vector<OpenIncident*> tree_of(Context& context, OpenIncident& incident) {
  std::vector<OpenIncident*> tree{&incident};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const IncidentId& id : tree[i]->shown.merged) {
      OpenIncident* below = context.book.find(id);
      IOC_ASSERT(below != nullptr);
      tree.push_back(below);
    }
  }
  return tree;
}

Incident folded(Context& context, OpenIncident& incident) {
  Incident whole = incident.shown;
  const std::vector<OpenIncident*> tree = tree_of(context, incident);
  if (tree.size() == 1) return whole;
  whole.merged.clear();
  for (std::size_t i = 1; i < tree.size(); ++i) {
    whole.merged.push_back(tree[i]->shown.id);
    fold(tree[i]->shown, whole);
  }
  // Ids begin with the time.
  std::sort(whole.newest_events.begin(), whole.newest_events.end());
  const std::size_t most = context.bundle->limits.life.newest_events;
  if (whole.newest_events.size() > most) {
    whole.newest_events.erase(whole.newest_events.begin(), whole.newest_events.end() - static_cast<std::ptrdiff_t>(most));
  }
  return whole;
}

void follow_top(Context& context, OpenIncident& top) {
  const bool shut = !is_open(top.shown.state), closed = top.shown.state == IncidentState::Closed;
  const std::vector<OpenIncident*> tree = tree_of(context, top);
  for (std::size_t i = 1; i < tree.size(); ++i) {
    OpenIncident& below = *tree[i];
    if (below.beside.top_shut == shut && below.beside.top_closed == closed) continue;
    below.beside.top_shut = shut;
    below.beside.top_closed = closed;
    context.book.mark_unwritten(below);
    context.book.set_timer(below, next_timer_ms(below));
    context.book.settle_at_end(below);
  }
}

void tell_left(Context& context, OpenIncident& top, const std::vector<SubscriberId>& before) {
  const Incident now = folded(context, top);
  for (const SubscriberId& subscriber : before) {
    const bool stays = std::binary_search(now.subscribers.begin(), now.subscribers.end(), subscriber);
    if (!stays) context.out.subscriber_entry(subscriber, now);
  }
}

ReportStatus status_in(Context& context, OpenIncident& own) {
  const OpenIncident& top = top_of(context, own);
  ReportStatus status;
  status.incident = top.shown.id;
  status.joined = &top != &own;
  status.state = report_state_of(top.shown, status.joined);
  status.outcome = top.shown.outcome;
  return status;
}

}  // namespace ioc::triage
