#include "libs/log/embedded/committer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "libs/base/clock_guard.h"

namespace ioc::log::embedded {

namespace {

// While the disk is full nothing is queued, so the thread looks by itself.
constexpr std::chrono::milliseconds kLookAgain{100};
constexpr std::size_t kOverheadBytes = 128;  // of a queued message beside its content

std::size_t size_of(const Message& message) {
  std::size_t bytes = kOverheadBytes + message.key.size() + message.value.size();
  for (const auto& header : message.headers) bytes += header.name.size() + header.value.size();
  return bytes;
}

}  // namespace

Committer::Committer(store::Store& store, const std::string& folder, const EmbeddedSettings& settings,
                     std::unique_ptr<Watermark> watermark, Found found)
    : x_store(store),
      x_settings(settings),
      x_space(folder, settings.reserve_bytes),
      x_watermark(std::move(watermark)),
      x_last_time_ms(found.last_time_ms),
      x_groups(found.groups),
      x_group(settings.segment_bytes) {
  for (auto& each : found.slots) {
    std::string key = each->key;
    x_slots.emplace(std::move(key), std::move(each));
  }
  x_thread = std::thread([this] { loop(); });
}

Committer::~Committer() {
  {
    const std::lock_guard lock(x_mutex);
    x_stop = true;
  }
  x_wake.notify_one();
  x_thread.join();
}

OwnerSlot& Committer::slot(std::string_view group, PartitionNumber partition) {
  const std::lock_guard lock(x_mutex);
  auto& found = x_slots[commit_key(group, partition)];
  if (!found) found = std::make_unique<OwnerSlot>(OwnerSlot{commit_key(group, partition), {}});
  return *found;
}

void Committer::append(Partition& partition, Message message, std::function<void(Result<Offset>)> done) {
  const auto bytes = size_of(message);
  if (bytes > x_settings.message_bytes_max) {
    return done(permanent(partition.name + ": a message of " + std::to_string(bytes) + " bytes is larger than " +
                          std::to_string(x_settings.message_bytes_max) + " (message_bytes_max)"));
  }
  if (x_space.full()) return done(x_space.error());
  if (x_queued_bytes.fetch_add(bytes) + bytes > x_settings.queued_bytes_max) {
    x_queued_bytes -= bytes;
    return done(transient(partition.name + ": more than " + std::to_string(x_settings.queued_bytes_max) +
                          " bytes wait for the disk (queued_bytes_max); try again later"));
  }
  Work work;
  work.partition = &partition;
  work.message = std::move(message);
  work.done = std::move(done);
  work.bytes = bytes;
  enqueue(std::move(work));
}

void Committer::run(std::unique_ptr<Task> task) {
  Work work;
  work.bytes = task->size_bytes;
  x_queued_bytes += work.bytes;
  work.task = std::move(task);
  enqueue(std::move(work));
}

void Committer::enqueue(Work work) {
  bool was_empty = false;
  {
    const std::lock_guard lock(x_mutex);
    was_empty = x_queue.empty();
    x_queue.push_back(std::move(work));
  }
  if (was_empty) x_wake.notify_one();
}

void Committer::loop() {
  for (auto works = take(); !works.empty(); works = take()) commit(works);
}

// The next group: everything queued, up to the limit. Empty: the log is being closed and all is written.
std::vector<Committer::Work> Committer::take() {
  if (x_leftover_at == x_leftover.size()) {
    x_leftover.clear();
    x_leftover_at = 0;
    std::unique_lock lock(x_mutex);
    while (x_queue.empty() && !x_stop) {
      if (!x_space.full()) {
        x_wake.wait(lock);
        continue;
      }
      x_wake.wait_for(lock, kLookAgain);
      x_space.look();
    }
    x_leftover.swap(x_queue);
  }
  std::size_t bytes = 0;
  auto end = x_leftover_at;
  while (end < x_leftover.size() && (bytes == 0 || bytes < x_settings.group_bytes_max)) bytes += x_leftover[end++].bytes;
  if (x_leftover_at == 0 && end == x_leftover.size()) {
    x_leftover_at = 0;
    return std::exchange(x_leftover, {});
  }
  std::vector<Work> group(std::make_move_iterator(x_leftover.begin() + static_cast<std::ptrdiff_t>(x_leftover_at)),
                          std::make_move_iterator(x_leftover.begin() + static_cast<std::ptrdiff_t>(end)));
  x_leftover_at = end;
  return group;
}

// Small steps back are waited out. After a large one the clock was wrong before, and time that stood still would keep
// every deadline from passing until the clock is there again.
std::int64_t Committer::clock() {
  const std::int64_t now_ms = wall_now().ms();
  if (now_ms > x_last_time_ms || x_last_time_ms - now_ms > ClockGuard::kStep.count()) x_last_time_ms = now_ms;
  return x_last_time_ms;
}

void Committer::commit(std::vector<Work>& works) {
  x_space.look();
  std::optional<Error> full;
  if (x_space.full()) full = x_space.error();
  x_group.begin(clock());
  for (auto& each : works) stage(each, full);
  const auto written = write();
  if (written) {
    x_group.publish();
  } else {
    x_group.forget();
    if (written.error().kind == ErrorKind::Transient) x_space.refused();
    spdlog::error("log group not written works={} error=\"{}\"", works.size(), written.error().message);
  }
  answer(works, written, full);
}

void Committer::stage(Work& work, const std::optional<Error>& full) {
  if (work.task) {
    work.task->stage(x_group, full);
  } else if (!full) {
    work.offset = x_group.add(*work.partition, work.message);
  }
}

Result<void> Committer::write() {
  if (x_group.empty()) return {};
  auto written = x_store.write(x_group.seal(x_groups + 1), store::Sync::Yes);
  if (!written) return written;
  ++x_syncs;
  x_watermark->write(++x_groups);
  return written;
}

void Committer::answer(std::vector<Work>& works, const Result<void>& written, const std::optional<Error>& full) {
  std::size_t bytes = 0;
  std::uint64_t appended = 0;
  for (const auto& each : works) {
    bytes += each.bytes;
    appended += written && each.offset ? 1 : 0;
  }
  x_appended += appended;
  x_queued_bytes -= bytes;
  for (auto& each : works) {
    if (each.task) {
      each.task->finish(written);
    } else if (!each.offset) {
      each.done(*full);
    } else if (!written) {
      each.done(written.error());
    } else {
      each.done(Offset(*each.offset));
    }
  }
}

Stats Committer::stats() const {
  Stats stats;
  stats.queued_bytes = x_queued_bytes;
  stats.queued_bytes_max = x_settings.queued_bytes_max;
  stats.syncs = x_syncs;
  stats.appended = x_appended;
  return stats;
}

}  // namespace ioc::log::embedded
