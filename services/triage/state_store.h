// The state of all partitions of this process in one RocksDB, and one partition's view of it: unwritten deltas
// first, then what is stored (DESIGN D3: RocksDB may lag behind the log, never lead).
#pragma once

#include <cstdint>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/ids.h"
#include "libs/triage/state.h"

namespace ioc::triage_service {

// Seam under a partition's view; a simulation has its own that loses unsynced writes.
class StateStore {
 public:
  virtual ~StateStore() = default;
  [[nodiscard]] virtual Result<void> write(PartitionId partition, const std::vector<triage::StateWrite>& writes) = 0;
  [[nodiscard]] virtual std::optional<std::string> get(PartitionId partition, triage::Table table,
                                                       std::string_view key) const = 0;
  virtual void scan(PartitionId partition, triage::Table table, std::string_view from, std::string_view until,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const = 0;
  [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
  // The partition as it is now, whatever is written later; read on another thread. The default copies all of it.
  [[nodiscard]] virtual Result<std::unique_ptr<triage::StateView>> snapshot(PartitionId partition) const;
  // Erases all of the partition, its position first, so that what a crash leaves is taken for nothing. The default
  // reads all keys.
  [[nodiscard]] virtual Result<void> clear(PartitionId partition);
};

// WAL on, sync off: a power cut loses the newest writes, which are stepped again from the log. A store that is damaged, or
// was found to be before, is moved aside to `<folder>.broken` and an empty one made: its state comes back from the log.
[[nodiscard]] Result<std::unique_ptr<StateStore>> open_state_store(const std::string& folder, std::uint64_t cache_bytes);

// Owned by the partition's strand.
class PartitionState final : public triage::StateView {
 public:
  // The store must outlive this.
  PartitionState(PartitionId partition, StateStore& store) : x_partition(partition), x_store(store) {}

  [[nodiscard]] std::optional<std::string> get(triage::Table table, std::string_view key) const override;
  void scan(triage::Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override;

  // Nothing may be held. After it the view is empty, in the store as well.
  [[nodiscard]] Result<void> clear();
  // Straight to the store, for a restore. Nothing may be held.
  [[nodiscard]] Result<void> write(const std::vector<triage::StateWrite>& writes) { return x_store.write(x_partition, writes); }

  // Deltas are numbered from 1 in the order they are held. Visible at once, on disk after write_held().
  std::uint64_t hold(std::vector<triage::StateWrite> delta);
  // Writes the oldest held delta; on an error it stays held. There must be one.
  [[nodiscard]] Result<void> write_oldest();
  [[nodiscard]] std::size_t held() const { return x_held.size(); }

 private:
  struct Unwritten {
    std::optional<std::string> value;
    std::uint64_t delta = 0;
  };
  using Overlay = std::map<std::string, Unwritten, std::less<>>;

  PartitionId x_partition;
  StateStore& x_store;
  std::array<Overlay, std::size(triage::kTables)> x_overlay;
  std::map<std::uint64_t, std::vector<triage::StateWrite>> x_held;
  std::uint64_t x_last = 0;
};

}  // namespace ioc::triage_service
