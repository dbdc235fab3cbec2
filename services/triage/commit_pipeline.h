// From stepped records to a committed transaction (DESIGN D3): gathers effects, sends one transaction at a time, sends the
// very same one again after an abort, looks an unknown outcome up, and writes the state behind it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/log/log.h"
#include "libs/triage/machine.h"
#include "services/triage/config.h"
#include "services/triage/metrics.h"
#include "services/triage/recovery.h"
#include "services/triage/state_writer.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class CommitPipeline {
 public:
  // All on the strand.
  struct Events {
    std::function<void(const log::Committed&)> acquired;
    std::function<void()> progress;              // committed, or room again
    std::function<void(std::string why)> trying; // something failed and is tried again
    std::function<void(Refusal)> refused;
    std::function<void(std::string detail)> fenced;
    std::function<void()> idle;                  // after close(): nothing is under way any more
  };
  // All references must outlive the pipeline.
  CommitPipeline(PartitionId partition, Strand& strand, const Config& config, const PartitionMetrics& metrics,
                 PartitionState& state, Events events);

  // Becomes the owner, however often that has to be tried; then `acquired`.
  void acquire(std::unique_ptr<log::Owner> owner);
  // One record was stepped. `effects`: nullptr when they are committed already.
  void add(LogTime appended_at, std::vector<triage::Effect>* effects);
  // Leaves with the next transaction.
  void add_output(log::Output output);
  // Bounded in records, bytes and bytes unsent: without room stepping pauses.
  [[nodiscard]] bool room() const;
  // Commits what was added, not sooner after the last commit than `commit_gap`.
  void commit_if_due(triage::Machine& machine);
  // What was added is committed already: only the state is written.
  void keep_state(triage::Machine& machine);
  // The commit under way ends, nothing new begins.
  void close();
  [[nodiscard]] bool under_way() const { return x_sent; }
  [[nodiscard]] const log::Committed& committed() const { return x_committed; }

 private:
  struct Pending {
    std::vector<log::Output> outputs;
    std::size_t bytes = 0;
    std::uint64_t records = 0;
    Offset next;
    std::string metadata;
    LogTime oldest;
  };

  void ask_for_ownership();
  void on_acquired(Result<log::Committed> acquired);
  void hold_delta(triage::Machine& machine);
  void send();
  void on_commit(const log::CommitResult& result);
  void on_committed();
  void settle_in_doubt(const log::Committed& committed);
  void try_again(std::string why, void (CommitPipeline::*again)());

  const PartitionId x_partition;
  Strand& x_strand;
  const Config& x_config;
  const PartitionMetrics& x_metrics;
  const Events x_events;
  StateWriter x_writer;
  Backoff x_backoff;
  std::unique_ptr<log::Owner> x_owner;
  log::Committed x_committed;
  Pending x_pending;                   // stepped, not sent
  std::optional<Pending> x_in_flight;  // sent, outcome not known
  bool x_sent = false;                 // x_in_flight is with the owner right now
  bool x_acquiring = false;
  bool x_timer = false;
  bool x_closed = false;
  WallTime x_last_sent;
};

}  // namespace ioc::triage_service
