// Writes a partition's deltas to the store once they are committed (DESIGN D3). A store that takes nothing blocks
// commits until it does again.
#pragma once

#include <functional>
#include <vector>

#include "services/triage/state_store.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class StateWriter {
 public:
  // `writable` is called when a blocked store takes writes again. All must outlive the writer.
  StateWriter(PartitionId partition, Strand& strand, PartitionState& state, std::function<void()> writable)
      : x_partition(partition), x_strand(strand), x_state(state), x_writable(std::move(writable)) {}

  void hold(std::vector<triage::StateWrite> delta) { x_state.hold(std::move(delta)); }
  // All held deltas but the newest `uncommitted` ones.
  void write(std::size_t uncommitted);
  [[nodiscard]] bool blocked() const { return x_blocked; }

 private:
  const PartitionId x_partition;
  Strand& x_strand;
  PartitionState& x_state;
  const std::function<void()> x_writable;
  std::size_t x_uncommitted = 0;
  bool x_blocked = false;
};

}  // namespace ioc::triage_service
