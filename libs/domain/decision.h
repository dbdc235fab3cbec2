// Why: one per decision (DESIGN D7; proto/ioc/v1/decision.proto).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/command.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"

namespace ioc {

enum class DecisionKind : std::uint8_t {
  Opened = 1, Joined, Suggested, Repeated, Revised, StaleRevision, Suppressed, Counted, Located, Classified, Routed,
  ClockSet, ClockWarned, ClockBreached, ClockStopped, Command, Transferred, Received, Closed, Activated, Chattering,
  Split, DeadLetter, Archived, Merged, Unmerged, Relocated, Parked, Ended
};
std::string_view name_of(DecisionKind kind);  // "stale_revision"

struct ScorePart {
  std::string name;
  std::int32_t points = 0;
  friend bool operator==(const ScorePart&, const ScorePart&) = default;
};

struct Candidate {
  IncidentId incident;
  std::int32_t score_permille = 0;
  std::vector<ScorePart> parts;
  std::string verdict;
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Detail {
  std::string name, value;
  friend bool operator==(const Detail&, const Detail&) = default;
};

struct Decision {
  PartitionId partition;
  Offset offset;               // of the input record
  std::uint32_t index = 0;     // among this record's decisions
  LogTime decided_at;
  DecisionKind kind = DecisionKind::Opened;
  IncidentId incident;         // empty: about no incident
  EventId event;               // empty: about no event
  std::optional<Feed> feed;
  std::string reason, rule, bundle, actor;
  std::vector<Candidate> candidates;
  std::vector<Detail> details;
  std::optional<CommandResult> command_result;
  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace ioc
