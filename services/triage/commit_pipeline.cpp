#include "services/triage/commit_pipeline.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

namespace ioc::triage_service {
namespace {

std::size_t size_of(const log::Output& output) {
  return sizeof(log::Output) + output.topic.size() + output.message.key.size() + output.message.value.size();
}

double seconds(Millis span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

CommitPipeline::CommitPipeline(PartitionId partition, Strand& strand, const Config& config, const PartitionMetrics& metrics,
                               PartitionState& state, Events events)
    : x_partition(partition),
      x_strand(strand),
      x_config(config),
      x_metrics(metrics),
      x_events(std::move(events)),
      x_writer(partition, strand, state, [this] { x_events.progress(); }),
      x_backoff(config.retry_first, config.retry_longest) {}

// ---- becoming the owner ----

void CommitPipeline::acquire(std::unique_ptr<log::Owner> owner) {
  x_owner = std::move(owner);
  ask_for_ownership();
}

void CommitPipeline::ask_for_ownership() {
  if (x_closed || std::exchange(x_acquiring, true)) return;
  auto acquired = std::make_shared<Result<log::Committed>>(transient("not asked yet"));
  x_strand.blocking([this, acquired] { *acquired = x_owner->acquire(); },
                    [this, acquired] {
                      x_acquiring = false;
                      if (x_closed) return x_events.idle();
                      on_acquired(std::move(*acquired));
                    });
}

void CommitPipeline::on_acquired(Result<log::Committed> acquired) {
  if (acquired.has_error()) {
    std::string why = "cannot become the owner: " + acquired.error().message;
    if (acquired.error().kind == ErrorKind::Transient) {
      return try_again(std::move(why), &CommitPipeline::ask_for_ownership);
    }
    return x_events.refused({Reason::NotOwner, std::move(why)});
  }
  x_backoff.reset();
  if (x_in_flight) return settle_in_doubt(*acquired);
  x_committed = *std::move(acquired);
  x_events.acquired(x_committed);
}

// After an outcome that nobody could tell: the committed offset says it.
void CommitPipeline::settle_in_doubt(const log::Committed& committed) {
  if (committed.next == x_in_flight->next) return on_committed();
  if (committed.next == x_committed.next) {
    x_metrics.aborts.add();
    return send();
  }
  x_events.refused({Reason::ForeignOwner,
                    fmt::format("the committed offset is {}, neither before ({}) nor after ({}) the transaction in doubt: another "
                                "owner wrote; stop it and start this process again",
                                committed.next.value_or(Offset(0)).value(), x_committed.next.value_or(Offset(0)).value(),
                                x_in_flight->next.value())});
}

// ---- gathering ----

void CommitPipeline::add(LogTime appended_at, std::vector<triage::Effect>* effects) {
  if (x_pending.records++ == 0) x_pending.oldest = appended_at;
  if (effects == nullptr) return;
  for (triage::Effect& effect : *effects) {
    add_output({std::move(effect.topic), effect.partition.value_or(x_partition),
                {std::move(effect.key), std::move(effect.value), {}, false}});
  }
}

void CommitPipeline::add_output(log::Output output) {
  x_pending.bytes += size_of(output);
  x_pending.outputs.push_back(std::move(output));
}

bool CommitPipeline::room() const {
  const std::size_t unsent = x_pending.bytes + (x_in_flight ? x_in_flight->bytes : 0);
  return !x_writer.blocked() && x_pending.records < x_config.batch_records_max &&
         x_pending.bytes < x_config.batch_bytes_max && unsent < x_config.unsent_bytes_max;
}

void CommitPipeline::hold_delta(triage::Machine& machine) {
  std::vector<triage::StateWrite> delta;
  machine.take_delta(delta);
  x_writer.hold(std::move(delta));
}

void CommitPipeline::keep_state(triage::Machine& machine) {
  if (x_pending.records == 0) return;
  hold_delta(machine);
  x_pending = {};
  x_writer.write(0);
}

// ---- committing ----

void CommitPipeline::commit_if_due(triage::Machine& machine) {
  if (x_closed || x_in_flight || x_pending.records == 0 || x_writer.blocked()) return;
  const Millis since = x_strand.now() - x_last_sent;
  if (since >= Millis(0) && since < x_config.commit_gap) {
    if (!std::exchange(x_timer, true)) {
      x_strand.after(x_config.commit_gap - since, [this, &machine] {
        x_timer = false;
        commit_if_due(machine);
      });
    }
    return;
  }
  hold_delta(machine);
  x_pending.next = machine.next_offset();
  x_pending.metadata = commit_metadata(machine.running_hash());
  x_in_flight = std::exchange(x_pending, {});
  send();
}

void CommitPipeline::send() {
  if (x_closed) return;
  x_last_sent = x_strand.now();
  x_sent = true;
  x_metrics.unsent_bytes.set(static_cast<double>(x_in_flight->bytes + x_pending.bytes));
  // A copy: after an abort the very same effects are sent again.
  x_owner->commit({x_in_flight->outputs, x_in_flight->next, x_in_flight->metadata},
                  x_strand.callback<log::CommitResult>([this](const log::CommitResult& result) {
                    x_sent = false;
                    on_commit(result);
                    if (x_closed) x_events.idle();
                  }));
}

void CommitPipeline::on_commit(const log::CommitResult& result) {
  if (result.outcome == log::CommitOutcome::Committed) return on_committed();
  // Closing: whatever was not committed is stepped again by the next owner.
  if (x_closed) return;
  switch (result.outcome) {
    case log::CommitOutcome::Committed: return;
    case log::CommitOutcome::Aborted:
      x_metrics.aborts.add();
      return try_again("a transaction was aborted and is sent again: " + result.detail, &CommitPipeline::send);
    case log::CommitOutcome::Rejected:
      return x_events.refused({Reason::OutputRejected,
                               fmt::format("the log does not take what the records before offset {} lead to: {}; raise the limit or "
                                           "grant the permission, then start this process again",
                                           x_in_flight->next.value(), result.detail)});
    case log::CommitOutcome::Unknown:
      x_metrics.in_doubt.add();
      return try_again("a transaction's outcome is not known and is looked up: " + result.detail,
                       &CommitPipeline::ask_for_ownership);
    case log::CommitOutcome::Fenced: return x_events.fenced(result.detail);
  }
}

void CommitPipeline::on_committed() {
  const WallTime now = x_strand.now();
  x_metrics.commits.add();
  x_metrics.commit_seconds.observe(seconds(now - x_last_sent));
  x_metrics.latency_seconds.observe(seconds(Millis(now.ms() - x_in_flight->oldest.ms())));
  x_committed = {x_in_flight->next, x_in_flight->metadata};
  x_in_flight.reset();
  x_backoff.reset();
  x_metrics.unsent_bytes.set(static_cast<double>(x_pending.bytes));
  x_writer.write(0);
  x_events.progress();
}

void CommitPipeline::try_again(std::string why, void (CommitPipeline::*again)()) {
  const Millis delay = x_backoff.next();
  spdlog::warn("triage: trying again partition={} in_ms={} why=\"{}\"", x_partition.value(), delay.count(), why);
  x_events.trying(std::move(why));
  x_strand.after(delay, [this, again] { (this->*again)(); });
}

void CommitPipeline::close() { x_closed = true; }

}  // namespace ioc::triage_service
