#include "services/triage/partition_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"

namespace ioc::triage_service {
namespace {

// A record that far ahead of the owner's clock would drag log time, and with it every clock, along (DESIGN D4).
constexpr Millis kAheadMax{10 * 60 * 1000};
constexpr Millis kLookAgain{1'000};
// Looks at the silence of a partition in the time after which it gets a tick.
constexpr int kTickLooks = 4;
// Entries between two looks at what else the strand has to do.
constexpr std::size_t kPollEntries = 1'000;
constexpr std::size_t kPollBytes = 4 << 20;

std::size_t size_of(const log::Output& output) {
  return sizeof(log::Output) + output.topic.size() + output.message.key.size() + output.message.value.size();
}

std::uint64_t steady_ns() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

double seconds(Millis span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::Acquiring: return "acquiring";
    case Phase::Loading: return "loading";
    case Phase::CatchingUp: return "catching_up";
    case Phase::Running: return "running";
    case Phase::Refused: return "refused";
    case Phase::Fenced: return "fenced";
    case Phase::Stopped: return "stopped";
  }
  return "unknown";
}

PartitionRunner::PartitionRunner(PartitionId partition, std::uint32_t partitions, std::unique_ptr<log::Owner> owner,
                                 World world)
    : x_partition(partition),
      x_partitions(partitions),
      x_owner(std::move(owner)),
      x_world(world),
      x_metrics(world.registry, partition),
      x_machine_metrics(world.registry, partition),
      x_state(partition, world.store),
      x_backoff(world.config.retry_first) {}

PartitionRunner::~PartitionRunner() = default;

void PartitionRunner::start() {
  later(&PartitionRunner::acquire);
  later(x_world.config.tick_after, &PartitionRunner::tick_if_silent);
}

void PartitionRunner::stop(std::function<void()> stopped) {
  x_world.scheduler.post([self = shared_from_this(), stopped = std::move(stopped)]() mutable {
    self->x_stopped = std::move(stopped);
    self->finish_if_stopping();
  });
}

PartitionRunner::Status PartitionRunner::status() const {
  const std::lock_guard lock(x_status_mutex);
  return x_status;
}

// ---- becoming the owner ----

void PartitionRunner::acquire() {
  if (x_acquiring) return;
  x_acquiring = true;
  auto acquired = std::make_shared<Result<log::Committed>>(transient("not asked yet"));
  x_world.scheduler.blocking([self = shared_from_this(), acquired] { *acquired = self->x_owner->acquire(); },
                             [self = shared_from_this(), acquired] {
                               self->x_acquiring = false;
                               if (self->ended()) return self->finish_if_stopping();
                               self->on_acquired(std::move(*acquired));
                             });
}

void PartitionRunner::on_acquired(Result<log::Committed> acquired) {
  if (acquired.has_error()) {
    if (acquired.error().kind == ErrorKind::Transient) {
      return retry("cannot become the owner: " + acquired.error().message, &PartitionRunner::acquire);
    }
    return refuse("cannot become the owner: " + acquired.error().message);
  }
  x_backoff = x_world.config.retry_first;
  if (x_in_flight) return settle_in_doubt(*acquired);
  x_committed = *std::move(acquired);
  enter(Phase::Loading);
  load();
}

void PartitionRunner::load() {
  if (ended()) return finish_if_stopping();
  const auto bundle = triage::Machine::stored_bundle(x_state);
  if (bundle && !bundle->empty() && !x_world.bundles.find(*bundle)) {
    enter(Phase::Loading, fmt::format("bundle {} is not on {} yet; waiting for it", *bundle, topics::kBundles));
    return later(kLookAgain, &PartitionRunner::load);
  }
  x_machine = std::make_unique<triage::Machine>(
      x_partition, x_partitions, x_state, [bundles = &x_world.bundles](std::string_view hash) { return bundles->find(hash); });
  x_machine->stats().clock_ns = steady_ns;
  auto loaded = std::make_shared<Result<void>>();
  x_acquiring = true;
  x_world.scheduler.blocking([self = shared_from_this(), loaded] { *loaded = self->x_machine->load(); },
                             [self = shared_from_this(), loaded] {
                               self->x_acquiring = false;
                               if (self->ended()) return self->finish_if_stopping();
                               self->on_loaded(*loaded);
                             });
}

void PartitionRunner::on_loaded(Result<void> loaded) {
  if (loaded.has_error()) {
    return refuse("the stored state cannot be read: " + loaded.error().message +
                  "; remove the state folder of this partition to rebuild it from the log");
  }
  const Offset stands_for = x_machine->next_offset();
  const Offset committed = x_committed.next.value_or(Offset(0));
  if (!x_committed.next && stands_for > Offset(0)) {
    return refuse(fmt::format("there is state up to offset {}, but the log has no committed offset for this group: the log or "
                              "the group name is another one; check deployment.name and the log's address",
                              stands_for.value()));
  }
  if (stands_for > committed) {
    return refuse(fmt::format("the state stands for offset {}, the log has committed only {}: the log lost its newest records "
                              "or is another one; restore the log, or remove the state folder to rebuild from it",
                              stands_for.value(), committed.value()));
  }
  spdlog::info("triage: partition loaded partition={} state_offset={} committed_offset={} log_time={}", x_partition.value(),
               stands_for.value(), committed.value(), format_time(x_machine->log_time()));
  open_reader();
}

void PartitionRunner::open_reader() {
  if (ended()) return finish_if_stopping();
  auto range = x_world.log.range(topics::kEvents, x_partition);
  if (range.has_error()) return retry("cannot read the log's range: " + range.error().message, &PartitionRunner::open_reader);
  const Offset from = x_machine->next_offset();
  const Offset committed = x_committed.next.value_or(Offset(0));
  if (range->end < committed) {
    return refuse(fmt::format("the log ends at offset {}, before the committed offset {}: it lost records; restore it from a "
                              "replica or backup",
                              range->end.value(), committed.value()));
  }
  const bool new_here = !x_committed.next;  // a new group takes the log as it finds it
  if (from < range->first && !new_here) {
    return refuse(fmt::format("records {} to {} are no longer in the log, the state needs them; restore a newer state",
                              from.value(), range->first.value()));
  }
  auto reader = x_world.log.read(topics::kEvents, x_partition, std::max(from, range->first));
  if (reader.has_error()) return retry("cannot read the log: " + reader.error().message, &PartitionRunner::open_reader);
  x_reader = *std::move(reader);
  enter(Phase::CatchingUp);
  finish_catching_up();
  later(&PartitionRunner::pump);
}

// ---- reading and stepping ----

void PartitionRunner::pump() {
  x_pump_posted = false;
  if (ended()) return finish_if_stopping();
  if (!x_reader || (x_status.phase != Phase::Running && x_status.phase != Phase::CatchingUp)) return;
  x_drained = false;
  x_waiting = false;
  if (room()) {
    if (!poll_more()) return;
    if (x_batch_at == x_batch.entries.size()) {
      x_drained = true;
    } else {
      step_some();
    }
  }
  commit_if_due();
  if (x_status.phase == Phase::Running && x_drained && x_machine->active_bundle().empty()) activate_first_bundle();
  if (x_machine->effects_waiting() && x_drained) append_tick();
  if (x_drained) {
    x_reader->when_ready([self = shared_from_this()] { self->later(&PartitionRunner::pump); });
  } else if (room() && !x_waiting && !std::exchange(x_pump_posted, true)) {
    later(&PartitionRunner::pump);
  }
}

bool PartitionRunner::poll_more() {
  if (x_batch_at < x_batch.entries.size()) return true;
  auto batch = x_reader->poll(kPollEntries, kPollBytes);
  if (batch.has_error()) {
    if (batch.error().kind == ErrorKind::Transient) {
      retry("cannot read the log: " + batch.error().message, &PartitionRunner::pump);
    } else {
      refuse("cannot read the log: " + batch.error().message);
    }
    return false;
  }
  x_batch = *std::move(batch);
  x_batch_at = 0;
  if (!x_status.message.empty() && !x_in_flight) {
    x_backoff = x_world.config.retry_first;
    enter(x_status.phase);
  }
  return true;
}

void PartitionRunner::step_some() {
  const auto began = std::chrono::steady_clock::now();
  const std::size_t first = x_batch_at;
  while (x_batch_at < x_batch.entries.size() && room()) {
    const log::Entry& entry = x_batch.entries[x_batch_at];
    if (x_status.phase == Phase::CatchingUp && entry.offset >= x_committed.next.value_or(Offset(0))) break;
    if (!may_step(entry)) break;
    x_effects.clear();
    x_machine->step({entry.offset, entry.appended_at, entry.value}, x_effects);
    ++x_batch_at;
    if (x_pending.records++ == 0) x_pending.oldest = entry.appended_at;
    if (x_status.phase != Phase::Running) continue;  // these effects are committed already
    for (triage::Effect& effect : x_effects) {
      x_pending.outputs.push_back({std::move(effect.topic), effect.partition.value_or(x_partition),
                                   {std::move(effect.key), std::move(effect.value), {}, false}});
      x_pending.bytes += size_of(x_pending.outputs.back());
    }
  }
  const std::size_t stepped = x_batch_at - first;
  if (stepped > 0) {
    x_last_stepped = x_world.scheduler.now();
    x_tick_appended = false;
  }
  x_metrics.records.add(static_cast<double>(stepped));
  x_metrics.step_seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (x_status.phase == Phase::CatchingUp) finish_catching_up();
}

// What a record needs before it may be stepped; when it is not there, the partition waits and says for what.
bool PartitionRunner::may_step(const log::Entry& entry) {
  const Millis ahead(entry.appended_at.ms() - x_world.scheduler.now().ms());
  if (ahead > kAheadMax) {
    wait(fmt::format("record {} is {} s ahead of this machine's clock; set the clock right, or let the record wait",
                     entry.offset.value(), ahead.count() / 1000),
         kLookAgain);
    return false;
  }
  if (const auto bundle = triage::Machine::required_bundle(entry.value); bundle && !x_world.bundles.find(*bundle)) {
    wait(fmt::format("record {} activates bundle {}, which is not on {} yet or does not compile in this version",
                     entry.offset.value(), *bundle, topics::kBundles),
         kLookAgain);
    return false;
  }
  return true;
}

// Effects of [state, committed) are in the log already: they were dropped, the state is written.
void PartitionRunner::finish_catching_up() {
  const Offset committed = x_committed.next.value_or(Offset(0));
  if (x_pending.records > 0) {
    std::vector<triage::StateWrite> delta;
    x_machine->take_delta(delta);
    x_state.hold(std::move(delta));
    write_state();
    x_pending = {};
  }
  if (x_machine->next_offset() < committed) return;
  if (x_committed.next && !x_committed.metadata.empty() && x_committed.metadata != metadata()) {
    return refuse(fmt::format("the state does not belong to this log: at offset {} the log was committed with \"{}\", the state "
                              "comes to \"{}\"; remove the state folder of this partition to rebuild it from the log",
                              committed.value(), x_committed.metadata, metadata()));
  }
  enter(Phase::Running);
  spdlog::info("triage: partition runs partition={} offset={} bundle={}", x_partition.value(),
               x_machine->next_offset().value(), x_machine->active_bundle().substr(0, 12));
}

bool PartitionRunner::room() const {
  const std::size_t unsent = x_pending.bytes + (x_in_flight ? x_in_flight->bytes : 0);
  return !x_state_blocked && x_pending.records < x_world.config.batch_records_max &&
         x_pending.bytes < x_world.config.batch_bytes_max && unsent < x_world.config.unsent_bytes_max;
}

// ---- committing ----

void PartitionRunner::commit_if_due() {
  if (x_status.phase != Phase::Running || x_in_flight || x_pending.records == 0 || x_state_blocked) return;
  const Millis since = x_world.scheduler.now() - x_last_sent;
  if (since >= Millis(0) && since < x_world.config.commit_gap) {
    if (!std::exchange(x_commit_timer, true)) {
      x_world.scheduler.after(x_world.config.commit_gap - since, [self = shared_from_this()] {
        self->x_commit_timer = false;
        if (self->ended()) return self->finish_if_stopping();
        self->commit_if_due();
      });
    }
    return;
  }
  std::vector<triage::StateWrite> delta;
  x_machine->take_delta(delta);
  x_state.hold(std::move(delta));
  x_pending.next = x_machine->next_offset();
  x_pending.metadata = metadata();
  x_in_flight = std::exchange(x_pending, {});
  send();
}

void PartitionRunner::send() {
  if (ended()) return finish_if_stopping();
  x_last_sent = x_world.scheduler.now();
  x_sent = true;
  x_metrics.unsent_bytes.set(static_cast<double>(x_in_flight->bytes + x_pending.bytes));
  // A copy: after an abort the very same effects are sent again.
  x_owner->commit({x_in_flight->outputs, x_in_flight->next, x_in_flight->metadata},
                  [self = shared_from_this()](log::CommitResult result) {
                    self->x_world.scheduler.post([self, result = std::move(result)] {
                      self->x_sent = false;
                      self->on_commit(result);
                    });
                  });
}

void PartitionRunner::on_commit(log::CommitResult result) {
  // Stopping: whatever was not committed is stepped again by the next owner.
  if (x_stopped && result.outcome != log::CommitOutcome::Committed) return finish_if_stopping();
  switch (result.outcome) {
    case log::CommitOutcome::Committed: return on_committed();
    case log::CommitOutcome::Aborted:
      x_metrics.aborts.add();
      return retry("a transaction was aborted and is sent again: " + result.detail, &PartitionRunner::send);
    case log::CommitOutcome::Unknown:
      x_metrics.in_doubt.add();
      return retry("a transaction's outcome is not known and is looked up: " + result.detail, &PartitionRunner::acquire);
    case log::CommitOutcome::Fenced:
      enter(Phase::Fenced, "another process owns this partition now: " + result.detail);
      spdlog::warn("triage: partition fenced partition={} detail=\"{}\"", x_partition.value(), result.detail);
      return finish_if_stopping();
  }
}

void PartitionRunner::on_committed() {
  const WallTime now = x_world.scheduler.now();
  x_metrics.commits.add();
  x_metrics.commit_seconds.observe(seconds(now - x_last_sent));
  x_metrics.latency_seconds.observe(seconds(Millis(now.ms() - x_in_flight->oldest.ms())));
  x_committed = {x_in_flight->next, x_in_flight->metadata};
  x_in_flight.reset();
  x_backoff = x_world.config.retry_first;
  x_metrics.unsent_bytes.set(static_cast<double>(x_pending.bytes));
  write_state();
  enter(Phase::Running);
  if (x_stopped) return finish_if_stopping();
  if (!std::exchange(x_pump_posted, true)) later(&PartitionRunner::pump);
}

// After an outcome that nobody could tell: the committed offset says it.
void PartitionRunner::settle_in_doubt(const log::Committed& committed) {
  if (committed.next == x_in_flight->next) return on_committed();
  if (committed.next == x_committed.next) {
    x_metrics.aborts.add();
    return send();
  }
  refuse(fmt::format("the committed offset is {}, neither before ({}) nor after ({}) the transaction in doubt: another owner "
                     "wrote; stop it and start this process again",
                     committed.next.value_or(Offset(0)).value(), x_committed.next.value_or(Offset(0)).value(),
                     x_in_flight->next.value()));
}

// Writes what is committed. Held deltas: all but the newest when that one is still in flight.
void PartitionRunner::write_state() {
  while (x_state.held() > (x_in_flight ? 1U : 0U)) {
    if (auto written = x_state.write_oldest(); written.has_error()) {
      if (!std::exchange(x_state_blocked, true)) {
        spdlog::error("triage: the state cannot be written, no commit until it can partition={} error=\"{}\"",
                      x_partition.value(), written.error().message);
      }
      return later(kLookAgain, &PartitionRunner::write_state);
    }
  }
  if (std::exchange(x_state_blocked, false)) {
    spdlog::info("triage: the state can be written again partition={}", x_partition.value());
    later(&PartitionRunner::pump);
  }
}

// ---- records of its own ----

void PartitionRunner::activate_first_bundle() {
  if (std::exchange(x_activating, true)) return;
  spdlog::info("triage: no rules are active, activating the configured bundle partition={} bundle={}", x_partition.value(),
               x_world.first_bundle.hash);
  x_world.bundles.publish(x_world.first_bundle, [self = shared_from_this()](Result<std::string> published) {
    const auto failed = [self](const Error& error) {
      spdlog::error("triage: the bundle could not be activated, trying again error=\"{}\"", error.message);
      self->x_world.scheduler.after(kLookAgain, [self] {
        self->x_activating = false;
        self->later(&PartitionRunner::pump);
      });
    };
    if (published.has_error()) return failed(published.error());
    const Record activation = Activation{*published, triage::kBehaviourVersion, "first start"};
    self->x_world.log.append(topics::kEvents, self->x_partition, {"activation", wire::encode(activation), {}, false},
                             [failed](Result<Offset> appended) {
                               if (appended.has_error()) failed(appended.error());
                             });
  });
}

void PartitionRunner::tick_if_silent() {
  if (x_status.phase == Phase::Running) {
    const Millis silent = x_world.scheduler.now() - x_last_stepped;
    if (silent >= x_world.config.tick_after || silent < Millis(0)) append_tick();
    if (auto range = x_world.log.range(topics::kEvents, x_partition); range.has_value()) {
      const auto end = static_cast<double>(range->end.value());
      x_metrics.lag_records.set(std::max(0.0, end - static_cast<double>(x_committed.next.value_or(Offset(0)).value())));
    }
  }
  if (x_reader) x_machine_metrics.carry_over(x_machine->stats());
  later(x_world.config.tick_after / kTickLooks, &PartitionRunner::tick_if_silent);
}

void PartitionRunner::append_tick() {
  if (std::exchange(x_tick_appended, true)) return;
  x_world.log.append(topics::kEvents, x_partition, {"tick", wire::encode(Record(Tick{})), {}, false},
                     [self = shared_from_this()](Result<Offset> appended) {
                       if (appended.has_value()) return;
                       self->x_world.scheduler.post([self] { self->x_tick_appended = false; });
                     });
}

// ---- phases ----

void PartitionRunner::retry(std::string why, void (PartitionRunner::*again)()) {
  spdlog::warn("triage: trying again partition={} in_ms={} why=\"{}\"", x_partition.value(), x_backoff.count(), why);
  enter(x_status.phase, std::move(why));
  later(x_backoff, again);
  x_backoff = std::min(x_backoff * 2, x_world.config.retry_longest);
}

void PartitionRunner::wait(std::string why, Millis delay) {
  if (x_status.message != why) spdlog::warn("triage: waiting partition={} why=\"{}\"", x_partition.value(), why);
  x_waiting = true;
  enter(x_status.phase, std::move(why));
  later(delay, &PartitionRunner::pump);
}

void PartitionRunner::refuse(std::string why) {
  spdlog::error("triage: partition refuses to work partition={} why=\"{}\"", x_partition.value(), why);
  enter(Phase::Refused, std::move(why));
  finish_if_stopping();
}

void PartitionRunner::enter(Phase phase, std::string message) {
  x_metrics.phase.set(phase == Phase::Running ? 1 : 0);
  const std::lock_guard lock(x_status_mutex);
  x_status.phase = phase;
  x_status.message = std::move(message);
  x_status.committed = x_committed.next.value_or(Offset(0));
  if (x_machine && phase != Phase::Loading) {
    x_status.next = x_machine->next_offset();
    x_status.bundle = x_machine->active_bundle();
  }
}

bool PartitionRunner::ended() const {
  return x_stopped || x_status.phase == Phase::Refused || x_status.phase == Phase::Fenced || x_status.phase == Phase::Stopped;
}

void PartitionRunner::finish_if_stopping() {
  if (!x_stopped || x_sent || x_acquiring || x_status.phase == Phase::Stopped) return;
  if (x_reader) x_reader->when_ready({});
  x_owner.reset();
  enter(Phase::Stopped);
  const auto stopped = x_stopped;
  stopped();
}

std::string PartitionRunner::metadata() const { return fmt::format("v1;hash={:016x}", x_machine->running_hash()); }

void PartitionRunner::later(void (PartitionRunner::*member)()) {
  x_world.scheduler.post([self = shared_from_this(), member] {
    if (!self->ended()) (*self.*member)();
  });
}

void PartitionRunner::later(Millis delay, void (PartitionRunner::*member)()) {
  x_world.scheduler.after(delay, [self = shared_from_this(), member] {
    if (!self->ended()) (*self.*member)();
  });
}

}  // namespace ioc::triage_service
