// What the outputs must be: one machine steps the input log as it is in the end, undisturbed. And what they are.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/bundle.h"
#include "tests/faults/history.h"
#include "tests/faults/ledger.h"

namespace ioc::faults {

[[nodiscard]] std::uint64_t hash_of(std::string_view key, std::string_view value);

// The rules that the run's processes activate, and the topics that triage writes to.
struct Rules {
  std::string hash;
  std::shared_ptr<const triage::Bundle> bundle;
  std::vector<std::string> topics;
};
// Throws std::runtime_error when they do not compile.
[[nodiscard]] Rules read_rules(const std::string& bundle_folder, const std::string& units_folder);
[[nodiscard]] bool is_compacted(std::string_view topic);

// The stream that an output in a partition of a topic belongs to; empty: none, as of an event in the events topic.
[[nodiscard]] std::string stream_of(std::string_view topic, PartitionId partition, const log::Entry& entry);

// Reads all of one partition as read-committed consumers see it now. Throws what makes it impossible.
void read_all(log::Log& log, std::string_view topic, PartitionId partition,
              const std::function<void(const log::Entry&)>& entry);

struct Question {
  PartitionId partition;
  std::uint32_t partitions = 1;  // ask about each of them
  log::Committed committed;  // of the group that triages
  std::string scratch;       // a folder for the machine's state
};
// Adds the streams of one input partition, with what is expected and what is there; `ledger` learns which events the log
// has, which were handed over, and where they were decided on.
void compare(log::Log& log, const Question& question, const Rules& rules, Ledger& ledger, History& history);

}  // namespace ioc::faults
