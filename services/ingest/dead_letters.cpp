#include "services/ingest/dead_letters.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"

namespace ioc::ingest {
namespace {

constexpr std::size_t kPollEntries = 1000;
constexpr std::size_t kPollBytes = 1 << 20;
constexpr std::chrono::seconds kAtMost{10};

// Blocks until the reader may have something to say; false: it did not in time.
bool wait_ready(log::Reader& reader, std::chrono::steady_clock::time_point until) {
  struct Signal {
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false;
  };
  auto signal = std::make_shared<Signal>();
  reader.when_ready([signal] {
    const std::lock_guard lock(signal->mutex);
    signal->ready = true;
    signal->changed.notify_one();
  });
  std::unique_lock lock(signal->mutex);
  const bool ready = signal->changed.wait_until(lock, until, [&signal] { return signal->ready; });
  lock.unlock();
  if (!ready) reader.when_ready({});
  return ready;
}

Result<void> read_partition(log::Log& log, PartitionId partition, std::uint64_t scanned_max, std::vector<DeadLetter>& out) {
  const auto range = log.range(topics::kDeadLetters, partition);
  if (range.has_error()) return range.error();
  const std::uint64_t end = range->end.value();
  const std::uint64_t from = std::max(range->first.value(), end > scanned_max ? end - scanned_max : 0);
  if (from >= end) return {};
  auto reader = log.read(topics::kDeadLetters, partition, Offset(from));
  if (reader.has_error()) return reader.error();
  const auto until = std::chrono::steady_clock::now() + kAtMost;
  while ((*reader)->position().value() < end) {
    auto batch = (*reader)->poll(kPollEntries, kPollBytes);
    if (batch.has_error()) return batch.error();
    for (const auto& entry : batch->entries) {
      auto letter = wire::decode_dead_letter(entry.value);
      if (letter.has_value()) out.push_back(std::move(*letter));
    }
    if (batch->entries.empty() && (*reader)->position().value() < end && !wait_ready(**reader, until))
      return transient("the dead letters could not be read in time: ask again");
  }
  return {};
}

}  // namespace

Result<std::vector<DeadLetter>> DeadLetters::all() const {
  const auto partitions = x_log.partitions_of(topics::kDeadLetters);
  if (partitions.has_error()) return partitions.error();
  std::vector<DeadLetter> out;
  for (std::uint32_t i = 0; i < partitions->value_or(0); ++i) {
    auto read = read_partition(x_log, PartitionId(i), x_scanned_max, out);
    if (read.has_error()) return read.error();
  }
  std::stable_sort(out.begin(), out.end(), [](const DeadLetter& a, const DeadLetter& b) { return a.at < b.at; });
  return out;
}

Result<std::vector<DeadLetter>> DeadLetters::list(std::size_t limit, std::string_view reason) const {
  auto letters = all();
  if (letters.has_error()) return letters.error();
  std::vector<DeadLetter> out;
  std::unordered_set<std::string> seen;
  for (auto it = letters->rbegin(); it != letters->rend() && out.size() < limit; ++it) {
    if (!reason.empty() && it->reason != reason) continue;
    if (seen.insert(it->id).second) out.push_back(std::move(*it));
  }
  return out;
}

Result<std::optional<DeadLetter>> DeadLetters::find(std::string_view id) const {
  auto letters = all();
  if (letters.has_error()) return letters.error();
  for (auto it = letters->rbegin(); it != letters->rend(); ++it)
    if (it->id == id) return std::optional<DeadLetter>(std::move(*it));
  return std::optional<DeadLetter>();
}

}  // namespace ioc::ingest
