// "What would these rules have done": a stretch of the log stepped under two bundles, and how the incidents differ.
// Nothing is written anywhere.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/domain/incident.h"
#include "libs/triage/machine.h"
#include "libs/triage/map_state.h"

namespace ioc::commands {

// What came of a stretch under one bundle.
struct TrialOutcome {
  struct Fate {
    DecisionKind kind = DecisionKind::Opened;
    std::string incident;
    std::string category;  // the incident's in the end
  };
  std::map<std::string, Incident> incidents;          // the newest snapshot of each
  std::map<DecisionKind, std::uint64_t> decisions;
  std::map<std::string, Fate> reports;                // citizens' reports: event id -> what it did first
  std::uint64_t commands_not_applied = 0;
  // Incidents by (queue, severity), whatever became of them; and those that are still open.
  [[nodiscard]] std::map<std::pair<std::string, Severity>, std::uint64_t> by_queue(bool open_only) const;
  [[nodiscard]] std::map<std::string, std::uint64_t> by_category() const;
  [[nodiscard]] Fate fate_of(const std::string& event) const;  // a dead letter's where it is unknown
};

// One partition under one bundle.
class Trial {
 public:
  // `bundle` gives the rules for the hash that an activation in the log names: those, or others in their place.
  Trial(PartitionId partition, std::uint32_t partitions, triage::Machine::BundleSource bundle);
  // Records in order of the log. A first one that activates nothing is preceded by an activation of `first_bundle`.
  void step(const triage::Input& input, const std::string& first_bundle);
  [[nodiscard]] const TrialOutcome& outcome() const { return x_outcome; }

 private:
  void take(const std::vector<triage::Effect>& effects);

  triage::MapState x_state;
  triage::Machine x_machine;
  TrialOutcome x_outcome;
  std::uint64_t x_steps = 0;
};

// A citizen's report that the two bundles treat differently.
struct TrialDifference {
  std::string event;
  TrialOutcome::Fate before, after;
};
[[nodiscard]] std::vector<TrialDifference> differences(const TrialOutcome& before, const TrialOutcome& after);

// For people, several lines; and the same as one JSON object.
[[nodiscard]] std::string describe_trial(const TrialOutcome& before, const TrialOutcome& after, std::size_t examples_max);
[[nodiscard]] std::string trial_json(const TrialOutcome& before, const TrialOutcome& after, std::uint64_t records,
                                     std::size_t examples_max);

}  // namespace ioc::commands
