#include "services/ingest/danger.h"

#include <spdlog/spdlog.h>

#include "libs/domain/topics.h"
#include "libs/log/read_range.h"
#include "libs/triage/danger.h"

namespace ioc::ingest {
namespace {

constexpr PartitionId kBundlesPartition{0};
constexpr std::size_t kPollEntries = 64, kPollBytes = 8 << 20;
constexpr std::chrono::milliseconds kLookAgain{1'000};

}  // namespace

bool Danger::speaks_of_danger(PartitionId partition, std::string_view title, std::string_view text) const {
  std::shared_ptr<const triage::Bundle> bundle = x_configured;
  {
    const std::shared_lock lock(x_mutex);
    if (const auto active = x_active.find(partition.value()); active != x_active.end()) bundle = active->second;
  }
  return triage::speaks_of_danger(*bundle, title, text);
}

void Danger::use(PartitionId partition, std::shared_ptr<const triage::Bundle> bundle) {
  const std::unique_lock lock(x_mutex);
  x_active[partition.value()] = std::move(bundle);
}

Result<void> BundleFollower::start() {
  const auto range = x_log.range(topics::kBundles, kBundlesPartition);
  if (range.has_error()) return range.error();
  const auto read = log::read_range(x_log, topics::kBundles, kBundlesPartition, range->first, range->end, [this](const log::Entry& entry) -> Result<void> {
    take(entry);
    return {};
  });
  if (read.has_error()) return read.error();
  use_active();
  auto reader = x_log.read(topics::kBundles, kBundlesPartition, range->end);
  if (reader.has_error()) return reader.error();
  x_reader = *std::move(reader);
  x_thread = std::jthread([this](const std::stop_token& stop) { follow(stop); });
  return {};
}

void BundleFollower::stop() {
  x_thread.request_stop();
  if (x_thread.joinable()) x_thread.join();
  if (x_reader) x_reader->when_ready({});
}

void BundleFollower::take(const log::Entry& entry) {
  if (entry.tombstone) return;
  if (auto added = x_assembler.add(entry.key, entry.value); added.has_error()) {
    spdlog::warn("ingest: an entry of the bundles topic was not taken offset={} error=\"{}\"", entry.offset.value(), added.error().message);
  }
}

// A bundle that this version cannot compile leaves the one before in use: a judge of yesterday is better than none.
void BundleFollower::use_active() {
  for (std::uint32_t i = 0; i < x_partitions; ++i) {
    const std::string hash = x_assembler.active(PartitionId(i));
    if (hash.empty() || x_used[i] == hash || !x_assembler.has(hash)) continue;
    x_used[i] = hash;
    triage::BundleProblems problems;
    auto bundle = triage::compile(hash, x_assembler.files(hash), problems);
    for (const std::string& problem : problems.problems) spdlog::error("ingest: the active bundle does not compile in this version bundle={} problem=\"{}\"", hash, problem);
    if (!bundle) continue;
    spdlog::info("ingest: danger is judged by the active bundle partition={} bundle={}", i, hash.substr(0, 12));
    x_danger.use(PartitionId(i), std::move(bundle));
  }
}

void BundleFollower::follow(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto batch = x_reader->poll(kPollEntries, kPollBytes);
    if (batch.has_value() && !batch->entries.empty()) {
      for (const log::Entry& entry : batch->entries) take(entry);
      use_active();
      continue;
    }
    if (batch.has_error()) spdlog::warn("ingest: cannot read the bundles topic, trying again error=\"{}\"", batch.error().message);
    wait_for_more(stop);
  }
}

void BundleFollower::wait_for_more(const std::stop_token& stop) {
  {
    const std::lock_guard lock(x_mutex);
    x_ready = false;
  }
  // It may call back at once, so not under the lock.
  x_reader->when_ready([this] {
    const std::lock_guard lock(x_mutex);
    x_ready = true;
    x_wake.notify_one();
  });
  std::unique_lock lock(x_mutex);
  x_wake.wait_for(lock, stop, kLookAgain, [this] { return x_ready; });
}

}  // namespace ioc::ingest
