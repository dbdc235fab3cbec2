// What an operator asks for, and what triage answered (proto/ioc/v1/command.proto).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/event.h"
#include "libs/domain/ids.h"
#include "libs/domain/incident.h"

namespace ioc {

enum class CommandKind : std::uint8_t {
  Acknowledge = 1, Assign, Forward, Resolve, Reopen, Comment, Split, Verify, Reject, Accept, Start, Extend, Rate,
  Close, Merge, Unmerge, Shelve, Unshelve, Reclassify, Relocate, MarkFalse
};
std::string_view name_of(CommandKind kind);                       // "acknowledge"
std::optional<CommandKind> command_kind_named(std::string_view name);

// As `sub_kind` of a reclassify command: none of the category's fits.
inline constexpr std::string_view kNoSubKind = "-";

struct Command {
  CommandId id;
  IncidentId incident;
  std::uint64_t version = 0;  // the version the operator saw
  CommandKind kind = CommandKind::Acknowledge;
  std::string actor;
  WallTime issued_at;         // decides nothing
  QueueId queue;
  std::string person;
  std::vector<UnitCode> units;
  std::string outcome, text;
  std::vector<EventId> events;
  IncidentId into;                   // merge; unmerge of one of several
  std::optional<Position> position;  // relocate
  // reclassify, each as far as it is named; a category brings its further ones and its sub-kind with it
  CategoryCode category;
  SubKindCode sub_kind;
  std::vector<CategoryCode> further_categories;
  std::optional<Severity> severity;
  std::optional<bool> emergency;
  bool back_to_triage = false;       // reclassify, with none of these: what operators chose no longer counts
  friend bool operator==(const Command&, const Command&) = default;
};

enum class CommandStatus : std::uint8_t { Applied = 1, StaleVersion, NotFound, Refused };
std::string_view name_of(CommandStatus status);

struct CommandResult {
  CommandId command;
  CommandStatus status = CommandStatus::Applied;
  IncidentId incident;
  std::uint64_t version = 0;
  std::string detail;
  std::vector<IncidentId> created;
  friend bool operator==(const CommandResult&, const CommandResult&) = default;
};

}  // namespace ioc
