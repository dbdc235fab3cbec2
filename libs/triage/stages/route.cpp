// The operators' queue by rules.yaml, first match wins unless it says `continue`; the catch-all is required. Subscribers by
// their unit sets as they were valid when it happened.
#include <algorithm>

#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

void add_subscriber(Incident& shown, const SubscriberId& id) {
  auto& all = shown.subscribers;
  const auto at = std::lower_bound(all.begin(), all.end(), id);
  if (at == all.end() || *at != id) all.insert(at, id);
}

struct Urgency {
  Severity severity = Severity::Info;
  bool emergency = false;
};

Urgency own_urgency(const Incident& shown) { return {shown.severity, shown.emergency}; }

// Of all that is merged into it, as others see it.
Urgency most_urgent(Context& context, OpenIncident& incident) {
  Urgency most = own_urgency(incident.shown);
  for (const OpenIncident* one : tree_of(context, incident)) {
    most.severity = std::min(most.severity, one->shown.severity);
    most.emergency = most.emergency || one->shown.emergency;
  }
  return most;
}

Routing routing_by(const Context& context, const OpenIncident& incident, Feed feed, const Urgency& urgency) {
  const Incident& shown = incident.shown;
  Subject subject;
  subject.feed = feed;
  subject.category = shown.category.str();
  subject.sub_kind = shown.sub_kind.str();
  subject.kind = incident.beside.kind;
  subject.unit = shown.unit.str();
  subject.severity = urgency.severity;
  subject.emergency = urgency.emergency;
  subject.place_known = !shown.unit.empty();
  Routing routing;
  for (const RouteRule& rule : context.bundle->routes) {
    if (!rule.match.accepts(subject)) continue;
    routing.accepted.push_back(&rule);
    if (routing.queue.empty() && !rule.queue.empty()) {
      routing.queue = QueueId(rule.queue);
      routing.rule = rule.id;
    }
    if (!rule.goes_on) break;
  }
  return routing;
}

Routing routing_of_all(Context& context, OpenIncident& incident) {
  return routing_by(context, incident, first_feed(incident.shown), most_urgent(context, incident));
}

}  // namespace

void add_subscribers(Context& context, OpenIncident& incident, EventTime when) {
  Incident& shown = incident.shown;
  if (shown.unit.empty()) return;
  for (const Subscription& subscription : context.bundle->subscriptions) {
    if (subscription.covers(shown.unit, when)) add_subscriber(shown, subscription.id);
  }
}

Routing routing_of(const Context& context, const OpenIncident& incident, Feed feed) {
  return routing_by(context, incident, feed, own_urgency(incident.shown));
}

void route_incident(Context& context, OpenIncident& incident, Feed feed, const EventId& event) {
  Incident& shown = incident.shown;
  const Routing routing = routing_of(context, incident, feed);
  Decision decision;
  decision.kind = DecisionKind::Routed;
  decision.incident = shown.id;
  decision.event = event;
  decision.feed = feed;
  shown.queue = routing.queue;
  if (!routing.rule.empty()) shown.route_rule = routing.rule;
  for (const RouteRule* rule : routing.accepted) {
    for (const std::string& id : rule->subscribers) add_subscriber(shown, SubscriberId(id));
    decision.details.push_back({"rule", rule->id});
  }
  add_subscribers(context, incident, shown.opened_at);
  decision.rule = shown.route_rule;
  decision.details.push_back({"queue", shown.queue.str()});
  for (const SubscriberId& id : shown.subscribers) decision.details.push_back({"subscriber", id.str()});
  context.out.decide("first_rule_that_accepts", std::move(decision));
}

void route_again(Context& context, OpenIncident& incident) {
  const std::vector<SubscriberId> before = folded(context, incident).subscribers;
  incident.shown.subscribers.clear();
  route_incident(context, incident, first_feed(incident.shown), {});
  tell_left(context, incident, before);
}

Rerouting::Rerouting(Context& context, OpenIncident& incident)
    : x_context(context), x_incident(incident), x_before(routing_of(context, incident, first_feed(incident.shown))) {
  for (OpenIncident* at = &incident; at; at = at->shown.state == IncidentState::Merged ? context.book.find(at->shown.merged_into) : nullptr) {
    if (!at->shown.merged.empty()) x_above.push_back({at, routing_of_all(context, *at).rule == at->shown.route_rule});
  }
}

bool Rerouting::follow(const EventId& brought_by) const {
  const Feed feed = first_feed(x_incident.shown);
  const bool changed = routing_of(x_context, x_incident, feed) != x_before;
  const bool adds = !brought_by.empty() || x_incident.shown.state == IncidentState::Merged;
  if (changed && adds) route_incident(x_context, x_incident, feed, brought_by);
  if (changed && !adds) route_again(x_context, x_incident);
  for (const Above& above : x_above) follow_most_urgent(above, brought_by);
  return changed;
}

// Its subscribers are told by what is merged into it (merged.h), so undoing the merge leaves nothing behind.
void Rerouting::follow_most_urgent(const Above& above, const EventId& brought_by) const {
  Incident& shown = above.incident->shown;
  const Routing routing = routing_of_all(x_context, *above.incident);
  if (routing.rule == shown.route_rule || !(above.follows_most_urgent || !brought_by.empty())) return;
  shown.queue = routing.queue;
  shown.route_rule = routing.rule;
  x_context.touch(*above.incident, Change::Version);
  Decision decision;
  decision.kind = DecisionKind::Routed;
  decision.incident = shown.id;
  decision.event = brought_by;
  decision.feed = first_feed(shown);
  decision.rule = routing.rule;
  decision.details = {{"queue", shown.queue.str()}};
  x_context.out.decide("most_urgent_of_merged", std::move(decision));
}

Next route(Context& context, Work& work) {
  route_incident(context, *work.target, work.event.feed, work.event.id);
  return Next::Stage;
}

}  // namespace ioc::triage
