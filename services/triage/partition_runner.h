// Runs the state machine of one partition: read, step, commit, then write the state (DESIGN D3). One strand owns
// all of it; log, store, bundles and scheduler are seams, so that a simulation can run this very class.
//
//   acquire ──► load ──► catch up to the committed offset (effects dropped) ──► run ◄──► wait
//      ▲                                                                         │
//      └────────────────── commit in doubt: look up the committed offset ────────┘
//   Refused and Fenced are ends: the partition stands still and says why.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/machine.h"
#include "services/triage/bundles.h"
#include "services/triage/config.h"
#include "services/triage/machine_metrics.h"
#include "services/triage/metrics.h"
#include "services/triage/scheduler.h"
#include "services/triage/state_store.h"

namespace ioc::triage_service {

enum class Phase { Acquiring, Loading, CatchingUp, Running, Refused, Fenced, Stopped };
std::string_view name_of(Phase phase);

class PartitionRunner : public std::enable_shared_from_this<PartitionRunner> {
 public:
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

  struct Status {
    Phase phase = Phase::Acquiring;
    std::string message;        // why it refuses or waits; empty when all is well
    Offset next;                // next record to step
    Offset committed;
    std::string bundle;         // active
  };
  [[nodiscard]] Status status() const;  // any thread

 private:
  struct Pending {
    std::vector<log::Output> outputs;
    std::size_t bytes = 0;
    std::uint64_t records = 0;
    Offset next;
    std::string metadata;
    LogTime oldest;
  };

  void acquire();
  void on_acquired(Result<log::Committed> acquired);
  void load();
  void on_loaded(Result<void> loaded);
  void open_reader();
  void pump();
  bool poll_more();
  void step_some();
  bool may_step(const log::Entry& entry);
  void finish_catching_up();
  [[nodiscard]] bool room() const;
  void commit_if_due();
  void send();
  void on_commit(log::CommitResult result);
  void on_committed();
  void settle_in_doubt(const log::Committed& committed);
  void write_state();
  void activate_first_bundle();
  void tick_if_silent();
  void append_tick();
  void retry(std::string why, void (PartitionRunner::*again)());
  void wait(std::string why, Millis delay);
  void refuse(std::string why);
  void enter(Phase phase, std::string message = {});
  [[nodiscard]] bool ended() const;
  void finish_if_stopping();
  [[nodiscard]] std::string metadata() const;
  // Runs `member` on the strand, if the runner has not ended by then.
  void later(void (PartitionRunner::*member)());
  void later(Millis delay, void (PartitionRunner::*member)());

  const PartitionId x_partition;
  const std::uint32_t x_partitions;
  std::unique_ptr<log::Owner> x_owner;
  World x_world;
  PartitionMetrics x_metrics;
  MachineMetrics x_machine_metrics;

  PartitionState x_state;
  std::unique_ptr<triage::Machine> x_machine;
  std::unique_ptr<log::Reader> x_reader;
  log::Batch x_batch;
  std::size_t x_batch_at = 0;        // first entry of x_batch not stepped
  log::Committed x_committed;
  Pending x_pending;                 // stepped, not sent
  std::optional<Pending> x_in_flight;  // sent, outcome not known
  bool x_sent = false;               // x_in_flight is with the owner right now
  bool x_commit_timer = false;
  bool x_drained = false;
  bool x_pump_posted = false;
  bool x_state_blocked = false;      // the store takes no writes: no commit until it does
  bool x_waiting = false;            // the next record may not be stepped yet
  bool x_tick_appended = false;
  bool x_activating = false;
  bool x_acquiring = false;
  WallTime x_last_sent;
  WallTime x_last_stepped;
  Millis x_backoff;
  std::vector<triage::Effect> x_effects;
  std::function<void()> x_stopped;   // set: stopping

  mutable std::mutex x_status_mutex;
  Status x_status;
};

}  // namespace ioc::triage_service
