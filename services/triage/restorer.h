// Brings a partition's state back where there is none: from the newest whole checkpoint that is not ahead of what was
// committed. Without one the state is new, and the log's records make it (recovery.h says when they cannot).
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "libs/triage/canonical.h"
#include "services/triage/checkpoint_catalog.h"
#include "services/triage/state_store.h"
#include "services/triage/topic_scan.h"

namespace ioc::triage_service {

class Restorer {
 public:
  // nullopt: there is no checkpoint, and the state is as it was.
  using Done = std::function<void(Result<std::optional<CheckpointManifest>>)>;
  // All must outlive the restorer.
  Restorer(PartitionId partition, log::Log& log, Strand& strand, PartitionState& state)
      : x_partition(partition), x_state(state), x_scan(log, strand) {}

  // Clears the state before it writes. `committed`: nullopt takes the newest, whatever was committed.
  // Corrupt: a checkpoint was whole a moment ago and is not any more.
  void run(std::optional<Offset> committed, Done done);
  // `bytes` of the checkpoint that were read so far and of all of it; for a progress bar.
  std::function<void(std::uint64_t, std::uint64_t)> progress;

 private:
  void choose();
  void read(const CheckpointCatalog::Whole& chosen);
  Result<void> take(const log::Entry& entry);
  Result<void> put(triage::StateWrite write);
  Result<void> flush();
  void end(const Result<Offset>& scanned);

  const PartitionId x_partition;
  PartitionState& x_state;
  TopicScan x_scan;
  std::optional<Offset> x_committed;
  Done x_done;
  CheckpointCatalog x_catalog;
  CheckpointManifest x_manifest;
  CheckpointHash x_hash;
  std::uint64_t x_bytes = 0;
  std::uint32_t x_chunks = 0;
  std::unique_ptr<triage::CanonicalParser> x_parser;
  std::vector<triage::StateWrite> x_batch;
  std::size_t x_batch_bytes = 0;
  std::optional<triage::StateWrite> x_position;  // written last: without it there is no state
};

}  // namespace ioc::triage_service
