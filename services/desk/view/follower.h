// Follows the log and keeps the view up to it, on a thread of its own: the only writer of store and memory. A view of
// another log, or one that stands further than the log does, is built again from the log.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "libs/base/result.h"
#include "libs/log/log.h"
#include "libs/store/store.h"
#include "services/desk/metrics.h"
#include "services/desk/reference/reference.h"
#include "services/desk/view/applier.h"
#include "services/desk/view/live.h"
#include "services/desk/view/tables.h"

namespace ioc::desk::view {

struct FollowerLimits {
  std::size_t poll_entries = 1024;
  std::size_t poll_bytes = 1 << 20;
  Millis events_age_max = std::chrono::hours(24 * 430);  // events leave the view after so long
  std::size_t things_max = 10'000;                       // cameras and checkpoints whose last sign is kept
  Millis publish_interval{500};  // queues, feeds and indicators are sent at most so often
};

// How things are written for clients; called on the follower's thread.
struct Publishing {
  RenderIncident incident;
  // queue, feed-health and indicator events that changed since the last call, as frames; nullptr: none.
  std::function<std::shared_ptr<const stream::Frames>()> changed;
  std::function<std::shared_ptr<const stream::Frames>()> clock;  // each second
  std::function<void()> measure;                                 // each second
};

class Follower {
 public:
  // All must outlive the follower.
  Follower(log::Log& log, store::Store& store, Tables& tables, Live& live, reference::Current& reference,
           FollowerLimits limits, Publishing publishing, Metrics& metrics);
  ~Follower();

  // Transient: a topic is missing or cannot be read. Then the thread runs.
  [[nodiscard]] Result<void> start();
  void stop();
  [[nodiscard]] bool caught_up() const { return x_caught_up; }
  [[nodiscard]] std::string progress() const;  // "412 of 9000 records"

 private:
  struct Source {
    std::string topic;
    PartitionId partition;
    std::unique_ptr<log::Reader> reader;
    Offset target;         // the end when the follower started
    bool is_view = true;   // false: bundles, which are read whole at each start
    std::atomic<bool> ready{true};
    std::atomic<std::uint64_t> next{0};  // the view has all records before it
  };

  Result<void> open_sources();
  Result<void> open_topic(std::string_view topic, bool is_view);
  Result<bool> view_fits();
  Result<void> wipe();
  std::vector<Offset> incidents_next() const;
  void run();
  bool step();
  bool poll(Source& source, Writes& writes, Changes& changes);
  void take(Source& source, const log::Batch& batch, Writes& writes, Changes& changes);
  void recover(Source& source, const Error& error);
  void measure(const Changes& changes);
  void use_bundle(const std::string& hash);
  void tell_progress();
  void prune(WallTime now);
  void count_lag();
  void periodic();
  void notify();

  log::Log& x_log;
  store::Store& x_store;
  Tables& x_tables;
  Live& x_live;
  reference::Current& x_reference;
  FollowerLimits x_limits;
  Publishing x_publishing;
  Metrics& x_metrics;

  std::vector<std::unique_ptr<Source>> x_sources;
  triage::BundleAssembler x_assembler;
  std::string x_wanted_bundle;

  std::thread x_thread, x_lag_thread;
  std::mutex x_mutex;
  std::condition_variable x_wake, x_lag_wake;
  bool x_notified = false, x_stopping = false;
  std::atomic<bool> x_caught_up{false};
  std::atomic<std::uint64_t> x_done{0}, x_total{0};
  std::chrono::steady_clock::time_point x_next_clock, x_next_publish, x_next_progress, x_next_prune, x_retry_at;
};

}  // namespace ioc::desk::view
