#include "services/triage/recovery.h"

#include <fmt/format.h>

namespace ioc::triage_service {

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::StateUnreadable: return "state_unreadable";
    case Reason::NoCommittedOffset: return "no_committed_offset";
    case Reason::StateAhead: return "state_ahead";
    case Reason::LogTooShort: return "log_too_short";
    case Reason::RecordsGone: return "records_gone";
    case Reason::HashMismatch: return "hash_mismatch";
    case Reason::ForeignOwner: return "foreign_owner";
    case Reason::Unreadable: return "log_unreadable";
    case Reason::BehaviourUnknown: return "behaviour_unknown";
    case Reason::NotOwner: return "not_owner";
    case Reason::OutputRejected: return "output_rejected";
  }
  return "unknown";
}

std::string commit_metadata(std::uint64_t running_hash) { return fmt::format("v1;hash={:016x}", running_hash); }

std::optional<Refusal> check_offsets(PartitionId partition, const log::Committed& committed, Offset state) {
  if (!committed.next && state > Offset(0)) {
    return Refusal{Reason::NoCommittedOffset,
                   fmt::format("there is state up to offset {}, but the log has no committed offset for this group: the log or "
                               "the group name is another one, or the offset expired; check deployment.name and the log's address, "
                               "then see ioc state verify --partition {}",
                               state.value(), partition.value())};
  }
  if (state > committed.next.value_or(Offset(0))) {
    return Refusal{Reason::StateAhead,
                   fmt::format("the state stands for offset {}, the log has committed only {}: the log lost its newest records "
                               "or is another one; restore the log, or take an older state: ioc state restore --partition {}",
                               state.value(), committed.next->value(), partition.value())};
  }
  return std::nullopt;
}

std::optional<Refusal> check_range(PartitionId partition, const log::Committed& committed, Offset state, const log::Range& log) {
  if (committed.next && log.end < *committed.next) {
    return Refusal{Reason::LogTooShort,
                   fmt::format("the log ends at offset {}, before the committed offset {}: it lost records; restore it from a "
                               "replica or backup, and look at it with ioc log verify",
                               log.end.value(), committed.next->value())};
  }
  // A new group takes the log as it finds it.
  if (committed.next && state < log.first) {
    return Refusal{Reason::RecordsGone,
                   fmt::format("records {} to {} are no longer in the log, the state needs them, and no newer checkpoint is whole; "
                               "bring a newer state: ioc state restore --partition {}",
                               state.value(), log.first.value(), partition.value())};
  }
  return std::nullopt;
}

std::optional<Refusal> check_reached(PartitionId partition, const log::Committed& committed, Offset state, Offset reached) {
  if (!committed.next || state >= *committed.next || reached < *committed.next) return std::nullopt;
  return Refusal{Reason::LogTooShort,
                 fmt::format("the log holds no record from offset {} to the committed offset {} of partition {}: it lost records and was "
                             "written on; restore it from a replica or backup",
                             state.value(), committed.next->value(), partition.value())};
}

std::optional<Refusal> check_hash(PartitionId partition, const log::Committed& committed, std::uint64_t running_hash) {
  if (!committed.next || committed.metadata.empty() || committed.metadata == commit_metadata(running_hash)) return std::nullopt;
  return Refusal{Reason::HashMismatch,
                 fmt::format("the state does not belong to this log: at offset {} the log was committed with \"{}\", the state "
                             "comes to \"{}\"; take the state from checkpoint and log: ioc state restore --partition {}",
                             committed.next->value(), committed.metadata, commit_metadata(running_hash), partition.value())};
}

}  // namespace ioc::triage_service
