// The one thread that writes records: it takes everything queued, gives offsets and append times, checks owners, writes
// the whole group in one RocksDB batch with one sync, publishes, then answers. Nothing is visible or answered before.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "libs/log/embedded/disk_space.h"
#include "libs/log/embedded/group.h"
#include "libs/log/embedded/partition.h"
#include "libs/log/embedded/settings.h"
#include "libs/log/embedded/watermark.h"
#include "libs/log/log.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

// What one owner slot (group, partition) has committed. The committer's alone.
struct OwnerSlot {
  std::string key;
  CommitState state;
};

// A step of a group that is more than one append. Runs on the committer's thread.
class Task {
 public:
  virtual ~Task() = default;
  // Puts its part into the group; `disk_full`: only what takes no room may be put.
  virtual void stage(Group& group, const std::optional<Error>& disk_full) = 0;
  // After the group is durable and visible, or failed.
  virtual void finish(const Result<void>& written) = 0;
  std::size_t size_bytes = 0;
};

class Committer {
 public:
  // What the store holds already.
  struct Found {
    std::int64_t last_time_ms = 0;
    std::uint64_t groups = 0;
    std::vector<std::unique_ptr<OwnerSlot>> slots;
  };
  Committer(store::Store& store, const std::string& folder, const EmbeddedSettings& settings,
            std::unique_ptr<Watermark> watermark, Found found);
  // Writes what is queued, then ends.
  ~Committer();
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  void append(Partition& partition, Message message, std::function<void(Result<Offset>)> done);
  // Tasks are not refused for pressure: there is at most one per owner and cleaner.
  void run(std::unique_ptr<Task> task);
  // Made when missing; stays for ever.
  [[nodiscard]] OwnerSlot& slot(std::string_view group, PartitionNumber partition);

  [[nodiscard]] Stats stats() const;

 private:
  struct Work {
    Partition* partition = nullptr;
    Message message;
    std::function<void(Result<Offset>)> done;
    std::unique_ptr<Task> task;
    std::size_t bytes = 0;
    std::optional<std::uint64_t> offset;
  };

  void enqueue(Work work);
  void loop();
  [[nodiscard]] std::vector<Work> take();
  void commit(std::vector<Work>& works);
  void stage(Work& work, const std::optional<Error>& full);
  [[nodiscard]] Result<void> write();
  void answer(std::vector<Work>& works, const Result<void>& written, const std::optional<Error>& full);
  [[nodiscard]] std::int64_t clock();

  store::Store& x_store;
  const EmbeddedSettings x_settings;
  DiskSpace x_space;
  std::atomic<std::uint64_t> x_queued_bytes{0};
  std::atomic<std::uint64_t> x_syncs{0};
  std::atomic<std::uint64_t> x_appended{0};

  std::mutex x_mutex;  // guards what follows
  std::condition_variable x_wake;
  std::vector<Work> x_queue;
  std::map<std::string, std::unique_ptr<OwnerSlot>> x_slots;
  bool x_stop = false;

  // The thread's alone.
  const std::unique_ptr<Watermark> x_watermark;
  std::int64_t x_last_time_ms;
  std::uint64_t x_groups;
  Group x_group;
  std::vector<Work> x_leftover;  // taken from the queue, more than one group holds
  std::size_t x_leftover_at = 0;
  std::thread x_thread;
};

}  // namespace ioc::log::embedded
