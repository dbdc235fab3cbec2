// What a machine counted. Never decided upon; the reader takes numbers out and may reset them.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "libs/domain/decision.h"
#include "libs/domain/incident.h"

namespace ioc::triage {

struct StageTime {
  static constexpr std::size_t kBuckets = 20;
  std::uint64_t count = 0, total_ns = 0;
  std::array<std::uint64_t, kBuckets> at_most{};  // [i]: took at most 256 << i ns and more than half of it; last: longer
  void add(std::uint64_t ns);
};

struct Stats {
  // An outcome is the kind of decision that an event ended with; reasons are string literals of the stages.
  struct Outcome {
    std::uint8_t feed = 0;  // 0: about no feed
    DecisionKind kind = DecisionKind::Opened;
    std::string_view reason;
    friend bool operator==(const Outcome&, const Outcome&) = default;
    friend auto operator<=>(const Outcome&, const Outcome&) = default;
  };
  struct OutcomeHash {
    std::size_t operator()(const Outcome& outcome) const noexcept {
      return std::hash<std::string_view>{}(outcome.reason) * 31 + outcome.feed * 257U + static_cast<std::size_t>(outcome.kind);
    }
  };

  std::uint64_t records = 0, events = 0, commands = 0, ticks = 0, transfers = 0, activations = 0, undecodable = 0;
  std::uint64_t duplicates = 0;   // exact repeats
  std::uint64_t candidates_looked_at = 0;  // by correlate
  std::uint64_t effects = 0, effects_waiting = 0;
  boost::unordered_flat_map<Outcome, std::uint64_t, OutcomeHash> outcomes;

  // Filled by Machine::stats().
  std::map<std::pair<std::string, Severity>, std::uint64_t> open_incidents;  // by queue and severity
  std::uint64_t incidents_in_memory = 0, ids_in_memory = 0, incidents_parked = 0, objects_cached = 0, checkpoints_followed = 0;

  // Nanoseconds per stage, only with a clock. The machine itself has none (DESIGN D1): the owner gives one.
  std::uint64_t (*clock_ns)() = nullptr;
  std::map<std::string_view, StageTime> stages;
};

}  // namespace ioc::triage
