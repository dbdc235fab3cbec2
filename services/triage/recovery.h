// What a start must find so that state and log belong together (DESIGN D3, "A past that changed"). Pure: offsets and
// hashes in, a refusal out. Every reason has its entry in deploy/RUNBOOK.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libs/log/log.h"

namespace ioc::triage_service {

enum class Reason {
  StateUnreadable,    // the stored state is damaged
  NoCommittedOffset,  // state, but the group has none
  StateAhead,         // the state stands for an offset that was never committed
  LogTooShort,        // the log lost records before the committed offset
  RecordsGone,        // retention deleted records that the state needs
  HashMismatch,       // the same offset, another past
  ForeignOwner,       // the committed offset is not one that this owner can have left
  Unreadable,         // the log refuses to be read
  BehaviourUnknown,   // a record activates a behaviour version that this binary does not run
  NotOwner,           // the log refuses to make this process the owner
  OutputRejected,     // the log never takes what these records lead to
};
// Its name in log lines, metrics and the runbook.
std::string_view name_of(Reason reason);

struct Refusal {
  Reason reason;
  std::string message;  // what happened and which command helps
};

// "v1;hash=…": travels with the committed offset.
std::string commit_metadata(std::uint64_t running_hash);

// After loading: `state` is the next offset that it stands for.
std::optional<Refusal> check_offsets(PartitionId partition, const log::Committed& committed, Offset state);
// Before reading.
std::optional<Refusal> check_range(PartitionId partition, const log::Committed& committed, Offset state, const log::Range& log);
// While reading: `reached` is where the reader stands, with all records before it in the state. The record before a committed
// offset is one that was consumed; where it is not met, others stand in its place.
std::optional<Refusal> check_reached(PartitionId partition, const log::Committed& committed, Offset state, Offset reached);
// At the committed offset.
std::optional<Refusal> check_hash(PartitionId partition, const log::Committed& committed, std::uint64_t running_hash);

}  // namespace ioc::triage_service
