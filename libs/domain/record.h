// The one thing on the events topic: whatever can change triage's mind (DESIGN D1).
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "libs/domain/command.h"
#include "libs/domain/event.h"

namespace ioc {

struct Tick {
  friend bool operator==(const Tick&, const Tick&) = default;
};

struct Transfer {
  Event event;
  AreaId from_area, to_area;
  PartitionId from_partition;
  Offset from_offset;
  std::uint32_t hop = 1;
  friend bool operator==(const Transfer&, const Transfer&) = default;
};

struct Activation {
  std::string bundle;  // hash of the manifest, hex
  std::uint32_t behaviour_version = 1;
  std::string activated_by;
  friend bool operator==(const Activation&, const Activation&) = default;
};

using Record = std::variant<Event, Command, Tick, Transfer, Activation>;

}  // namespace ioc
