// The background thread: retention (whole segments from the start on) and compaction (README.md says how).
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "libs/log/embedded/catalog.h"
#include "libs/log/embedded/committer.h"
#include "libs/log/embedded/retention_clock.h"
#include "libs/log/embedded/settings.h"

namespace ioc::log::embedded {

class Cleaner {
 public:
  Cleaner(store::Store& store, const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings);
  ~Cleaner();
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;

 private:
  void loop(const std::stop_token& stop);
  void advance_clock();
  void retain(const TopicPartition& each);
  [[nodiscard]] Result<void> remove_before(Partition& partition, std::uint64_t start);

  store::Store& x_store;
  const Catalog& x_catalog;
  Committer& x_committer;
  const EmbeddedSettings x_settings;
  RetentionClock x_clock;
  std::chrono::steady_clock::time_point x_advanced = std::chrono::steady_clock::now();
  std::int64_t x_stored_ms = 0;  // of the clock, on disk
  bool x_behind = false;
  std::mutex x_mutex;
  std::condition_variable_any x_wake;
  std::jthread x_thread;
};

}  // namespace ioc::log::embedded
