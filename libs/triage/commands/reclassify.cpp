// An operator knows better what it is. The choice counts from now on: queue, subscribers and clocks follow it, and no later
// event undoes it (stages/admit.cpp). What the sender and triage had chosen is kept beside it.
#include <algorithm>

#include "libs/triage/commands/commands.h"
#include "libs/triage/cut.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/classify_text.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kFurtherMax = 3, kActorBytes = 200;

std::string what_is_unknown(const Bundle& bundle, const CategoryCode& code) {
  if (bundle.category(code.str()).code == code) return {};
  std::string all;
  for (const Category& one : bundle.categories) all += (all.empty() ? "" : ", ") + one.code.str();
  return "there is no category " + cut(code.str(), kActorBytes) + "; name one of " + all;
}

std::string what_is_wrong(const Bundle& bundle, const Command& command) {
  if (command.category.empty()) {
    if (!command.further_categories.empty()) return "name the category that the further ones stand beside";
    return command.severity || command.emergency ? "" : "name a category, a severity, or whether it is an emergency";
  }
  if (command.further_categories.size() > kFurtherMax) return "name at most " + std::to_string(kFurtherMax) + " further categories";
  std::string wrong = what_is_unknown(bundle, command.category);
  for (std::size_t i = 0; wrong.empty() && i < command.further_categories.size(); ++i) {
    const auto end = command.further_categories.begin() + static_cast<std::ptrdiff_t>(i);
    const CategoryCode& further = *end;
    const bool twice = further == command.category || std::find(command.further_categories.begin(), end, further) != end;
    wrong = twice ? "the category " + further.str() + " is named twice" : what_is_unknown(bundle, further);
  }
  return wrong;
}

// The first choice that an operator replaces is triage's; a later one replaces an operator's.
void keep_overruled(Incident& shown, const Command& command) {
  if (!shown.overruled) shown.overruled.emplace();
  Overruled& kept = *shown.overruled;
  kept.by = cut(command.actor, kActorBytes);
  if (!command.category.empty() && kept.category.empty()) {
    kept.category = shown.category;
    kept.further_categories = shown.further_categories;
  }
  if (command.severity && !kept.severity) kept.severity = shown.severity;
  if (command.emergency && !kept.emergency) kept.emergency = shown.emergency;
}

// By severity.yaml; how urgent the sender called it is not known any more.
Severity severity_by_rules(const Context& context, const OpenIncident& incident) {
  const Incident& shown = incident.shown;
  Event event;
  event.feed = first_feed(shown);
  Place place;
  place.unit = shown.unit;
  Class cls;
  cls.category = &context.bundle->category(shown.category.str());
  cls.kind = incident.beside.kind;
  cls.severity = shown.severity;
  cls.emergency = shown.emergency;
  apply_severity(*context.bundle, event, place, Urgency::Unspecified, !cls.kind.empty(), cls);
  return cls.severity;
}

// Unless it is named, it follows the rules, downwards only where there is no danger to life after all.
void choose(const Context& context, OpenIncident& incident, const Command& command) {
  Incident& shown = incident.shown;
  const bool no_danger = shown.emergency && command.emergency == false;
  if (!command.category.empty()) {
    shown.category = command.category;
    shown.further_categories = command.further_categories;
  }
  shown.emergency = command.emergency.value_or(shown.emergency);
  if (command.severity) {
    shown.severity = *command.severity;
  } else if (!shown.overruled->severity) {
    const Severity by_rules = severity_by_rules(context, incident);
    shown.severity = no_danger ? by_rules : std::min(shown.severity, by_rules);
  }
}

void explain(Context& context, const Incident& before, const Incident& shown) {
  Decision decision;
  decision.kind = DecisionKind::Classified;
  decision.incident = shown.id;
  decision.actor = shown.overruled->by;
  decision.details = {{"category", shown.category.str()}, {"category_before", before.category.str()}};
  if (!shown.overruled->category.empty()) decision.details.push_back({"model_category", shown.overruled->category.str()});
  if (!shown.sender_category.empty()) decision.details.push_back({"sender_category", shown.sender_category});
  for (const CategoryCode& further : shown.further_categories) decision.details.push_back({"further_category", further.str()});
  decision.details.push_back({"severity", std::string(name_of(shown.severity))});
  decision.details.push_back({"emergency", shown.emergency ? "yes" : "no"});
  context.out.decide("classified_by_operator", std::move(decision));
}

void reclassify_one(Context& context, OpenIncident& incident, const Command& command) {
  const Incident before = incident.shown;
  const Feed feed = first_feed(before);
  const Routing routed = routing_of(context, incident, feed);
  keep_overruled(incident.shown, command);
  choose(context, incident, command);
  if (incident.indexed) context.book.index(incident);
  context.touch(incident, Change::Version);
  explain(context, before, incident.shown);
  refit_clocks(context, incident, "classified_by_operator");
  // A queue that an operator chose stays while the rules say what they said before.
  if (routing_of(context, incident, feed) == routed) return;
  if (incident.shown.state == IncidentState::Merged) route_incident(context, incident, feed, {});
  else route_again(context, incident);
}

// What of the urgency an incident that is merged into another has to follow, so that it does not show through.
Command urgency_for(const Incident& child, const Command& command) {
  Command urgency = command;
  urgency.category = {};
  urgency.further_categories.clear();
  if (!(command.emergency == false && child.emergency)) urgency.emergency.reset();
  if (!command.severity || child.severity >= *command.severity) urgency.severity.reset();
  return urgency;
}

}  // namespace

Outcome reclassify(Context& context, OpenIncident& incident, const Command& command) {
  if (std::string wrong = what_is_wrong(*context.bundle, command); !wrong.empty()) return {std::move(wrong), {}};
  reclassify_one(context, incident, command);
  if (!command.severity && !command.emergency) return {};
  // How urgent it is, is seen of all that is merged into it; what each of those is, stays its own.
  const std::vector<OpenIncident*> tree = tree_of(context, incident);
  for (std::size_t i = 1; i < tree.size(); ++i) {
    const Command urgency = urgency_for(tree[i]->shown, command);
    if (urgency.severity || urgency.emergency) reclassify_one(context, *tree[i], urgency);
  }
  return {};
}

}  // namespace ioc::triage
