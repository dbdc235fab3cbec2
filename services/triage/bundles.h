// Follows `ioc.bundles.v1` and keeps what it carries, compiled. Shared by all partitions of the process.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/log/log.h"
#include "libs/triage/bundle.h"
#include "services/triage/scheduler.h"

namespace ioc::triage_service {

class Bundles : public std::enable_shared_from_this<Bundles> {
 public:
  // The log and the scheduler must outlive this.
  Bundles(log::Log& log, Scheduler& scheduler) : x_log(log), x_scheduler(scheduler) {}

  [[nodiscard]] Result<void> start();
  void stop();

  // nullptr: its chunks are not all here yet, or it does not compile (said in the log once). Any thread.
  [[nodiscard]] std::shared_ptr<const triage::Bundle> find(std::string_view hash);
  // Called once when anything new has arrived; from the scheduler's strand.
  void when_added(std::function<void()> added);

  // Says on the topic which bundle the partition runs, unless it says so already. Any thread.
  void mark_active(PartitionId partition, const std::string& hash);

  // Appends the bundle's chunks; then `done` with its hash. From any thread.
  void publish(const triage::PackedBundle& bundle, std::function<void(Result<std::string>)> done);

 private:
  void pump();

  log::Log& x_log;
  Scheduler& x_scheduler;
  std::unique_ptr<log::Reader> x_reader;
  std::mutex x_mutex;  // guards what is below
  bool x_stopped = false;
  triage::BundleAssembler x_assembler;
  std::map<std::string, std::shared_ptr<const triage::Bundle>, std::less<>> x_compiled;  // nullptr: does not compile
  std::vector<std::function<void()>> x_waiting;
  std::map<std::uint32_t, std::string> x_marked;  // by partition: what this process said it runs
};

}  // namespace ioc::triage_service
