#include "services/ioc/duplicates/play.h"

#include <algorithm>
#include <queue>
#include <tuple>
#include <unordered_map>

#include "libs/base/assert.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/machine.h"
#include "libs/triage/map_state.h"

namespace ioc::duplicates {
namespace {

constexpr std::string_view kBundle = "evaluation";
constexpr const char* kCategories = "categories:\n  - {code: khac, name: \"Khác\", radius_m: 100, age_max: 60d}\n";
constexpr std::size_t kStepsADelta = 4'096, kStepsAProgress = 1'000;

struct Closing {
  std::int64_t at_ms = 0;
  std::size_t row = 0;
  friend bool operator>(const Closing& a, const Closing& b) { return a.at_ms != b.at_ms ? a.at_ms > b.at_ms : a.row > b.row; }
};

class Player {
 public:
  Player(const LabelledFile& file, const std::shared_ptr<const triage::Bundle>& bundle)
      : x_file(file), x_machine(PartitionId(0), 1, x_state, [bundle](std::string_view) { return bundle; }) {
    const auto loaded = x_machine.load();
    IOC_ASSERT(loaded.has_value());
    step(Activation{std::string(kBundle), triage::kBehaviourVersion, "evaluation"});
    x_played.resize(file.reports.size());
  }

  std::vector<Played> run(const Report& progress) {
    for (std::size_t row = 0; row < x_file.reports.size(); ++row) {
      const LabelledReport& report = x_file.reports[row];
      close_until(report.opened_ms);
      x_now_ms = std::max(x_now_ms, report.opened_ms);
      take(row, step(event_of(row)));
      if (report.closed_ms) x_closings.push({*report.closed_ms, row});
      if (progress && row % kStepsAProgress == 0) progress(row, x_file.reports.size());
    }
    return std::move(x_played);
  }

 private:
  struct Held {
    std::uint64_t version = 1;
    std::vector<std::size_t> rows;  // in the order they came
    std::size_t open = 0;           // of them not closed yet
  };

  Event event_of(std::size_t row) const {
    const LabelledReport& report = x_file.reports[row];
    Event event;
    event.id = EventId(format_compact(report.opened_ms) + "-" + std::to_string(row));
    event.source = SourceId("labelled");
    event.object = ObjectId(std::to_string(row));  // an id may stand in several rows: each is a report
    event.occurred_at = EventTime::from_ms(report.opened_ms);
    event.received_at = WallTime::from_ms(report.opened_ms);
    event.position = report.position;
    CitizenReport body;
    body.text = report.text;
    body.category = report.category;
    body.address = report.address;
    event.body = std::move(body);
    return event;
  }

  std::vector<Decision> step(const Record& record) {
    x_effects.clear();
    const std::string bytes = wire::encode(record);
    x_machine.step({x_next, LogTime::from_ms(x_now_ms), bytes}, x_effects);
    x_next = x_next.next();
    if (++x_steps % kStepsADelta == 0) {
      std::vector<triage::StateWrite> delta;
      x_machine.take_delta(delta);
      x_state.apply(std::move(delta));
    }
    std::vector<Decision> decisions;
    for (const triage::Effect& effect : x_effects) {
      if (effect.topic == topics::kDecisions) decisions.push_back(wire::decode_decision(effect.value).value());
      else if (effect.topic == topics::kIncidents) note_version(effect);
    }
    return decisions;
  }

  void note_version(const triage::Effect& effect) {
    const auto incident = wire::decode_incident(effect.value);
    if (incident) x_held[incident->id.str()].version = incident->version;
  }

  // The first decision that tells where the report went; candidates stand best first.
  void take(std::size_t row, const std::vector<Decision>& decisions) {
    Played& played = x_played[row];
    for (const Decision& decision : decisions) {
      if (decision.kind == DecisionKind::Suggested) played.verdict = Verdict::Suggest;
      if (decision.kind != DecisionKind::Joined && decision.kind != DecisionKind::Opened) continue;
      if (decision.kind == DecisionKind::Joined) played.verdict = Verdict::Join;
      played.incident = decision.incident.str();
      if (!decision.candidates.empty()) take_best(row, decision.candidates.front(), played);
    }
    Held& held = x_held[played.incident];
    ++held.open;
    held.rows.push_back(row);
    if (played.verdict == Verdict::New) played.matched.reset();
  }

  void take_best(std::size_t row, const Candidate& best, Played& played) {
    played.score_permille = best.score_permille;
    if (const auto at = x_held.find(best.incident.str()); at != x_held.end()) played.matched = nearest_of(row, at->second);
    if (best.parts.empty()) return;
    played.situation = best.parts.front().name;
    for (std::size_t i = 1; i < best.parts.size(); ++i) played.evidence.push_back(best.parts[i].name);
  }

  // Of the incident's reports that one that the report is most likely another of: open rather than closed, then of its type
  // at its address, then of its type, then the newest.
  [[nodiscard]] std::size_t nearest_of(std::size_t row, const Held& held) const {
    const LabelledReport& report = x_file.reports[row];
    const auto likeness = [&](std::size_t other) {
      const LabelledReport& earlier = x_file.reports[other];
      const bool same_type = earlier.category == report.category;
      const bool open = !earlier.closed_ms || *earlier.closed_ms > report.opened_ms;
      return std::tuple(open, same_type && earlier.address == report.address, same_type, other);
    };
    return *std::max_element(held.rows.begin(), held.rows.end(), [&](std::size_t a, std::size_t b) { return likeness(a) < likeness(b); });
  }

  void close_until(std::int64_t now_ms) {
    for (; !x_closings.empty() && x_closings.top().at_ms <= now_ms; x_closings.pop()) close(x_closings.top());
  }

  // An incident is done when every report in it is.
  void close(const Closing& closing) {
    const std::string& incident = x_played[closing.row].incident;
    Held& held = x_held[incident];
    if (--held.open > 0) return;
    x_now_ms = std::max(x_now_ms, closing.at_ms);
    Command resolve;
    resolve.id = CommandId("close-" + std::to_string(closing.row));
    resolve.incident = IncidentId(incident);
    resolve.version = held.version;
    resolve.kind = CommandKind::Resolve;
    resolve.outcome = "fixed";
    resolve.actor = "evaluation";
    for (const Decision& decision : step(resolve)) {
      if (!decision.command_result || decision.command_result->status != CommandStatus::StaleVersion) continue;
      resolve.id = CommandId(resolve.id.str() + "-again");
      resolve.version = decision.command_result->version;
      step(resolve);
      return;
    }
  }

  const LabelledFile& x_file;
  triage::MapState x_state;
  triage::Machine x_machine;
  Offset x_next;
  std::int64_t x_now_ms = 0;
  std::size_t x_steps = 0;
  std::vector<triage::Effect> x_effects;
  std::vector<Played> x_played;
  std::unordered_map<std::string, Held> x_held;
  std::priority_queue<Closing, std::vector<Closing>, std::greater<>> x_closings;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Join: return "join";
    case Verdict::Suggest: return "suggest";
    case Verdict::New: break;
  }
  return "new";
}

std::shared_ptr<const triage::Bundle> bundle_for(const std::string& model, triage::BundleProblems& problems) {
  std::vector<triage::BundleFile> files{{"categories.yaml", kCategories}};
  if (!model.empty()) files.push_back({"duplicates.yaml", model});
  return triage::compile(std::string(kBundle), std::move(files), problems);
}

std::vector<Played> play(const LabelledFile& file, const std::shared_ptr<const triage::Bundle>& bundle, const Report& progress) {
  return Player(file, bundle).run(progress);
}

}  // namespace ioc::duplicates
