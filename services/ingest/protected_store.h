// Payloads as received, with reporters and plates: what never leaves ingest (DESIGN D9). Its own RocksDB, written and
// synced before the log hears of an event. Layout: README.md.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/store/store.h"
#include "services/ingest/config.h"
#include "services/ingest/metrics.h"

namespace ioc::ingest {

struct ProtectedRecord {
  WallTime received_at, keep_until;
  std::string id;      // of the event or dead letter
  std::string sender;  // account name; empty: a raw topic
  std::string format;  // name, or the path where none is known
  std::string payload;
  std::string reporter;  // JSON
  std::vector<std::string> plates;
  friend bool operator==(const ProtectedRecord&, const ProtectedRecord&) = default;
};
std::string encode(const ProtectedRecord& record);
[[nodiscard]] Result<ProtectedRecord> decode_protected(std::string_view bytes);

// One look at a payload.
struct Look {
  WallTime at;
  std::string actor, id, reason;
};

class ProtectedStore {
 public:
  struct Item {
    std::string ref;  // Identity::payload_ref
    ProtectedRecord record;
  };

  [[nodiscard]] static Result<std::unique_ptr<ProtectedStore>> open(const std::string& folder,
                                                                    const ProtectedStoreConfig& config,
                                                                    const Metrics& metrics);
  ~ProtectedStore();  // what was accepted by put() is written first

  // `done` is called once, on the writer's thread (or on this one with Transient, when too much waits already): all
  // items are synced, or none is. Calls from many threads share one sync. `done` must not block.
  void put(std::vector<Item> items, std::function<void(Result<void>)> done);
  // All payloads stored under `ref`, oldest first, at most 16.
  [[nodiscard]] Result<std::vector<ProtectedRecord>> get(std::string_view ref) const;
  // Synced when it returns; blocks for that long.
  [[nodiscard]] Result<void> note_look(const Look& look);
  [[nodiscard]] Result<std::vector<Look>> looks(std::size_t newest) const;
  // Deletes what is past its retention; done by itself every hour. Returns how many payloads went.
  [[nodiscard]] Result<std::size_t> sweep(WallTime now);
  [[nodiscard]] std::uint64_t disk_bytes() const;
  // Why the last write failed; empty: it did not. After a failure a small one is tried again and again by itself.
  [[nodiscard]] std::string not_writable_because() const;

 private:
  struct Write {
    std::size_t family;
    std::string key, value;
    std::int64_t keep_until_ms;
  };
  struct Group {
    std::vector<Write> writes;
    std::size_t bytes = 0;
    std::function<void(Result<void>)> done;
  };

  ProtectedStore(std::unique_ptr<store::Store> store, ProtectedStoreConfig config, const Metrics& metrics);
  void enqueue(Group group);
  void run();
  std::vector<Group> take(std::unique_lock<std::mutex>& lock);
  void write(std::vector<Group> groups);
  Result<void> write(const store::Batch& batch, store::Sync sync);
  void try_again();

  std::unique_ptr<store::Store> x_store;
  ProtectedStoreConfig x_config;
  const Metrics& x_metrics;

  mutable std::mutex x_mutex;  // guards what follows
  std::string x_not_writable;
  std::condition_variable x_wake;
  std::vector<Group> x_waiting;
  std::size_t x_waiting_bytes = 0;
  std::uint64_t x_look_number = 0;
  bool x_stopping = false;
  std::mutex x_write_mutex;  // the store has one writer at a time: the thread, or a sweep asked for
  std::thread x_thread;
};

}  // namespace ioc::ingest
