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
  return "there is no category " + cut(code.str(), kActorBytes) + "; name one of " + codes_of(bundle.categories);
}

bool names_class(const Command& command) {
  return !command.category.empty() || !command.sub_kind.empty() || !command.further_categories.empty() || command.severity || command.emergency;
}

std::string what_is_wrong_of_sub_kind(const Bundle& bundle, const CategoryCode& of, const SubKindCode& code) {
  const Category& category = bundle.category(of.str());
  if (code.empty() || code.str() == kNoSubKind || (category.code == of && category.sub_kind(code.str()))) return {};
  const std::string all = category.code == of ? codes_of(category.sub_kinds) : "";
  return "the category " + of.str() + " has no sub-kind " + cut(code.str(), kActorBytes) + (all.empty() ? "; leave it out" : "; name one of " + all + ", or - for none of them");
}

std::string what_is_wrong(const Bundle& bundle, const Incident& shown, const Command& command) {
  if (command.back_to_triage) return names_class(command) ? "going back to triage's choice names nothing else; send one or the other" : "";
  if (command.category.empty()) {
    if (!command.further_categories.empty()) return "name the category that the further ones stand beside";
    if (!names_class(command)) return "name a category, a sub-kind, a severity, or whether it is an emergency";
    return what_is_wrong_of_sub_kind(bundle, shown.category, command.sub_kind);
  }
  if (command.further_categories.size() > kFurtherMax) return "name at most " + std::to_string(kFurtherMax) + " further categories";
  std::string wrong = what_is_unknown(bundle, command.category);
  for (std::size_t i = 0; wrong.empty() && i < command.further_categories.size(); ++i) {
    const auto end = command.further_categories.begin() + static_cast<std::ptrdiff_t>(i);
    const CategoryCode& further = *end;
    const bool twice = further == command.category || std::find(command.further_categories.begin(), end, further) != end;
    wrong = twice ? "the category " + further.str() + " is named twice" : what_is_unknown(bundle, further);
  }
  return wrong.empty() ? what_is_wrong_of_sub_kind(bundle, command.category, command.sub_kind) : wrong;
}

// The first choice that an operator replaces is triage's; a later one replaces an operator's.
void keep_overruled(Incident& shown, const Command& command) {
  if (!shown.overruled) shown.overruled.emplace().triage_severity = shown.severity;
  Overruled& kept = *shown.overruled;
  kept.by = cut(command.actor, kActorBytes);
  if (!command.category.empty() && kept.category.empty()) {
    kept.category = shown.category;
    kept.sub_kind = shown.sub_kind;
    kept.further_categories = shown.further_categories;
  }
  if (command.severity && !kept.severity) kept.severity = kept.triage_severity.value_or(shown.severity);
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
  cls.sub_kind = shown.sub_kind;
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
    // What it is exactly stays true while the category does.
    if (!command.sub_kind.empty() || command.category != shown.category) {
      shown.sub_kind = command.sub_kind.str() == kNoSubKind ? SubKindCode() : command.sub_kind;
    }
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

// Categories stay where only the urgency goes back.
void give_back(const Context& context, OpenIncident& incident, bool categories) {
  Incident& shown = incident.shown;
  const Overruled kept = *shown.overruled;
  shown.emergency = kept.emergency.value_or(shown.emergency);
  shown.severity = kept.triage_severity.value_or(kept.severity.value_or(shown.severity));
  if (categories && !kept.category.empty()) {
    shown.category = kept.category;
    shown.sub_kind = kept.sub_kind;
    shown.further_categories = kept.further_categories;
  }
  if (categories || kept.category.empty()) return shown.overruled.reset();
  shown.severity = std::min(shown.severity, severity_by_rules(context, incident));
  shown.overruled->severity.reset();
  shown.overruled->emergency.reset();
}

Decision told_of(const Incident& before, const Incident& shown, const Command& command) {
  Decision decision;
  decision.kind = DecisionKind::Classified;
  decision.incident = shown.id;
  decision.actor = cut(command.actor, kActorBytes);
  decision.details = {{"category", shown.category.str()}, {"category_before", before.category.str()}};
  if (shown.overruled && !shown.overruled->category.empty()) decision.details.push_back({"model_category", shown.overruled->category.str()});
  const auto add = [&](const char* name, const SubKindCode& code) {
    if (!code.empty()) decision.details.push_back({name, code.str()});
  };
  add("sub_kind", shown.sub_kind);
  add("sub_kind_before", before.sub_kind);
  if (shown.overruled && !shown.overruled->category.empty()) add("model_sub_kind", shown.overruled->sub_kind);
  if (!shown.sender_category.empty()) decision.details.push_back({"sender_category", shown.sender_category});
  for (const CategoryCode& further : shown.further_categories) decision.details.push_back({"further_category", further.str()});
  decision.details.push_back({"severity", std::string(name_of(shown.severity))});
  decision.details.push_back({"emergency", shown.emergency ? "yes" : "no"});
  return decision;
}

// What the rules read of it has changed: index, clocks and route follow.
void follow(Context& context, OpenIncident& incident, const Rerouting& rerouting, const Reason& why) {
  if (incident.indexed) context.book.index(incident);
  context.touch(incident, Change::Version);
  refit_clocks(context, incident, why);
  rerouting.follow();
}

// Who names a sub-kind says that the category is right: it is the operator's choice from now on, with its further ones.
Command with_category(const Incident& shown, const Command& command) {
  Command full = command;
  if (command.sub_kind.empty() || !command.category.empty()) return full;
  full.category = shown.category;
  full.further_categories = shown.further_categories;
  return full;
}

void reclassify_one(Context& context, OpenIncident& incident, const Command& command) {
  const Incident before = incident.shown;
  const Rerouting rerouting(context, incident);
  keep_overruled(incident.shown, command);
  choose(context, incident, command);
  context.out.decide("classified_by_operator", told_of(before, incident.shown, command));
  follow(context, incident, rerouting, "classified_by_operator");
}

void give_back_one(Context& context, OpenIncident& incident, const Command& command, bool categories) {
  const Incident before = incident.shown;
  const Rerouting rerouting(context, incident);
  give_back(context, incident, categories);
  context.out.decide("given_back_to_triage", told_of(before, incident.shown, command));
  follow(context, incident, rerouting, "given_back_to_triage");
}

// What of the urgency an incident that is merged into another has to follow, so that it does not show through.
Command urgency_for(const Incident& child, const Command& command) {
  Command urgency = command;
  urgency.category = {};
  urgency.sub_kind = {};
  urgency.further_categories.clear();
  if (!(command.emergency == false && child.emergency)) urgency.emergency.reset();
  if (!command.severity || child.severity >= *command.severity) urgency.severity.reset();
  return urgency;
}

bool is_urgency_overruled(const Incident& shown) { return shown.overruled && (shown.overruled->severity || shown.overruled->emergency); }

// The way back: of the one on top all that operators chose, of those merged into it the urgency, which is seen of all.
Outcome give_back_all(Context& context, OpenIncident& top, const Command& command) {
  if (!top.shown.overruled) return {"nobody has chosen otherwise than triage; there is nothing to give back", {}};
  give_back_one(context, top, command, true);
  const std::vector<OpenIncident*> tree = tree_of(context, top);
  for (std::size_t i = 1; i < tree.size(); ++i) {
    if (is_urgency_overruled(tree[i]->shown)) give_back_one(context, *tree[i], command, false);
  }
  return {};
}

}  // namespace

Outcome reclassify(Context& context, OpenIncident& incident, const Command& command) {
  if (std::string wrong = what_is_wrong(*context.bundle, incident.shown, command); !wrong.empty()) return {std::move(wrong), {}};
  if (command.back_to_triage) return give_back_all(context, incident, command);
  reclassify_one(context, incident, with_category(incident.shown, command));
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
