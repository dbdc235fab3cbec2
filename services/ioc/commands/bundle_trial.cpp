#include "services/ioc/commands/bundle_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;
using triage::Table;

constexpr std::uint64_t kStepsADelta = 4'096;
constexpr Severity kSeverities[] = {Severity::Critical, Severity::High, Severity::Medium, Severity::Info};
// What is compared, as it is told to people.
constexpr std::pair<DecisionKind, std::string_view> kCounted[] = {
    {DecisionKind::Opened, "opened"},         {DecisionKind::Joined, "joined"},   {DecisionKind::Suggested, "suggested"},
    {DecisionKind::Suppressed, "suppressed"}, {DecisionKind::Counted, "counted"}, {DecisionKind::Chattering, "chattering"},
    {DecisionKind::ClockBreached, "deadlines_missed"}, {DecisionKind::Closed, "closed_by_clock"}, {DecisionKind::DeadLetter, "dead_letters"}};

std::uint64_t count_of(const TrialOutcome& outcome, DecisionKind kind) {
  const auto found = outcome.decisions.find(kind);
  return found == outcome.decisions.end() ? 0 : found->second;
}

std::string line(std::string_view what, std::uint64_t before, std::uint64_t after) {
  return fmt::format("{:<34} {:>9} {:>9} {:>+9}\n", what, before, after,
                     static_cast<std::int64_t>(after) - static_cast<std::int64_t>(before));
}

json::object counts_json(const TrialOutcome& outcome) {
  json::object all{{"incidents", outcome.incidents.size()}};
  for (const auto& [kind, name] : kCounted) all[name] = count_of(outcome, kind);
  all["commands_not_applied"] = outcome.commands_not_applied;
  json::object categories;
  for (const auto& [category, count] : outcome.by_category()) categories[category] = count;
  all["by_category"] = std::move(categories);
  for (const bool open : {false, true}) {
    json::object queues;
    for (const auto& [where, count] : outcome.by_queue(open)) {
      if (!queues.contains(where.first)) queues[where.first] = json::object{};
      queues[where.first].as_object()[name_of(where.second)] = count;
    }
    all[open ? "open_by_queue" : "by_queue"] = std::move(queues);
  }
  return all;
}

json::object fate_json(const TrialOutcome::Fate& fate) {
  return {{"decision", name_of(fate.kind)}, {"incident", fate.incident}, {"category", fate.category}};
}

std::string describe_categories(const TrialOutcome& before, const TrialOutcome& after) {
  auto then = before.by_category(), now = after.by_category();
  for (const auto& [category, count] : now) then.try_emplace(category, 0);
  std::string out = "by category\n";
  for (const auto& [category, count] : then) out += line("  " + category, count, now[category]);
  return out;
}

std::string describe_difference(const TrialDifference& one, const TrialOutcome& after) {
  const auto told = [](const TrialOutcome::Fate& fate) {
    return fmt::format("{} {}{}{}{}", name_of(fate.kind), fate.incident, fate.category.empty() ? "" : " (", fate.category, fate.category.empty() ? "" : ")");
  };
  const auto incident = after.incidents.find(one.after.incident);
  return fmt::format("  {}  {} -> {}{}\n", one.event, told(one.before), told(one.after),
                     incident == after.incidents.end() ? "" : "  \"" + incident->second.title + "\"");
}

}  // namespace

std::map<std::string, std::uint64_t> TrialOutcome::by_category() const {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& [id, incident] : incidents) ++counts[incident.category.str()];
  return counts;
}

TrialOutcome::Fate TrialOutcome::fate_of(const std::string& event) const {
  const auto report = reports.find(event);
  if (report == reports.end()) return {DecisionKind::DeadLetter, "", ""};
  Fate fate = report->second;
  if (const auto incident = incidents.find(fate.incident); incident != incidents.end()) fate.category = incident->second.category.str();
  return fate;
}

std::map<std::pair<std::string, Severity>, std::uint64_t> TrialOutcome::by_queue(bool open_only) const {
  std::map<std::pair<std::string, Severity>, std::uint64_t> counts;
  for (const auto& [id, incident] : incidents) {
    if (!open_only || is_open(incident.state)) ++counts[{incident.queue.str(), incident.severity}];
  }
  return counts;
}

Trial::Trial(PartitionId partition, std::uint32_t partitions, triage::Machine::BundleSource bundle)
    : x_machine(partition, partitions, x_state, std::move(bundle)) {}

void Trial::step(const triage::Input& input, const std::string& first_bundle) {
  std::vector<triage::Effect> effects;
  if (x_machine.active_bundle().empty() && !triage::Machine::required_bundle(input.value)) {
    // Retention took the activation: the first record stands in its place, and is stepped behind it as if it came next.
    const std::string record = wire::encode(Record(Activation{first_bundle, triage::kBehaviourVersion, "ioc bundle try"}));
    const Offset before(input.offset.value() == 0 ? 0 : input.offset.value() - 1);
    x_machine.step({before, input.appended_at, record}, effects);
    if (x_machine.next_offset() > input.offset) return;
  }
  x_machine.step(input, effects);
  take(effects);
  if (++x_steps % kStepsADelta != 0) return;
  std::vector<triage::StateWrite> delta;
  x_machine.take_delta(delta);
  x_state.apply(delta);
}

void Trial::take(const std::vector<triage::Effect>& effects) {
  for (const triage::Effect& effect : effects) {
    if (effect.topic == topics::kIncidents) {
      if (auto incident = wire::decode_incident(effect.value)) x_outcome.incidents[effect.key] = *std::move(incident);
    } else if (effect.topic == topics::kDecisions) {
      const auto decision = wire::decode_decision(effect.value);
      if (!decision) continue;
      ++x_outcome.decisions[decision->kind];
      if (decision->command_result && decision->command_result->status != CommandStatus::Applied) ++x_outcome.commands_not_applied;
      const bool fate = decision->kind == DecisionKind::Opened || decision->kind == DecisionKind::Joined;
      if (fate && decision->feed == Feed::CitizenReports && !decision->event.empty()) {
        x_outcome.reports.try_emplace(decision->event.str(), TrialOutcome::Fate{decision->kind, decision->incident.str(), {}});
      }
    }
  }
}

std::vector<TrialDifference> differences(const TrialOutcome& before, const TrialOutcome& after) {
  std::vector<TrialDifference> all;
  for (const auto& [event, first] : before.reports) {
    const TrialOutcome::Fate then = before.fate_of(event), now = after.fate_of(event);
    if (now.kind != then.kind || now.incident != then.incident || now.category != then.category) all.push_back({event, then, now});
  }
  return all;
}

std::string describe_trial(const TrialOutcome& before, const TrialOutcome& after, std::size_t examples_max) {
  std::string out = fmt::format("{:<34} {:>9} {:>9} {:>9}\n", "", "before", "after", "change");
  out += line("incidents", before.incidents.size(), after.incidents.size());
  for (const auto& [kind, name] : kCounted) out += line(name, count_of(before, kind), count_of(after, kind));
  out += line("commands_not_applied", before.commands_not_applied, after.commands_not_applied);
  for (const bool open : {false, true}) {
    const auto then = before.by_queue(open), now = after.by_queue(open);
    std::set<std::string> queues;
    for (const auto& [where, count] : then) queues.insert(where.first);
    for (const auto& [where, count] : now) queues.insert(where.first);
    out += open ? "still open\n" : "by queue and severity\n";
    for (const std::string& queue : queues) {
      for (const Severity severity : kSeverities) {
        const auto a = then.find({queue, severity}), b = now.find({queue, severity});
        const std::uint64_t x = a == then.end() ? 0 : a->second, y = b == now.end() ? 0 : b->second;
        if (x + y > 0) out += line(fmt::format("  {} {}", queue, name_of(severity)), x, y);
      }
    }
  }
  out += describe_categories(before, after);
  const auto changed = differences(before, after);
  out += fmt::format("{} of {} citizens' reports fare differently\n", changed.size(), before.reports.size());
  for (std::size_t i = 0; i < std::min(changed.size(), examples_max); ++i) {
    out += describe_difference(changed[i], after);
  }
  return out;
}

std::string trial_json(const TrialOutcome& before, const TrialOutcome& after, std::uint64_t records, std::size_t examples_max) {
  const auto changed = differences(before, after);
  json::array examples;
  for (std::size_t i = 0; i < std::min(changed.size(), examples_max); ++i) {
    examples.push_back(json::object{{"event_id", changed[i].event}, {"before", fate_json(changed[i].before)}, {"after", fate_json(changed[i].after)}});
  }
  return json::serialize(json::object{{"records", records}, {"before", counts_json(before)}, {"after", counts_json(after)},
                                      {"reports", before.reports.size()}, {"reports_changed", changed.size()}, {"examples", std::move(examples)}});
}

}  // namespace ioc::commands
