// The snapshot of an incident. Field meanings and units: proto/ioc/v1/incident.proto.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"

namespace ioc {

enum class IncidentState : std::uint8_t {
  New = 1, Verifying, Rejected, Merged, Forwarded, Accepted, InProgress, Resolved, Closed
};
std::string_view name_of(IncidentState state);  // "in_progress"
std::optional<IncidentState> incident_state_named(std::string_view name);
constexpr bool is_open(IncidentState state) {
  return state != IncidentState::Rejected && state != IncidentState::Merged && state != IncidentState::Resolved &&
         state != IncidentState::Closed;
}

enum class Severity : std::uint8_t { Critical = 1, High, Medium, Info };
std::string_view name_of(Severity severity);  // "critical"
std::optional<Severity> severity_named(std::string_view name);

enum class PositionSource : std::uint8_t { None = 0, Reported, Registry, PlaceName };
std::string_view name_of(PositionSource source);

enum class PlaceState : std::uint8_t { Inside = 1, Nearest, Unknown, Named };
std::string_view name_of(PlaceState state);

enum class ClockKind : std::uint8_t { Forward = 1, Accept, Resolve };
std::string_view name_of(ClockKind kind);
enum class ClockState : std::uint8_t { Running = 1, Warned, Breached, Met, Stopped };
std::string_view name_of(ClockState state);

struct Clock {
  ClockKind kind = ClockKind::Forward;
  LogTime started_at, warn_at, due_at;
  ClockState state = ClockState::Running;
  friend bool operator==(const Clock&, const Clock&) = default;
};

struct SourceCount {
  Feed feed = Feed::CitizenReports;
  std::uint64_t events = 0;
  friend bool operator==(const SourceCount&, const SourceCount&) = default;
};

struct Suggestion {
  IncidentId incident;
  std::uint32_t score_permille = 0;
  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// What triage had chosen where an operator chose otherwise (the command reclassify); only what the operator named.
struct Overruled {
  std::string by;          // the last operator who did
  CategoryCode category;   // empty: the category is triage's
  SubKindCode sub_kind;    // that category's; empty: none
  std::vector<CategoryCode> further_categories;
  std::optional<Severity> severity;
  std::optional<bool> emergency;            // as further reports have made it
  std::optional<Severity> triage_severity;  // by triage alone, named or not: a new category may have raised it, further reports do
  friend bool operator==(const Overruled&, const Overruled&) = default;
};

struct Incident {
  IncidentId id;
  std::uint64_t version = 1;   // changes when something an operator decides on changes
  std::uint64_t revision = 1;  // counts every change
  IncidentState state = IncidentState::New;
  std::optional<LogTime> acknowledged_at;
  std::string acknowledged_by;
  CategoryCode category;
  SubKindCode sub_kind;     // within the category; empty: nothing told it
  std::vector<CategoryCode> further_categories;
  std::string sender_category;
  Severity severity = Severity::Medium;
  bool emergency = false;
  std::string title, summary;
  std::optional<Position> position;
  PositionSource position_source = PositionSource::None;
  PlaceState place_state = PlaceState::Unknown;
  UnitCode unit;
  std::string unit_name;
  AreaId area;
  std::string address;
  EventTime opened_at;      // of the event that opened it
  LogTime received_at;      // of that record
  LogTime updated_at;
  EventTime last_event_at;
  QueueId queue;
  std::string assignee;
  std::vector<UnitCode> forwarded_units;
  std::vector<Clock> clocks;
  std::vector<SourceCount> sources;
  std::uint64_t reports = 0, events = 0;
  std::uint32_t occurrence = 1;
  IncidentId recurrence_of;  // the closed one that happens again
  std::vector<Suggestion> suggestions;
  std::vector<SubscriberId> subscribers;
  std::vector<EventId> newest_events;
  std::string outcome;
  IncidentId merged_into, split_from, relocated_to, relocated_from;
  std::vector<IncidentId> merged;  // those merged into this one, in order of merging
  bool chattering = false;
  bool ended = false;       // its source said the condition is over
  std::string route_rule;
  std::string opened_by;    // id of the record that opened it
  std::optional<Overruled> overruled;
  friend bool operator==(const Incident&, const Incident&) = default;
};

}  // namespace ioc
