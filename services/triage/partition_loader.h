// Brings a partition's machine to memory: what is stored, else the newest checkpoint, else nothing (and the log's records
// make it). Waits for the bundle that the state needs.
#pragma once

#include <functional>
#include <memory>

#include "libs/triage/machine.h"
#include "services/triage/bundles.h"
#include "services/triage/metrics.h"
#include "services/triage/recovery.h"
#include "services/triage/restorer.h"
#include "services/triage/state_store.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class PartitionLoader {
 public:
  struct Events {
    std::function<void(std::unique_ptr<triage::Machine>)> loaded;
    std::function<void(std::string why)> waiting;
    std::function<void(Refusal)> refused;
  };
  // All must outlive the loader.
  PartitionLoader(PartitionId partition, std::uint32_t partitions, log::Log& log, Bundles& bundles, Strand& strand,
                  PartitionState& state, const PartitionMetrics& metrics, Events events);

  // `committed` bounds which checkpoint is taken.
  void run(const log::Committed& committed);
  [[nodiscard]] bool under_way() const { return x_under_way; }

 private:
  void restore();
  void restored(const Result<std::optional<CheckpointManifest>>& how);
  void load();
  void finish(const Result<void>& loaded);

  const PartitionId x_partition;
  const std::uint32_t x_partitions;
  Bundles& x_bundles;
  Strand& x_strand;
  PartitionState& x_state;
  const PartitionMetrics& x_metrics;
  const Events x_events;
  Restorer x_restorer;
  log::Committed x_committed;
  std::unique_ptr<triage::Machine> x_machine;
  bool x_under_way = false;
  bool x_restored = false, x_from_nothing = false;
};

}  // namespace ioc::triage_service
