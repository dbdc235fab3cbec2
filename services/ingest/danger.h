// The IOC is not the emergency line: who reports a danger to life is told at once to call one. What is a danger the active bundle says,
// by the same judge that raises triage's alarm (libs/triage/danger.h).
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>

#include "libs/domain/ids.h"
#include "libs/log/log.h"
#include "libs/triage/bundle.h"

namespace ioc::ingest {

inline constexpr std::string_view kDangerNotice =
    "Nếu có nguy hiểm đến tính mạng, hãy gọi ngay 113 (công an), 114 (chữa cháy, cứu nạn) hoặc 115 (cấp cứu). "
    "Phản ánh này không thay cho cuộc gọi khẩn cấp.";

class Danger {
 public:
  // Judges by `bundle` until a partition's active bundle is known.
  explicit Danger(std::shared_ptr<const triage::Bundle> bundle) : x_configured(std::move(bundle)) {}

  // Of the text as it goes into the event. Any thread.
  [[nodiscard]] bool speaks_of_danger(PartitionId partition, std::string_view title, std::string_view text) const;

  void use(PartitionId partition, std::shared_ptr<const triage::Bundle> bundle);

 private:
  const std::shared_ptr<const triage::Bundle> x_configured;
  mutable std::shared_mutex x_mutex;  // guards x_active
  std::map<std::uint32_t, std::shared_ptr<const triage::Bundle>> x_active;  // by partition
};

// Follows `ioc.bundles.v1` on a thread of its own and gives Danger each partition's active bundle.
class BundleFollower {
 public:
  // Both must outlive this.
  BundleFollower(log::Log& log, Danger& danger, std::uint32_t partitions) : x_log(log), x_danger(danger), x_partitions(partitions) {}
  ~BundleFollower() { stop(); }
  BundleFollower(const BundleFollower&) = delete;
  BundleFollower& operator=(const BundleFollower&) = delete;

  // Reads what is there, then goes on in the background.
  [[nodiscard]] Result<void> start();
  void stop();

 private:
  void take(const log::Entry& entry);
  void use_active();
  void follow(const std::stop_token& stop);
  void wait_for_more(const std::stop_token& stop);

  log::Log& x_log;
  Danger& x_danger;
  const std::uint32_t x_partitions;
  triage::BundleAssembler x_assembler;
  std::map<std::uint32_t, std::string> x_used;  // hashes, by partition
  std::unique_ptr<log::Reader> x_reader;
  std::mutex x_mutex;
  std::condition_variable_any x_wake;
  bool x_ready = false;  // guarded by x_mutex: the reader has something
  std::jthread x_thread;
};

}  // namespace ioc::ingest
