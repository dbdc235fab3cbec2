#include "services/triage/state_store.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "libs/base/assert.h"
#include "libs/store/store.h"
#include "libs/triage/map_state.h"

namespace ioc::triage_service {
namespace {

using triage::StateWrite;
using triage::Table;

std::string prefixed(PartitionId partition, std::string_view key) {
  std::string bytes;
  bytes.reserve(4 + key.size());
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((partition.value() >> shift) & 0xff));
  bytes.append(key);
  return bytes;
}

store::Family family_of(Table table) { return static_cast<store::Family>(table); }

// Beside RocksDB's files: a read has found damage, so the next start does not take this store for good.
constexpr std::string_view kDamaged = "/DAMAGED";
constexpr std::size_t kClearBatch = 10'000;

void scan_at(store::Iterator& at, PartitionId partition, std::string_view from, std::string_view until,
             const std::function<bool(std::string_view, std::string_view)>& visit) {
  const std::string end = until.empty() ? prefixed(partition.next(), "") : prefixed(partition, until);
  for (at.seek(prefixed(partition, from)); at.valid() && at.key() < end; at.next()) {
    if (!visit(at.key().substr(4), at.value())) return;
  }
}

// A state that cannot be read must not be taken for an empty one: the process ends, and the next start restores.
void check_read(const Result<void>& read, const std::string& folder) {
  if (read.has_value()) return;
  std::ofstream(folder + std::string(kDamaged)) << read.error().message << '\n';
  spdlog::critical("triage: the state is damaged; the next start moves it aside and restores it error=\"{}\"",
                   read.error().message);
  IOC_ASSERT(read.has_value());
}

class RocksStateSnapshot final : public triage::StateView {
 public:
  RocksStateSnapshot(PartitionId partition, std::unique_ptr<store::Snapshot> snapshot, std::string folder)
      : x_partition(partition), x_snapshot(std::move(snapshot)), x_folder(std::move(folder)) {}
  std::optional<std::string> get(Table table, std::string_view key) const override {
    auto found = x_snapshot->get(family_of(table), prefixed(x_partition, key));
    check_read(found.has_error() ? Result<void>(found.error()) : Result<void>(), x_folder);
    return *std::move(found);
  }
  void scan(Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    auto at = x_snapshot->iterate(family_of(table));
    scan_at(*at, x_partition, from, until, visit);
    check_read(at->status(), x_folder);
  }

 private:
  PartitionId x_partition;
  std::unique_ptr<store::Snapshot> x_snapshot;
  std::string x_folder;
};

class RocksStateStore final : public StateStore {
 public:
  RocksStateStore(std::unique_ptr<store::Store> store, std::string folder)
      : x_store(std::move(store)), x_folder(std::move(folder)) {}

  Result<void> write(PartitionId partition, const std::vector<StateWrite>& writes) override {
    store::Batch batch;
    for (const StateWrite& one : writes) {
      if (one.value) {
        batch.put(family_of(one.table), prefixed(partition, one.key), *one.value);
      } else {
        batch.erase(family_of(one.table), prefixed(partition, one.key));
      }
    }
    return x_store->write(batch, store::Sync::No);
  }

  std::optional<std::string> get(PartitionId partition, Table table, std::string_view key) const override {
    auto found = x_store->get(family_of(table), prefixed(partition, key));
    check_read(found.has_error() ? Result<void>(found.error()) : Result<void>(), x_folder);
    return *std::move(found);
  }

  void scan(PartitionId partition, Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    auto at = x_store->iterate(family_of(table));
    scan_at(*at, partition, from, until, visit);
    check_read(at->status(), x_folder);
  }

  Result<std::unique_ptr<triage::StateView>> snapshot(PartitionId partition) const override {
    auto taken = x_store->snapshot();
    if (taken.has_error()) return taken.error();
    return std::unique_ptr<triage::StateView>(std::make_unique<RocksStateSnapshot>(partition, *std::move(taken), x_folder));
  }

  Result<void> clear(PartitionId partition) override {
    store::Batch batch;
    for (const Table table : triage::kTables) {
      batch.erase_range(family_of(table), prefixed(partition, ""), prefixed(partition.next(), ""));
    }
    return x_store->write(batch, store::Sync::No);
  }

  std::uint64_t disk_bytes() const override { return x_store->disk_bytes(); }

 private:
  std::unique_ptr<store::Store> x_store;
  std::string x_folder;
};

Result<void> move_aside(const std::string& folder, const std::string& why) {
  std::error_code failed;
  std::filesystem::remove_all(folder + ".broken", failed);
  std::filesystem::rename(folder, folder + ".broken", failed);
  if (failed) return permanent("the state in " + folder + " is damaged (" + why + ") and cannot be moved aside: " + failed.message());
  spdlog::error("triage: the state was damaged and is moved aside; it comes back from checkpoint and log folder={} why=\"{}\"",
                folder + ".broken", why);
  return {};
}

}  // namespace

Result<std::unique_ptr<triage::StateView>> StateStore::snapshot(PartitionId partition) const {
  auto copy = std::make_unique<triage::MapState>();
  for (const Table table : triage::kTables) {
    scan(partition, table, "", "", [&](std::string_view key, std::string_view value) {
      copy->tables[static_cast<std::size_t>(table)].emplace(key, value);
      return true;
    });
  }
  return std::unique_ptr<triage::StateView>(std::move(copy));
}

Result<void> StateStore::clear(PartitionId partition) {
  for (const Table table : triage::kTables) {
    while (true) {
      std::vector<StateWrite> batch;
      scan(partition, table, "", "", [&](std::string_view key, std::string_view) {
        batch.push_back({table, std::string(key), std::nullopt});
        return batch.size() < kClearBatch;
      });
      if (batch.empty()) break;
      if (auto written = write(partition, batch); written.has_error()) return written;
    }
  }
  return {};
}

Result<std::unique_ptr<StateStore>> open_state_store(const std::string& folder, std::uint64_t cache_bytes) {
  store::Options options;
  for (const Table table : triage::kTables) options.families.emplace_back(name_of(table));
  options.cache_bytes = cache_bytes;
  if (std::filesystem::exists(folder + std::string(kDamaged))) {
    if (auto moved = move_aside(folder, "a read found it"); moved.has_error()) return moved.error();
  }
  auto opened = store::Store::open(folder, options);
  if (opened.has_error() && opened.error().kind == ErrorKind::Corrupt) {
    if (auto moved = move_aside(folder, opened.error().message); moved.has_error()) return moved.error();
    opened = store::Store::open(folder, options);
  }
  if (opened.has_error()) return opened.error();
  return std::unique_ptr<StateStore>(std::make_unique<RocksStateStore>(*std::move(opened), folder));
}

std::optional<std::string> PartitionState::get(Table table, std::string_view key) const {
  const Overlay& overlay = x_overlay[static_cast<std::size_t>(table)];
  if (const auto found = overlay.find(key); found != overlay.end()) return found->second.value;
  return x_store.get(x_partition, table, key);
}

void PartitionState::scan(Table table, std::string_view from, std::string_view until,
                          const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const Overlay& overlay = x_overlay[static_cast<std::size_t>(table)];
  auto unwritten = overlay.lower_bound(from);
  const auto in_range = [&] { return unwritten != overlay.end() && (until.empty() || unwritten->first < until); };
  bool going = true;
  const auto visit_unwritten = [&] {
    if (unwritten->second.value) going = visit(unwritten->first, *unwritten->second.value);
    ++unwritten;
  };
  x_store.scan(x_partition, table, from, until, [&](std::string_view key, std::string_view value) {
    while (going && in_range() && unwritten->first < key) visit_unwritten();
    if (going && in_range() && unwritten->first == key) {
      visit_unwritten();
    } else if (going) {
      going = visit(key, value);
    }
    return going;
  });
  while (going && in_range()) visit_unwritten();
}

std::uint64_t PartitionState::hold(std::vector<StateWrite> delta) {
  const std::uint64_t number = ++x_last;
  for (const StateWrite& one : delta) {
    x_overlay[static_cast<std::size_t>(one.table)].insert_or_assign(one.key, Unwritten{one.value, number});
  }
  x_held.emplace(number, std::move(delta));
  return number;
}

Result<void> PartitionState::clear() {
  IOC_ASSERT(x_held.empty());
  return x_store.clear(x_partition);
}

Result<void> PartitionState::write_oldest() {
  IOC_ASSERT(!x_held.empty());
  const auto oldest = x_held.begin();
  if (auto written = x_store.write(x_partition, oldest->second); written.has_error()) return written.error();
  for (const StateWrite& one : oldest->second) {
    Overlay& overlay = x_overlay[static_cast<std::size_t>(one.table)];
    // A newer delta may have changed the key again: then the overlay keeps that one.
    if (const auto found = overlay.find(one.key); found != overlay.end() && found->second.delta == oldest->first) {
      overlay.erase(found);
    }
  }
  x_held.erase(oldest);
  return {};
}

}  // namespace ioc::triage_service
