#include "libs/log/embedded/cleaner.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <limits>
#include <utility>

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

constexpr std::int64_t kStoreEveryMs = 60'000;
constexpr std::int64_t kBehindMs = 24LL * 3'600'000;  // that far behind the machine's clock is worth an alarm

std::int64_t start_of_clock(const store::Store& store, const Catalog& catalog) {
  const auto stored = store.get(store::kDefault, kRetentionClockKey);
  const auto ms = stored && *stored ? parse_offset(**stored) : std::nullopt;
  if (ms) return static_cast<std::int64_t>(*ms);
  return catalog.last_time_ms() > 0 ? catalog.last_time_ms() : wall_now().ms();
}

// When the newest record of each sealed segment was appended at the latest: no later than those behind it, whatever a clock
// that was set back since said at the time. Else one hour in 2099 would keep all that follows.
std::vector<std::int64_t> latest_times(const std::vector<Segment>& sealed, const std::optional<Segment>& active) {
  std::vector<std::int64_t> latest(sealed.size());
  std::int64_t behind_ms = active ? active->last_time_ms : std::numeric_limits<std::int64_t>::max();
  for (std::size_t at = sealed.size(); at-- > 0;) latest[at] = behind_ms = std::min(behind_ms, sealed[at].last_time_ms);
  return latest;
}

// The offset before which everything may go: segments that are wholly too old, or too many.
std::uint64_t start_after(const TopicConfig& config, const Partition& partition, std::int64_t now_ms) {
  const auto sealed = partition.sealed();
  const auto active = partition.active();
  const auto oldest_ms = now_ms - config.retention_time.count();
  const auto expired = [&](std::int64_t latest_ms) { return config.retention_time.count() > 0 && latest_ms < oldest_ms; };
  const auto latest = latest_times(sealed, active);
  std::uint64_t bytes = active ? active->bytes : 0;
  for (const auto& each : sealed) bytes += each.bytes;
  auto start = partition.range().first.value();
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    const Segment& each = sealed[at];
    const bool surplus = config.retention_bytes > 0 && bytes - each.bytes >= config.retention_bytes;
    if (!expired(latest[at]) && !surplus) return start;
    start = each.last + 1;
    bytes -= each.bytes;
  }
  if (active && expired(active->last_time_ms)) start = active->last + 1;
  return start;
}

}  // namespace

Cleaner::Cleaner(store::Store& store, const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings)
    : x_store(store), x_catalog(catalog), x_committer(committer), x_settings(settings), x_clock(start_of_clock(store, catalog)) {
  x_thread = std::jthread([this](const std::stop_token& stop) { loop(stop); });
}

Cleaner::~Cleaner() {
  x_thread.request_stop();
  x_thread.join();
}

void Cleaner::loop(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    advance_clock();
    for (const auto& each : x_catalog.all()) {
      if (stop.stop_requested()) return;
      retain(each);
      if (!each.config.compacted) continue;
      if (const auto done = compact(x_store, *each.partition, x_settings, x_clock.now_ms(), stop); !done) {
        spdlog::error("log compaction failed partition={} error=\"{}\"", each.partition->name, done.error().message);
      }
    }
    std::unique_lock lock(x_mutex);
    x_wake.wait_for(lock, stop, x_settings.cleaning_interval, [] { return false; });
  }
}

void Cleaner::advance_clock() {
  const auto now = std::chrono::steady_clock::now();
  const auto passed = std::chrono::duration_cast<Millis>(now - std::exchange(x_advanced, now)).count();
  const auto wall = wall_now().ms();
  const auto at = x_clock.advance(wall, passed);
  const bool behind = wall - at > kBehindMs;
  if (behind && !x_behind) {
    spdlog::error("log retention holds back: the machine's clock is {} h ahead of what the log has seen; if it is wrong, set it right "
                  "now; if it is right, nothing need be done clock=\"{}\" retention_clock=\"{}\"",
                  (wall - at) / 3'600'000, format_time(wall), format_time(at));
  }
  x_behind = behind;
  if (at - x_stored_ms < kStoreEveryMs && at >= x_stored_ms) return;
  store::Batch batch;
  batch.put(store::kDefault, kRetentionClockKey, encode_offset(static_cast<std::uint64_t>(at)));
  // Not stored: only the next start catches up from further behind.
  if (x_store.write(batch, store::Sync::No)) x_stored_ms = at;
}

void Cleaner::retain(const TopicPartition& each) {
  if (each.config.retention_time.count() == 0 && each.config.retention_bytes == 0) return;
  const auto old = each.partition->range().first.value();
  const auto start = start_after(each.config, *each.partition, x_clock.now_ms());
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
