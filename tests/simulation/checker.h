// What must hold after a run, whatever went wrong in it. The reference is a fresh machine over the log that resulted: owners'
// ticks are records like any other, so each run has its own.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tests/simulation/broker.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/workload.h"

namespace ioc::simulation {

struct Evidence {
  const Broker& broker;
  const std::vector<const Disk*>& disks;
  const std::vector<Workload::Acknowledged>& acknowledged;
  // Partitions whose log lost its tail: nothing more can be asked of them.
  std::set<PartitionId> broken;
  Probes& probes;
};

// Each violation as "invariant: what was expected and found".
[[nodiscard]] std::vector<std::string> check(const Evidence& evidence);

}  // namespace ioc::simulation
