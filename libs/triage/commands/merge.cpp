// One incident goes into another, and comes back exactly as it was (DESIGN D8, merged.h): nothing of either is changed but
// the link between them.
#include <algorithm>

#include "libs/triage/commands/commands.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kApartMax = 200;

Decision between(DecisionKind kind, const IncidentId& child, const IncidentId& into, const Command& command) {
  Decision decision;
  decision.kind = kind;
  decision.incident = child;
  decision.actor = command.actor;
  decision.details = {{"incident", child.str()}, {"into", into.str()}};
  return decision;
}

std::string why_not_into(Context& context, const OpenIncident& child, const IncidentId& into) {
  if (into.empty()) return "name the incident that it is merged into";
  if (into == child.shown.id) return "an incident is not merged into itself";
  const auto partition = partition_of(into);
  if (!partition) return "there is no incident " + into.str();
  if (*partition != context.partition) return into.str() + " is in another area; relocate one of the two first";
  const OpenIncident* target = context.book.find(into);
  if (!target) return "there is no incident " + into.str();
  if (target->shown.state == IncidentState::Merged) {
    return into.str() + " is merged into " + target->shown.merged_into.str() + "; merge into that one";
  }
  if (!is_open(target->shown.state)) return into.str() + " is " + std::string(name_of(target->shown.state)) + "; reopen it first";
  if (child.beside.parts_left + target->beside.parts_left > 0) return "one of them is still arriving from another area; try again";
  return {};
}

void keep_apart(OpenIncident& one, const IncidentId& other) {
  auto& apart = one.beside.apart_from;
  if (std::find(apart.begin(), apart.end(), other) == apart.end()) apart.push_back(other);
  if (apart.size() > kApartMax) apart.erase(apart.begin());
}

// What the command names: the merged one itself, or one of those in it; the newest when it names none.
OpenIncident* to_take_out(Context& context, OpenIncident& named, const Command& command) {
  if (named.shown.state == IncidentState::Merged) return &named;
  const auto& merged = named.shown.merged;
  if (merged.empty()) return nullptr;
  const IncidentId& child = command.into.empty() ? merged.back() : command.into;
  const bool there = std::find(merged.begin(), merged.end(), child) != merged.end();
  return there ? context.book.find(child) : nullptr;
}

}  // namespace

Outcome merge(Context& context, OpenIncident& child, const Command& command) {
  if (std::string why = why_not_into(context, child, command.into); !why.empty()) return {std::move(why), {}};
  OpenIncident& target = *context.book.find(command.into);
  if (tree_of(context, child).size() + tree_of(context, target).size() > kMergedMax) {
    return {"no more than " + std::to_string(kMergedMax) + " incidents are merged into one", {}};
  }
  // Touched while it is still its own, so that its subscribers hear of it.
  context.touch(child, Change::Version);
  child.beside.before_merge = child.shown.state;
  child.shown.state = IncidentState::Merged;
  child.shown.merged_into = target.shown.id;
  target.shown.merged.push_back(child.shown.id);
  context.touch(target, Change::Version);
  context.out.decide("merged_by_operator", between(DecisionKind::Merged, child.shown.id, target.shown.id, command));
  tell_all_citizens(context, child);
  return {};
}

Outcome unmerge(Context& context, OpenIncident& named, const Command& command) {
  OpenIncident* child = to_take_out(context, named, command);
  if (!child) return {"it is not merged, and the incident that was named is not merged into it", {}};
  OpenIncident& target = *context.book.find(child->shown.merged_into);
  OpenIncident& top = top_of(context, target);
  const std::vector<SubscriberId> before = folded(context, top).subscribers;
  const Rerouting rerouting(context, target);
  child->shown.state = child->beside.before_merge;
  child->shown.merged_into = {};
  child->beside.top_shut = child->beside.top_closed = false;
  std::erase(target.shown.merged, child->shown.id);
  keep_apart(*child, target.shown.id);
  keep_apart(target, child->shown.id);
  context.touch(*child, Change::Version);
  context.touch(target, Change::Version);
  context.book.settle_at_end(*child);
  context.out.decide("taken_apart_by_operator", between(DecisionKind::Unmerged, child->shown.id, target.shown.id, command));
  rerouting.follow();
  tell_left(context, top, before);
  tell_all_citizens(context, *child);
  return {{}, {child->shown.id}};
}

}  // namespace ioc::triage
