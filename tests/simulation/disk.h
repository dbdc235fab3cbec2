// The state store of one machine, as RocksDB with WAL and without sync keeps it: whole batches, the newest of which a power
// cut takes away; errors while the disk is full.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "services/triage/state_store.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/timeline.h"

namespace ioc::simulation {

// Outlives the processes that use it.
class Disk {
 public:
  using Rows = std::map<std::string, std::string, std::less<>>;

  bool full = false;
  bool tears_batches = false;  // planted: a power cut leaves half of a batch

  void write(PartitionId partition, const std::vector<triage::StateWrite>& writes);
  // What was written so far survives a power cut from now on.
  void sync() { x_unsynced.clear(); }
  [[nodiscard]] std::size_t unsynced() const { return x_unsynced.size(); }
  // A power cut; the torn batch at the WAL's end is dropped with those behind it.
  void lose(std::size_t batches);
  void wipe();
  [[nodiscard]] const Rows* rows(PartitionId partition, triage::Table table) const;

 private:
  using Place = std::pair<PartitionId, triage::Table>;
  struct Before {
    Place place;
    std::string key;
    std::optional<std::string> value;
  };
  std::map<Place, Rows> x_rows;
  std::deque<std::vector<Before>> x_unsynced;  // how to take each batch back
};

class ModelStore final : public triage_service::StateStore {
 public:
  // Without a process: nothing crashes, as for the reference.
  ModelStore(Disk& disk, Timeline* timeline, ProcessPtr process, Probes* probes)
      : x_disk(disk), x_timeline(timeline), x_process(std::move(process)), x_probes(probes) {}

  // After each write, with its partition.
  std::function<void(PartitionId)> on_written;

  [[nodiscard]] Result<void> write(PartitionId partition, const std::vector<triage::StateWrite>& writes) override;
  [[nodiscard]] std::optional<std::string> get(PartitionId partition, triage::Table table, std::string_view key) const override;
  void scan(PartitionId partition, triage::Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  [[nodiscard]] std::uint64_t disk_bytes() const override { return 0; }

 private:
  Disk& x_disk;
  Timeline* x_timeline;
  ProcessPtr x_process;
  Probes* x_probes;
};

// What a stored state stands for; nullopt when there is none.
[[nodiscard]] std::optional<Offset> stored_offset(const Disk& disk, PartitionId partition);

}  // namespace ioc::simulation
