#include "services/triage/state_store.h"

#include <utility>

#include "libs/base/assert.h"
#include "libs/store/store.h"

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

class RocksStateStore final : public StateStore {
 public:
  explicit RocksStateStore(std::unique_ptr<store::Store> store) : x_store(std::move(store)) {}

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
    // A state that cannot be read must not be taken for an empty one.
    IOC_ASSERT(found.has_value());
    return *std::move(found);
  }

  void scan(PartitionId partition, Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    const std::string end = until.empty() ? prefixed(partition.next(), "") : prefixed(partition, until);
    auto at = x_store->iterate(family_of(table));
    for (at->seek(prefixed(partition, from)); at->valid() && at->key() < end; at->next()) {
      if (!visit(at->key().substr(4), at->value())) return;
    }
    IOC_ASSERT(at->status().has_value());
  }

  std::uint64_t disk_bytes() const override { return x_store->disk_bytes(); }

 private:
  std::unique_ptr<store::Store> x_store;
};

}  // namespace

Result<std::unique_ptr<StateStore>> open_state_store(const std::string& folder, std::uint64_t cache_bytes) {
  store::Options options;
  for (const Table table : triage::kTables) options.families.emplace_back(name_of(table));
  options.cache_bytes = cache_bytes;
  auto opened = store::Store::open(folder, options);
  if (opened.has_error()) return opened.error();
  return std::unique_ptr<StateStore>(std::make_unique<RocksStateStore>(*std::move(opened)));
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
