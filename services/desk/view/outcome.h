// What became of an event, and where it was decided.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libs/domain/ids.h"

namespace ioc::desk::view {

enum class OutcomeKind : std::uint8_t { Pending = 0, Incident = 1, Counted, DeadLetter, Transferred };
std::string_view name_of(OutcomeKind kind);  // "dead_letter"

struct Outcome {
  OutcomeKind kind = OutcomeKind::Pending;
  IncidentId incident;
  std::string reason;
  // How often its incident had changed areas, and the partition that it came to with that (kept when hop > 0).
  std::uint32_t hop = 0;
  PartitionId partition;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};
std::string encode(const Outcome& outcome);
std::optional<Outcome> decode_outcome(std::string_view bytes);

}  // namespace ioc::desk::view
