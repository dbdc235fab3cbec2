// The operators' queue by rules.yaml, first match wins unless it says `continue`; the catch-all is required. Subscribers by
// their unit sets as they were valid when it happened.
#include <algorithm>

#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

void add_subscriber(Incident& shown, const SubscriberId& id) {
  auto& all = shown.subscribers;
  const auto at = std::lower_bound(all.begin(), all.end(), id);
  if (at == all.end() || *at != id) all.insert(at, id);
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
  const Incident& shown = incident.shown;
  Subject subject;
  subject.feed = feed;
  subject.category = shown.category.str();
  subject.kind = incident.beside.kind;
  subject.unit = shown.unit.str();
  subject.severity = shown.severity;
  subject.emergency = shown.emergency;
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

Next route(Context& context, Work& work) {
  route_incident(context, *work.target, work.event.feed, work.event.id);
  return Next::Stage;
}

}  // namespace ioc::triage
