// What a machine counted, as metrics. The machine has no clock and no registry: its owner carries the numbers over.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "libs/domain/ids.h"
#include "libs/metrics/metrics.h"
#include "libs/triage/machine_stats.h"

namespace ioc::triage_service {

// Owned by the partition's strand. The registry must outlive it.
class MachineMetrics {
 public:
  MachineMetrics(metrics::Registry& registry, PartitionId partition);
  // Adds what was counted since the last call.
  void carry_over(const triage::Stats& stats);

 private:
  struct Counted {
    metrics::Counter counter;
    std::uint64_t seen = 0;
  };
  struct Stage {
    metrics::Histogram histogram;
    triage::StageTime seen;
  };

  void raise(Counted& counted, std::uint64_t now);
  metrics::Labels labels(metrics::Labels more) const;
  void carry_over_outcomes(const triage::Stats& stats);
  void carry_over_open(const triage::Stats& stats);
  void carry_over_stages(const triage::Stats& stats);

  metrics::Registry& x_registry;
  std::string x_partition;
  Counted x_duplicates, x_undecodable, x_effects;
  metrics::Gauge x_effects_waiting, x_ids, x_incidents, x_parked, x_objects, x_checkpoints;
  std::map<triage::Stats::Outcome, Counted> x_outcomes;
  std::map<std::pair<std::string, Severity>, metrics::Gauge> x_open;
  std::map<std::string_view, Stage> x_stages;
};

}  // namespace ioc::triage_service
