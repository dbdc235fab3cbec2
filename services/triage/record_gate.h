// What a record needs before it may be stepped. When it is not there the partition waits and says for what.
#pragma once

#include <optional>
#include <string>

#include "libs/log/log.h"
#include "services/triage/bundles.h"
#include "services/triage/control_book.h"
#include "services/triage/metrics.h"
#include "services/triage/recovery.h"

namespace ioc::triage_service {

class RecordGate {
 public:
  // All must outlive the gate.
  RecordGate(PartitionId partition, Bundles& bundles, const ControlBook& book, const PartitionMetrics& metrics)
      : x_partition(partition), x_bundles(bundles), x_book(book), x_metrics(metrics) {}

  struct Place {
    bool owning = false;     // else what has no answer yet is not ours to decide
    bool committed = false;  // it was stepped before: it needs no clock any more
    WallTime now;
  };
  // It activates what this version cannot run.
  [[nodiscard]] std::optional<Refusal> refusal(const log::Entry& entry) const;
  // What an owner decides about a record that stays far ahead of its clock: it was stamped by a clock that was wrong, and
  // is stepped at the time of the record before it, on record like an operator's entry. Before why_wait().
  [[nodiscard]] std::optional<ControlEntry> word_of_its_own(const log::Entry& entry, const Place& place);
  // Why the record has to wait; nullopt: it may be stepped.
  [[nodiscard]] std::optional<std::string> why_wait(const log::Entry& entry, const Place& place) const;

 private:
  [[nodiscard]] const ControlEntry* word_about(const log::Entry& entry, const Place& place) const;

  std::optional<WallTime> x_ahead_since;  // records have been ahead of the owner's clock, all in a row
  const PartitionId x_partition;
  Bundles& x_bundles;
  const ControlBook& x_book;
  const PartitionMetrics& x_metrics;
};

}  // namespace ioc::triage_service
