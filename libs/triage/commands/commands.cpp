#include "libs/triage/commands/commands.h"

#include <algorithm>

#include "libs/triage/codec.h"
#include "libs/triage/cut.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

const std::string kPrefix = "command/";
constexpr std::size_t kPersonBytes = 200, kUnitsMax = 50, kOutcomeBytes = 100, kTextBytes = 4000, kListedMax = 50;

std::string encode_result(const CommandResult& result) {
  Writer out;
  out.number(static_cast<std::uint64_t>(result.status));
  out.text(result.incident.str());
  out.number(result.version);
  out.text(result.detail);
  out.number(result.created.size());
  for (const IncidentId& id : result.created) out.text(id.str());
  return out.take();
}

CommandResult decode_result(const CommandId& id, std::string_view bytes) {
  Reader in(bytes);
  CommandResult result;
  result.command = id;
  result.status = static_cast<CommandStatus>(in.number());
  result.incident = IncidentId(in.text());
  result.version = in.number();
  result.detail = in.text();
  result.created.resize(in.count());
  for (IncidentId& created : result.created) created = IncidentId(in.text());
  return result;
}

Outcome acknowledge(Context& context, OpenIncident& incident, const Command& command) {
  if (incident.shown.acknowledged_at) return {"it is acknowledged already", {}};
  incident.shown.acknowledged_at = context.now;
  incident.shown.acknowledged_by = cut(command.actor, kPersonBytes);
  set_ended_clock(context, incident);
  context.touch(incident, Change::Version);
  return {};
}

Outcome assign(Context& context, OpenIncident& incident, const Command& command) {
  if (command.queue.empty() && command.person.empty()) return {"name a queue or a person", {}};
  const auto& queues = context.bundle->queues;
  const bool known = std::any_of(queues.begin(), queues.end(), [&](const Queue& queue) { return queue.id == command.queue; });
  if (!command.queue.empty() && !known) return {"there is no queue " + command.queue.str(), {}};
  if (!command.queue.empty()) incident.shown.queue = command.queue;
  incident.shown.assignee = cut(command.person, kPersonBytes);
  context.touch(incident, Change::Version);
  return {};
}

Outcome forward(Context& context, OpenIncident& incident, const Command& command) {
  if (command.units.empty() || command.units.size() > kUnitsMax) return {"name 1 to 50 units", {}};
  Incident& shown = incident.shown;
  std::vector<UnitCode> all = shown.forwarded_units;
  for (const UnitCode& unit : command.units) {
    if (std::find(all.begin(), all.end(), unit) == all.end()) all.push_back(unit);
  }
  if (all.size() > kUnitsMax) return {"it is forwarded to 50 units already", {}};
  shown.forwarded_units = std::move(all);
  shown.state = IncidentState::Forwarded;
  set_ended_clock(context, incident);
  incident.beside.close_at = LogTime();
  context.touch(incident, Change::Version);
  end_clock(context, incident, ClockKind::Forward, ClockState::Met);
  start_clock(context, incident, ClockKind::Accept);
  tell_all_citizens(context, incident);
  return {};
}

Outcome resolve(Context& context, OpenIncident& incident, const Command& command) {
  constexpr std::string_view kOutcomes[] = {"fixed", "nothing_found", "reminded", "not_enough_evidence",
                                            "planned", "passed_on", "explained"};
  if (std::find(std::begin(kOutcomes), std::end(kOutcomes), command.outcome) == std::end(kOutcomes)) {
    return {"outcome must be fixed, nothing_found, reminded, not_enough_evidence, planned, passed_on or explained", {}};
  }
  incident.shown.state = IncidentState::Resolved;
  incident.shown.outcome = cut(command.outcome, kOutcomeBytes);
  incident.beside.closed_by_record = true;
  incident.beside.close_at = context.now + context.bundle->limits.life.closing;
  context.touch(incident, Change::Version);
  end_clock(context, incident, ClockKind::Resolve, ClockState::Met);
  end_clock(context, incident, ClockKind::Forward, ClockState::Stopped);
  end_clock(context, incident, ClockKind::Accept, ClockState::Stopped);
  tell_all_citizens(context, incident);
  return {};
}

Outcome reopen(Context& context, OpenIncident& incident, const Command&) {
  Incident& shown = incident.shown;
  if (is_open(shown.state)) return {"it is open", {}};
  if (!shown.relocated_to.empty()) return {"it was relocated; go on with " + shown.relocated_to.str(), {}};
  Beside& beside = incident.beside;
  shown.state = shown.forwarded_units.empty() ? IncidentState::New : IncidentState::Forwarded;
  shown.outcome.clear();
  beside.closed_by_record = false;
  beside.close_at = beside.forget_at = beside.archive_at = LogTime();
  context.touch(incident, Change::Version);
  start_clock(context, incident, ClockKind::Resolve);
  if (shown.forwarded_units.empty()) start_clock(context, incident, ClockKind::Forward);
  else start_clock(context, incident, ClockKind::Accept);
  tell_all_citizens(context, incident);
  return {};
}

Outcome comment(Context& context, OpenIncident& incident, const Command& command) {
  if (command.text.empty()) return {"a comment needs text", {}};
  context.touch(incident, Change::Shown);
  return {};
}

Outcome apply(Context& context, OpenIncident& incident, const Command& command) {
  const bool open = is_open(incident.shown.state);
  switch (command.kind) {
    case CommandKind::Comment: return comment(context, incident, command);
    case CommandKind::Unmerge: return unmerge(context, incident, command);
    default: break;
  }
  if (incident.shown.state == IncidentState::Merged) {
    return {"it is merged into " + incident.shown.merged_into.str() + "; unmerge it first", {}};
  }
  switch (command.kind) {
    case CommandKind::Reopen: return reopen(context, incident, command);
    default: break;
  }
  if (!open) return {"it is " + std::string(name_of(incident.shown.state)) + "; reopen it first", {}};
  switch (command.kind) {
    case CommandKind::Acknowledge: return acknowledge(context, incident, command);
    case CommandKind::Assign: return assign(context, incident, command);
    case CommandKind::Forward: return forward(context, incident, command);
    case CommandKind::Resolve: return resolve(context, incident, command);
    case CommandKind::Split: return split(context, incident, command);
    case CommandKind::Merge: return merge(context, incident, command);
    case CommandKind::Relocate: return relocate(context, incident, command);
    case CommandKind::Reclassify:
      if (context.behaviour >= since::kReclassifies) return reclassify(context, incident, command);
      [[fallthrough]];
    default: return {"the command " + std::string(name_of(command.kind)) + " is not possible yet", {}};
  }
}

CommandResult decide_on(Context& context, const Command& command) {
  CommandResult result{command.id, CommandStatus::Applied, command.incident, 0, {}, {}};
  OpenIncident* incident = context.book.find(command.incident);
  if (!incident) {
    result.status = CommandStatus::NotFound;
    result.detail = "there is no such incident in this partition";
    return result;
  }
  result.version = incident->shown.version;
  if (command.version != incident->shown.version) {
    result.status = CommandStatus::StaleVersion;
    result.detail = "the incident has version " + std::to_string(result.version) + ", the command was for " +
                    std::to_string(command.version);
    return result;
  }
  Outcome outcome = apply(context, *incident, command);
  if (!outcome.detail.empty()) result.status = CommandStatus::Refused;
  result.detail = std::move(outcome.detail);
  result.created = std::move(outcome.created);
  result.version = incident->shown.version;
  return result;
}

std::vector<Detail> details_of(const Command& command) {
  std::vector<Detail> details{{"command", std::string(name_of(command.kind))}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty() && details.size() < kListedMax) details.push_back({name, cut(value, kTextBytes)});
  };
  add("queue", command.queue.str());
  add("person", command.person);
  for (const UnitCode& unit : command.units) add("unit", unit.str());
  add("outcome", command.outcome);
  add("into", command.into.str());
  add("category", command.category.str());
  add("sub_kind", command.sub_kind.str());
  for (const CategoryCode& further : command.further_categories) add("further_category", further.str());
  if (command.severity) add("severity", std::string(name_of(*command.severity)));
  if (command.emergency) add("emergency", *command.emergency ? "yes" : "no");
  if (command.back_to_triage) add("back_to_triage", "yes");
  add("text", command.text);
  for (const EventId& event : command.events) add("event", event.str());
  return details;
}

}  // namespace

void run_command(Context& context, const Command& command) {
  Decision decision;
  decision.kind = DecisionKind::Command;
  decision.incident = command.incident;
  decision.actor = command.actor;
  const std::string key = kPrefix + command.id.str();
  if (const auto first = context.state.get(Table::Other, key)) {
    decision.command_result = decode_result(command.id, *first);
    context.out.decide("same_command_id", std::move(decision));
    return;
  }
  decision.command_result = decide_on(context, command);
  context.state.put(Table::Other, key, encode_result(*decision.command_result));
  context.expiry.at(context.now + context.bundle->limits.life.command_results, Expiry::kCommand, key);
  decision.details = details_of(command);
  switch (decision.command_result->status) {
    case CommandStatus::Applied: context.out.decide("applied", std::move(decision)); break;
    case CommandStatus::StaleVersion: context.out.decide("stale_version", std::move(decision)); break;
    case CommandStatus::NotFound: context.out.decide("not_found", std::move(decision)); break;
    case CommandStatus::Refused: context.out.decide("refused", std::move(decision)); break;
  }
}

}  // namespace ioc::triage
