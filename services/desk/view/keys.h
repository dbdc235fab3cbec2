// Keys of the desk's view in RocksDB. Grammar and a worked example: README.md of this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/store/store.h"

namespace ioc::desk::view {

enum Family : store::Family {
  kIncidents,       // incident id -> place, snapshot
  kByOpened,        // newest first -> what pages filter by
  kChanged,         // place on the incidents' topic -> incident id: one per incident
  kDecisions,       // incident id, place, index -> decision
  kEventDecisions,  // event id, place, index -> incident id
  kEvents,          // event id -> place, event
  kOutcomes,        // event id -> what became of it
  kMembers,         // incident id, event id
  kStatuses,        // source and report -> newest status
  kStatusOfEvent,   // event id -> key in kStatuses
  kCommands,        // command id -> waiting, or its decision
  kDeadLetters,     // event id, or letter id -> dead letter
  kWords,           // word, newest first
  kIndicators,      // code, unit, as_of -> event
  kFeedMinutes,     // minute, feed -> events in it
  kArrivals,        // minute, kind, id: what expires when
  kReports,         // report id, folded, and source -> incident id
  kThings,          // camera or checkpoint -> when it was last heard
  kFamilyCount
};
std::vector<std::string> family_names();

void put_be32(std::string& to, std::uint32_t value);
void put_be64(std::string& to, std::uint64_t value);
// The views must be long enough.
std::uint32_t be32(std::string_view from);
std::uint64_t be64(std::string_view from);

// Where something stands in the log.
struct Place {
  PartitionId partition;
  Offset offset;
  friend bool operator==(const Place&, const Place&) = default;
  friend auto operator<=>(const Place&, const Place&) = default;
};
inline constexpr std::size_t kPlaceBytes = 12;
std::string place_key(Place place);
std::optional<Place> place_of(std::string_view bytes);  // of the first kPlaceBytes

// Newest first: smaller keys are later times.
std::string newest_first(EventTime at, std::string_view id);
struct NewestFirst {
  EventTime at;
  std::string_view id;
};
std::optional<NewestFirst> newest_first_of(std::string_view key);
inline constexpr std::size_t kTimeBytes = 8;

// What pages are filtered by, without reading the incident.
struct Row {
  IncidentState state = IncidentState::New;
  Severity severity = Severity::Medium;
  std::string queue, area, unit, category, assignee;
};
std::string encode_row(const Incident& incident);
std::optional<Row> decode_row(std::string_view bytes);

// `owner` NUL: the prefix of everything of one incident, event or word.
std::string prefix_of(std::string_view owner);
// Which record a decision was made for, and which of its decisions it is.
struct DecisionPlace {
  Place place;
  std::uint32_t index = 0;
};
inline DecisionPlace place_of(const Decision& decision) { return {{decision.partition, decision.offset}, decision.index}; }
std::string decision_key(std::string_view owner, const DecisionPlace& at);

// What leaves the view some time after the log took it.
enum class Arrival : char { Command = 'c', DeadLetter = 'd', Event = 'e' };
std::string arrival_key(LogTime at, Arrival kind, std::string_view id);
struct Arrived {
  Arrival kind = Arrival::Event;
  std::string_view id;
};
std::optional<Arrived> arrived_of(std::string_view key);
std::string minute_of(LogTime at);  // sorts by time
std::string report_key(const ReportStatus& status);
std::string indicator_key(const Event& event);  // of an indicator's event

std::string offset_key(std::string_view topic, PartitionId partition);

}  // namespace ioc::desk::view
