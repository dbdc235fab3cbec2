// Records that a partition's owner appends itself: ticks, and the first activation.
#pragma once

#include "libs/log/log.h"
#include "libs/triage/bundle.h"
#include "services/triage/bundles.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class OwnRecords {
 public:
  // All must outlive this.
  OwnRecords(PartitionId partition, log::Log& log, Bundles& bundles, Strand& strand)
      : x_partition(partition), x_log(log), x_bundles(bundles), x_strand(strand) {}

  // At most one until a record was seen: ticks are harmless, a pile of them is a waste.
  void tick();
  void record_seen() { x_ticked = false; }
  // Publishes the bundle and appends the record that activates it; once, and again after a failure.
  void activate(const triage::PackedBundle& bundle);

 private:
  void try_again(const triage::PackedBundle& bundle, const Error& error);

  const PartitionId x_partition;
  log::Log& x_log;
  Bundles& x_bundles;
  Strand& x_strand;
  bool x_ticked = false;
  bool x_activating = false;
};

}  // namespace ioc::triage_service
