#include "services/triage/bundles.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <utility>

#include "libs/domain/topics.h"

namespace ioc::triage_service {
namespace {

constexpr PartitionId kPartition{0};
constexpr std::size_t kPollEntries = 64;
constexpr std::size_t kPollBytes = 8 << 20;

}  // namespace

Result<void> Bundles::start() {
  auto range = x_log.range(topics::kBundles, kPartition);
  if (range.has_error()) return range.error();
  auto reader = x_log.read(topics::kBundles, kPartition, range->first);
  if (reader.has_error()) return reader.error();
  x_reader = *std::move(reader);
  x_scheduler.post([self = shared_from_this()] { self->pump(); });
  return {};
}

void Bundles::stop() {
  {
    const std::lock_guard lock(x_mutex);
    x_stopped = true;
    x_waiting.clear();
  }
  if (x_reader) x_reader->when_ready({});
}

void Bundles::pump() {
  {
    const std::lock_guard lock(x_mutex);
    if (x_stopped) return;
  }
  auto batch = x_reader->poll(kPollEntries, kPollBytes);
  if (batch.has_error()) {
    spdlog::error("bundles: cannot read the bundles topic error=\"{}\"", batch.error().message);
    return x_scheduler.after(Millis(1'000), [self = shared_from_this()] { self->pump(); });
  }
  if (batch->entries.empty()) {
    return x_reader->when_ready([self = shared_from_this()] { self->x_scheduler.post([self] { self->pump(); }); });
  }
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(x_mutex);
    for (const log::Entry& entry : batch->entries) {
      if (entry.tombstone) continue;
      if (auto added = x_assembler.add(entry.key, entry.value); added.has_error()) {
        spdlog::error("bundles: a chunk was not taken offset={} error=\"{}\"", entry.offset.value(), added.error().message);
      }
    }
    waiting.swap(x_waiting);
  }
  for (const auto& added : waiting) added();
  x_scheduler.post([self = shared_from_this()] { self->pump(); });
}

std::shared_ptr<const triage::Bundle> Bundles::find(std::string_view hash) {
  const std::lock_guard lock(x_mutex);
  if (const auto found = x_compiled.find(hash); found != x_compiled.end()) return found->second;
  if (!x_assembler.has(hash)) return nullptr;
  triage::BundleProblems problems;
  auto bundle = triage::compile(std::string(hash), x_assembler.files(hash), problems);
  for (const std::string& problem : problems.problems) {
    spdlog::error("bundles: bundle does not compile in this version bundle={} problem=\"{}\"", hash, problem);
  }
  return x_compiled.emplace(hash, std::move(bundle)).first->second;
}

void Bundles::when_added(std::function<void()> added) {
  const std::lock_guard lock(x_mutex);
  if (!x_stopped) x_waiting.push_back(std::move(added));
}

void Bundles::mark_active(PartitionId partition, const std::string& hash) {
  {
    const std::lock_guard lock(x_mutex);
    std::string& marked = x_marked[partition.value()];
    if (hash.empty() || x_stopped || marked == hash || x_assembler.active(partition) == hash) return;
    marked = hash;
  }
  x_log.append(topics::kBundles, kPartition, {triage::active_key(partition), hash, {}, false},
               [self = shared_from_this(), partition](const Result<Offset>& appended) {
                 if (appended.has_value()) return;
                 spdlog::warn("bundles: the active bundle is not marked yet partition={} error=\"{}\"", partition.value(), appended.error().message);
                 const std::lock_guard lock(self->x_mutex);
                 self->x_marked.erase(partition.value());
               });
}

void Bundles::publish(const triage::PackedBundle& bundle, std::function<void(Result<std::string>)> done) {
  struct Progress {
    std::atomic<std::size_t> left;
    std::mutex mutex;
    std::optional<Error> error;
    std::string hash;
    std::function<void(Result<std::string>)> done;
  };
  auto progress = std::make_shared<Progress>();
  progress->left = bundle.chunks.size();
  progress->hash = bundle.hash;
  progress->done = std::move(done);
  for (const auto& chunk : bundle.chunks) {
    x_log.append(topics::kBundles, kPartition, {chunk.key, chunk.value, {}, false}, [progress](Result<Offset> appended) {
      if (appended.has_error()) {
        const std::lock_guard lock(progress->mutex);
        progress->error = appended.error();
      }
      if (progress->left.fetch_sub(1) != 1) return;
      const std::lock_guard lock(progress->mutex);
      if (progress->error) {
        progress->done(*progress->error);
      } else {
        progress->done(progress->hash);
      }
    });
  }
}

}  // namespace ioc::triage_service
