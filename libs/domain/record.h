// The one thing on the events topic: whatever can change triage's mind (DESIGN D1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "libs/domain/command.h"
#include "libs/domain/event.h"
#include "libs/domain/incident.h"

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

struct RelocatedMember {
  EventId event;
  Feed feed = Feed::CitizenReports;
  std::uint32_t hop = 1;
  bool first = false, open = false;
  SourceId source;
  ObjectId object;
  EventTime occurred_at;
  std::uint64_t revision = 0;
  bool ended = false;
  std::string face;
  EventTime newest_at{}, began_at{};  // of its object (libs/triage/memory/objects.h)
  LogTime silent_at{};
  bool superseded = false;        // the id stands for a later object, which is not in this incident
  friend bool operator==(const RelocatedMember&, const RelocatedMember&) = default;
};

struct Relocation {
  CommandId command;
  IncidentId from;
  AreaId from_area, to_area;
  PartitionId from_partition;
  Offset from_offset;
  std::uint32_t part = 0, parts = 1;
  std::string actor;
  std::optional<Incident> snapshot;  // only in part 0
  std::string kind;
  std::uint64_t objects_open = 0;
  bool default_spot = false;
  std::string marks;
  std::vector<RelocatedMember> members;
  friend bool operator==(const Relocation&, const Relocation&) = default;
};

using Record = std::variant<Event, Command, Tick, Transfer, Activation, Relocation>;

}  // namespace ioc
