// Names of enumerators: one table each, used for JSON, logs, metric labels and configuration alike.
#include <array>
#include <cstddef>

#include "libs/base/assert.h"
#include "libs/domain/decision.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"

namespace ioc {
namespace {

// Enumerators count from 1, in the order of the table.
template <class Enum, std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& table, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  IOC_ASSERT(index >= 1 && index <= N);
  return table[index - 1];
}

template <class Enum, std::size_t N>
std::optional<Enum> value_in(const std::array<std::string_view, N>& table, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (table[i] == name) return static_cast<Enum>(i + 1);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 5> kFeedNames = {"citizen-reports", "camera-alerts", "checkpoint-passages",
                                                        "online-mentions", "indicators"};
// Empty: no flag has the number.
constexpr std::array<std::string_view, 21> kEventFlagNames = {
    "time_missing",          "time_future",   "time_old",         "time_no_zone", "position_malformed",
    "position_out_of_range", "position_zero", "position_swapped", "text_masked",  "text_repaired",
    "", "", "", "", "", "", "", "", "", "text_converted", "text_garbled"};
constexpr std::array<std::string_view, 11> kValueReasonNames = {
    "wrong_type", "converted", "too_long",  "too_many",      "out_of_range", "unknown_value",
    "unreadable", "too_old",   "in_future", "json_repaired", "vn2000"};
constexpr std::array<std::string_view, 21> kCommandKindNames = {
    "acknowledge", "assign", "forward", "resolve", "reopen",  "comment",  "split",      "verify",   "reject",    "accept", "start",
    "extend",      "rate",   "close",   "merge",   "unmerge", "shelve",   "unshelve",   "reclassify", "relocate", "mark_false"};
constexpr std::array<std::string_view, 4> kCommandStatusNames = {"applied", "stale_version", "not_found", "refused"};
constexpr std::array<std::string_view, 9> kIncidentStateNames = {"new",      "verifying",   "rejected", "merged", "forwarded",
                                                                 "accepted", "in_progress", "resolved", "closed"};
constexpr std::array<std::string_view, 4> kSeverityNames = {"critical", "high", "medium", "info"};
constexpr std::array<std::string_view, 3> kPositionSourceNames = {"reported", "registry", "place_name"};
constexpr std::array<std::string_view, 4> kPlaceStateNames = {"inside", "nearest", "unknown", "named"};
constexpr std::array<std::string_view, 3> kClockKindNames = {"forward", "accept", "resolve"};
constexpr std::array<std::string_view, 5> kClockStateNames = {"running", "warned", "breached", "met", "stopped"};
constexpr std::array<std::string_view, 29> kDecisionKindNames = {
    "opened",     "joined",        "suggested",     "repeated", "revised",     "stale_revision", "suppressed", "counted",
    "located",    "classified",    "routed",        "clock_set", "clock_warned", "clock_breached", "clock_stopped", "command",
    "transferred", "received",     "closed",        "activated", "chattering",  "split",          "dead_letter", "archived",
    "merged",     "unmerged",      "relocated",     "parked",     "ended"};
constexpr std::array<std::string_view, 7> kReportStateNames = {"received", "joined",   "forwarded", "in_progress",
                                                               "resolved", "rejected", "closed"};

}  // namespace

std::string_view name_of(Feed feed) { return name_in(kFeedNames, feed); }
std::optional<Feed> feed_named(std::string_view name) { return value_in<Feed>(kFeedNames, name); }
std::string_view name_of(EventFlag flag) { return name_in(kEventFlagNames, flag); }
std::optional<EventFlag> event_flag_numbered(std::uint64_t number) {
  const bool known = number >= 1 && number <= kEventFlagNames.size() && !kEventFlagNames[number - 1].empty();
  return known ? std::optional(static_cast<EventFlag>(number)) : std::nullopt;
}
std::string_view name_of(ValueReason reason) { return name_in(kValueReasonNames, reason); }
std::string_view name_of(CommandKind kind) { return name_in(kCommandKindNames, kind); }
std::optional<CommandKind> command_kind_named(std::string_view name) {
  return value_in<CommandKind>(kCommandKindNames, name);
}
std::string_view name_of(CommandStatus status) { return name_in(kCommandStatusNames, status); }
std::string_view name_of(IncidentState state) { return name_in(kIncidentStateNames, state); }
std::optional<IncidentState> incident_state_named(std::string_view name) {
  return value_in<IncidentState>(kIncidentStateNames, name);
}
std::string_view name_of(Severity severity) { return name_in(kSeverityNames, severity); }
std::optional<Severity> severity_named(std::string_view name) { return value_in<Severity>(kSeverityNames, name); }
std::string_view name_of(PositionSource source) {
  return source == PositionSource::None ? "none" : name_in(kPositionSourceNames, source);
}
std::string_view name_of(PlaceState state) { return name_in(kPlaceStateNames, state); }
std::string_view name_of(ClockKind kind) { return name_in(kClockKindNames, kind); }
std::string_view name_of(ClockState state) { return name_in(kClockStateNames, state); }
std::string_view name_of(DecisionKind kind) { return name_in(kDecisionKindNames, kind); }
std::string_view name_of(ReportState state) { return name_in(kReportStateNames, state); }

}  // namespace ioc
