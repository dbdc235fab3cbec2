// Runs the state machine of one partition: read, step, commit, then write the state (DESIGN D3). One strand owns
// all of it; log, store, bundles and scheduler are seams, so that a simulation can run this very class.
//
//   acquire ──► load ──► catch up to the committed offset (effects dropped) ──► run ◄──► wait
//
// Refused and Fenced are ends: the partition stands still and says why. What commits is CommitPipeline, what reads
// RecordFeed, what a start must find recovery.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/machine.h"
#include "services/triage/bundles.h"
#include "services/triage/commit_pipeline.h"
#include "services/triage/config.h"
#include "services/triage/machine_metrics.h"
#include "services/triage/metrics.h"
#include "services/triage/own_records.h"
#include "services/triage/phase.h"
#include "services/triage/record_feed.h"
#include "services/triage/scheduler.h"
#include "services/triage/state_store.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class PartitionRunner {
 public:
  using Status = triage_service::Status;
  // All of it must outlive the runner.
  struct World {
    log::Log& log;
    StateStore& store;
    Bundles& bundles;
    Scheduler& scheduler;
    const Config& config;
    metrics::Registry& registry;
    // Packed from the configured folder; activated when a partition has none.
    const triage::PackedBundle& first_bundle;
  };

  PartitionRunner(PartitionId partition, std::uint32_t partitions, std::unique_ptr<log::Owner> owner, World world);
  ~PartitionRunner();

  void start();
  // Any thread. Lets a commit in flight end, then calls `stopped` on the strand; nothing runs after that.
  void stop(std::function<void()> stopped);
  [[nodiscard]] Status status() const { return x_board.get(); }  // any thread

 private:
  void load();
  void on_loaded(const Result<void>& loaded);
  void open_feed();
  void pump();
  void step_some();
  void step(const log::Entry& entry);
  bool may_step(const log::Entry& entry);
  void finish_catching_up();
  void look_around();
  void read_failed(const Error& error);
  void wait(std::string why);
  void refuse(const Refusal& refusal);
  void fenced(const std::string& detail);
  void enter(Phase phase, std::string message = {});
  void pump_soon();
  [[nodiscard]] bool working() const { return x_phase == Phase::Running || x_phase == Phase::CatchingUp; }
  [[nodiscard]] bool ended() const { return x_phase == Phase::Refused || x_phase == Phase::Fenced || x_phase == Phase::Stopped; }
  void finish_if_stopping();

  const PartitionId x_partition;
  const std::uint32_t x_partitions;
  World x_world;
  PartitionMetrics x_metrics;
  MachineMetrics x_machine_metrics;
  StatusBoard x_board;
  PartitionState x_state;
  Strand x_strand;
  CommitPipeline x_pipeline;
  RecordFeed x_feed;
  OwnRecords x_own;
  Backoff x_backoff;                   // of reading
  std::unique_ptr<log::Owner> x_owner;  // until start()
  std::unique_ptr<triage::Machine> x_machine;

  Phase x_phase = Phase::Acquiring;
  std::string x_message;
  bool x_pump_posted = false;
  bool x_waiting = false;            // the next record may not be stepped yet
  WallTime x_last_stepped;
  std::vector<triage::Effect> x_effects;
  std::function<void()> x_stopped;   // set: stopping
};

}  // namespace ioc::triage_service
