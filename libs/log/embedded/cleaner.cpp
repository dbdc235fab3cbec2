#include "libs/log/embedded/cleaner.h"

#include <spdlog/spdlog.h>

#include <future>

#include "libs/log/embedded/compaction.h"

namespace ioc::log::embedded {

namespace {

// The start moves in a commit group, so that it never passes what is not durable.
class MoveStart final : public Task {
 public:
  MoveStart(Partition& partition, std::uint64_t start) : x_partition(partition), x_start(start) {}
  void stage(Group& group, const std::optional<Error>&) override { group.move_start(x_partition, x_start); }
  void finish(const Result<void>& written) override { x_moved.set_value(written); }
  std::future<Result<void>> moved() { return x_moved.get_future(); }

 private:
  Partition& x_partition;
  const std::uint64_t x_start;
  std::promise<Result<void>> x_moved;
};

// The offset before which everything may go: segments that are wholly too old, or too many.
std::uint64_t start_after(const TopicConfig& config, const Partition& partition, std::int64_t now_ms) {
  const auto sealed = partition.sealed();
  const auto active = partition.active();
  const auto oldest_ms = now_ms - config.retention_time.count();
  const auto expired = [&](const Segment& each) {
    return config.retention_time.count() > 0 && each.last_time_ms < oldest_ms;
  };
  std::uint64_t bytes = active ? active->bytes : 0;
  for (const auto& each : sealed) bytes += each.bytes;
  auto start = partition.range().first.value();
  for (const auto& each : sealed) {
    const bool surplus = config.retention_bytes > 0 && bytes - each.bytes >= config.retention_bytes;
    if (!expired(each) && !surplus) return start;
    start = each.last + 1;
    bytes -= each.bytes;
  }
  if (active && expired(*active)) start = active->last + 1;
  return start;
}

}  // namespace

Cleaner::Cleaner(store::Store& store, const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings)
    : x_store(store), x_catalog(catalog), x_committer(committer), x_settings(settings) {
  x_thread = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

Cleaner::~Cleaner() {
  x_thread.request_stop();
  x_thread.join();
}

void Cleaner::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    for (const auto& each : x_catalog.all()) {
      if (stop.stop_requested()) return;
      retain(each);
      if (!each.config.compacted) continue;
      if (const auto done = compact(x_store, *each.partition, x_settings, wall_now().ms(), stop); !done) {
        spdlog::error("log compaction failed partition={} error=\"{}\"", each.partition->name, done.error().message);
      }
    }
    std::unique_lock lock(x_mutex);
    x_wake.wait_for(lock, stop, x_settings.cleaning_interval, [] { return false; });
  }
}

void Cleaner::retain(const TopicPartition& each) {
  if (each.config.retention_time.count() == 0 && each.config.retention_bytes == 0) return;
  const auto old = each.partition->range().first.value();
  const auto start = start_after(each.config, *each.partition, wall_now().ms());
  if (start <= old) return;
  if (const auto removed = remove_before(*each.partition, start); !removed) {
    spdlog::error("log retention failed partition={} error=\"{}\"", each.partition->name, removed.error().message);
    return;
  }
  spdlog::info("log retention partition={} removed_from={} removed_until={}", each.partition->name, old, start);
}

// Readers are told first (the start moves), then the records go; a crash between leaves them to the next start.
Result<void> Cleaner::remove_before(Partition& partition, std::uint64_t start) {
  const auto old = partition.range().first.value();
  auto task = std::make_unique<MoveStart>(partition, start);
  auto moved = task->moved();
  x_committer.run(std::move(task));
  if (auto written = moved.get(); !written) return written;
  const auto from = offset_key(partition.number, old);
  const auto until = offset_key(partition.number, start);
  store::Batch batch;
  batch.erase_range(kBlocks, from, until);
  batch.erase_range(kSegments, from, until);
  if (auto written = x_store.write(batch, store::Sync::No); !written) return written;
  return x_store.drop_files(kBlocks, from, until);
}

}  // namespace ioc::log::embedded
