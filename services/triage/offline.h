// What `ioc state` and `ioc skip` do with a partition: on the log, and on the state of a process that is stopped.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "libs/config/deployment.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "services/triage/asio_scheduler.h"
#include "services/triage/bundles.h"
#include "services/triage/checkpoint_catalog.h"
#include "services/triage/config.h"
#include "services/triage/control_book.h"
#include "services/triage/state_store.h"

namespace ioc::triage_service {

class Offline {
 public:
  // `done` of `all`, records or bytes.
  using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

  // Opens the state in `<data>/triage`. Transient: another process works on it. The log must outlive this.
  [[nodiscard]] static Result<std::unique_ptr<Offline>> open(log::Log& log, const Config& config, const config::Deployment& deployment);
  ~Offline();
  Offline(const Offline&) = delete;
  Offline& operator=(const Offline&) = delete;

  // The offset that the checkpoint stands for.
  [[nodiscard]] Result<Offset> checkpoint(PartitionId partition);

  struct Restored {
    Offset offset;
    std::uint64_t bytes = 0;
  };
  // Permanent: there is no whole checkpoint up to the committed offset; the state is as it was.
  [[nodiscard]] Result<Restored> restore(PartitionId partition, const Progress& progress);

  struct Rebuilt {
    Offset offset;
    std::uint64_t records = 0;
  };
  // From the log's first record to the committed offset. Permanent: the log's start is gone, or it comes to another hash.
  [[nodiscard]] Result<Rebuilt> rebuild(PartitionId partition, const Progress& progress);

  struct Verified {
    Offset offset;                         // that the state stands for
    std::string from;                      // "checkpoint at offset N", "the log's start"
    std::uint64_t records = 0;             // stepped from there
    std::uint64_t entries = 0;             // compared
    std::uint64_t differences = 0;
    std::vector<std::string> first;        // the first of them: table and key
    std::string wrong;                     // what else is wrong; empty: nothing
  };
  [[nodiscard]] Result<Verified> verify(PartitionId partition, const Progress& progress);

 private:
  Offline(log::Log& log, const Config& config, const config::Deployment& deployment);

  [[nodiscard]] Result<std::optional<CheckpointManifest>> restore_into(PartitionState& state, std::optional<Offset> up_to,
                                                                      PartitionId partition, const Progress& progress);
  [[nodiscard]] Result<std::uint64_t> replay(PartitionState& state, PartitionId partition, Offset until, const Progress& progress);
  [[nodiscard]] Result<ControlBook> read_control(PartitionId partition);
  [[nodiscard]] Result<std::shared_ptr<const triage::Bundle>> bundle(std::string_view hash);

  log::Log& x_log;
  const Config x_config;
  const config::Deployment x_deployment;
  metrics::Registry x_registry;
  boost::asio::io_context x_io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> x_work{x_io.get_executor()};
  boost::asio::thread_pool x_pool{1};
  std::thread x_thread;
  std::unique_ptr<StateStore> x_store;
  std::unique_ptr<AsioScheduler> x_scheduler;
  std::shared_ptr<Bundles> x_bundles;
};

}  // namespace ioc::triage_service
