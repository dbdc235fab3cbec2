// Runs the state machine of one partition: read, step, commit, then write the state (DESIGN D3). One strand owns
// all of it; log, store, bundles and scheduler are seams, so that a simulation can run this very class.
//
//   standby: look up what is committed ──► load ──► catch up to it (effects dropped) ──► look again
//   owner:   acquire ──► load, if not warm ──► catch up to the committed offset ──► run
//
// Refused and Fenced are ends: the partition stands still and says why. What commits is CommitPipeline, what loads
// PartitionLoader, what reads RecordFeed, what a start must find recovery.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/machine.h"
#include "services/triage/bundles.h"
#include "services/triage/checkpoint_writer.h"
#include "services/triage/commit_pipeline.h"
#include "services/triage/config.h"
#include "services/triage/control_feed.h"
#include "services/triage/machine_metrics.h"
#include "services/triage/metrics.h"
#include "services/triage/own_records.h"
#include "services/triage/partition_loader.h"
#include "services/triage/phase.h"
#include "services/triage/record_feed.h"
#include "services/triage/record_gate.h"
#include "services/triage/scheduler.h"
#include "services/triage/state_store.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

// The consumer group of all triage processes of a deployment.
inline constexpr std::string_view kGroup = "triage";

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

  // `owner`: nullptr begins as a standby.
  PartitionRunner(PartitionId partition, std::uint32_t partitions, std::unique_ptr<log::Owner> owner, World world);
  ~PartitionRunner();

  void start();
  // Once, any thread: the standby becomes the owner.
  void take_over(std::unique_ptr<log::Owner> owner);
  // Any thread. Lets a commit in flight end, then calls `stopped` on the strand; nothing runs after that.
  void stop(std::function<void()> stopped);
  [[nodiscard]] Status status() const { return x_board.get(); }  // any thread

 private:
  void begin_owning();
  void look_up_committed();
  void plan_look();
  void aim_at(const log::Committed& committed);
  void on_loaded(std::unique_ptr<triage::Machine> machine);
  void open_feed();
  void pump();
  void step_some();
  void step(const log::Entry& entry);
  void finish_catching_up();
  void answer(const ControlEntry& request, ControlState state);
  void look_around();
  void read_failed(const Error& error);
  void wait(std::string why);
  void refuse(const Refusal& refusal);
  void fenced(const std::string& detail);
  void enter(Phase phase, std::string message = {});
  void pump_soon();
  [[nodiscard]] Offset target() const { return x_target.next.value_or(Offset(0)); }
  [[nodiscard]] bool working() const {
    return x_phase == Phase::Running || x_phase == Phase::CatchingUp || x_phase == Phase::Standby;
  }
  [[nodiscard]] bool ended() const { return x_phase == Phase::Refused || x_phase == Phase::Fenced || x_phase == Phase::Stopped; }
  void finish_if_stopping();

  const PartitionId x_partition;
  World x_world;
  PartitionMetrics x_metrics;
  MachineMetrics x_machine_metrics;
  StatusBoard x_board;
  PartitionState x_state;
  Strand x_strand;
  CommitPipeline x_pipeline;
  PartitionLoader x_loader;
  ControlFeed x_control;
  RecordGate x_gate;
  CheckpointWriter x_checkpoints;
  RecordFeed x_feed;
  OwnRecords x_own;
  Backoff x_backoff;                   // of reading
  std::unique_ptr<log::Owner> x_owner;  // until it acquires
  std::unique_ptr<triage::Machine> x_machine;

  Phase x_phase = Phase::Acquiring;
  std::string x_message;
  std::string_view x_refused_for;
  bool x_owning = false;    // or about to
  bool x_acquired = false;
  bool x_warm = false;
  log::Committed x_target;           // what is committed; stepped up to it, effects are dropped
  bool x_look_planned = false;
  bool x_pump_posted = false;
  bool x_waiting = false;            // the next record may not be stepped yet
  WallTime x_last_stepped;
  std::uint64_t x_looks = 0;
  std::optional<WallTime> x_behind_since;  // the committed offset is behind this standby's state
  std::vector<triage::Effect> x_effects;
  std::function<void()> x_stopped;   // set: stopping
};

}  // namespace ioc::triage_service
