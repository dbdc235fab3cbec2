#include "services/triage/partition_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/domain/topics.h"
#include "services/triage/current_record.h"

namespace ioc::triage_service {
namespace {

constexpr Millis kLookAgain{1'000};
// A committed offset behind a standby's state is believed after this: longer than any transaction takes to be seen.
constexpr Millis kBehindMax{5 * 60 * 1000};
// Looks at the silence of a partition in the time after which it gets a tick.
constexpr int kTickLooks = 4;
// Records between two looks at what else the strand has to do.
constexpr std::size_t kStepsMax = 1'000;

}  // namespace

PartitionRunner::PartitionRunner(PartitionId partition, std::uint32_t partitions, std::unique_ptr<log::Owner> owner,
                                 World world)
    : x_partition(partition),
      x_world(world),
      x_metrics(world.registry, partition),
      x_machine_metrics(world.registry, partition),
      x_state(partition, world.store),
      x_strand(world.scheduler),
      x_pipeline(partition, x_strand, world.config, x_metrics, x_state,
                 {[this](const log::Committed& committed) {
                    x_acquired = true;
                    aim_at(committed);
                  },
                  [this] {
                    if (x_phase == Phase::Running) enter(Phase::Running);
                    pump_soon();
                  },
                  [this](std::string why) { enter(x_phase, std::move(why)); },
                  [this](const Refusal& refusal) { refuse(refusal); }, [this](const std::string& detail) { fenced(detail); },
                  [this] { finish_if_stopping(); }}),
      x_loader(partition, partitions, world.log, world.bundles, x_strand, x_state, x_metrics,
               {[this](std::unique_ptr<triage::Machine> machine) { on_loaded(std::move(machine)); },
                [this](std::string why) { enter(Phase::Loading, std::move(why)); },
                [this](const Refusal& refusal) { refuse(refusal); }}),
      x_control(partition, world.log, x_strand),
      x_gate(partition, world.bundles, x_control.book(), x_metrics),
      x_checkpoints(partition, world.log, world.store, x_strand, world.config, x_metrics),
      x_feed(world.log, x_strand),
      x_own(partition, world.log, world.bundles, x_strand),
      x_backoff(world.config.retry_first, world.config.retry_longest),
      x_owner(std::move(owner)) {}

PartitionRunner::~PartitionRunner() { x_strand.end(); }

void PartitionRunner::start() {
  x_strand.post([this] { x_owner ? begin_owning() : look_up_committed(); });
  x_strand.after(x_world.config.tick_after, [this] { look_around(); });
}

void PartitionRunner::take_over(std::unique_ptr<log::Owner> owner) {
  auto held = std::make_shared<std::unique_ptr<log::Owner>>(std::move(owner));
  x_strand.post([this, held] {
    if (x_stopped || x_owning || ended()) return;
    x_owner = std::move(*held);
    begin_owning();
  });
}

void PartitionRunner::begin_owning() {
  x_owning = true;
  enter(Phase::Acquiring);
  x_pipeline.acquire(std::move(x_owner));
}

void PartitionRunner::stop(std::function<void()> stopped) {
  x_strand.post([this, stopped = std::move(stopped)]() mutable {
    x_stopped = std::move(stopped);
    x_pipeline.close();
    x_strand.when_idle([this] { finish_if_stopping(); });
    finish_if_stopping();
  });
}

// ---- what is committed, and loading up to there ----

void PartitionRunner::look_up_committed() {
  if (x_stopped || x_owning || ended()) return finish_if_stopping();
  auto committed = std::make_shared<Result<log::Committed>>(transient("not asked yet"));
  x_strand.blocking([this, committed] { *committed = x_world.log.committed(kGroup, topics::kEvents, x_partition); },
                    [this, committed] {
                      if (x_stopped || x_owning) return finish_if_stopping();
                      if (committed->has_value()) return aim_at(**committed);
                      enter(x_phase, "cannot read what is committed: " + committed->error().message);
                      x_strand.after(kLookAgain, [this] { look_up_committed(); });
                    });
}

void PartitionRunner::plan_look() {
  if (std::exchange(x_look_planned, true)) return;
  x_strand.after(x_world.config.standby_look, [this] {
    x_look_planned = false;
    look_up_committed();
  });
}

// Operators' entries that were there when this offset was committed are read before a record is stepped.
void PartitionRunner::aim_at(const log::Committed& committed) {
  if (x_machine && x_phase == Phase::Standby && committed.next == x_target.next) return finish_catching_up();
  x_control.refresh([this, committed, owning = x_owning](const Result<void>& read) {
    if (x_stopped || ended() || owning != x_owning) return;
    if (read.has_error()) return refuse({Reason::Unreadable, "cannot read " + std::string(topics::kControl) + ": " + read.error().message});
    x_target = committed;
    if (x_loader.under_way()) return;
    if (!x_machine) {
      enter(Phase::Loading);
      return x_loader.run(x_target);
    }
    if (x_phase == Phase::Standby) return pump_soon();
    open_feed();
  });
}

void PartitionRunner::on_loaded(std::unique_ptr<triage::Machine> machine) {
  if (x_stopped) return finish_if_stopping();
  x_machine = std::move(machine);
  if (x_owning && !x_acquired) return;  // what is committed is not known yet
  spdlog::info("triage: partition loaded partition={} state_offset={} committed_offset={} log_time={}", x_partition.value(),
               x_machine->next_offset().value(), target().value(), format_time(x_machine->log_time()));
  open_feed();
}

void PartitionRunner::open_feed() {
  if (x_stopped) return finish_if_stopping();
  auto range = x_world.log.range(topics::kEvents, x_partition);
  if (range.has_error()) return read_failed(range.error());
  const Offset from = x_machine->next_offset();
  if (const auto refusal = check_offsets(x_partition, x_target, from)) {
    // What a standby looked up may be a little old; an owner knows.
    if (!x_behind_since) x_behind_since = x_strand.now();
    if (x_owning || x_strand.now() - *x_behind_since > kBehindMax) return refuse(*refusal);
    enter(Phase::CatchingUp);
    return plan_look();
  }
  x_behind_since.reset();
  if (const auto refusal = check_range(x_partition, x_target, from, *range)) return refuse(*refusal);
  if (!x_feed.is_open()) {
    auto opened = x_feed.open(topics::kEvents, x_partition, std::max(from, range->first));
    if (opened.has_error()) return read_failed(opened.error());
  }
  enter(Phase::CatchingUp);
  finish_catching_up();
  pump_soon();
}

// ---- reading and stepping ----

void PartitionRunner::pump_soon() {
  if (x_feed.is_open() && !std::exchange(x_pump_posted, true)) x_strand.post([this] { pump(); });
}

void PartitionRunner::pump() {
  x_pump_posted = false;
  if (x_stopped) return finish_if_stopping();
  if (!working()) return;
  x_waiting = false;
  bool drained = false;
  if (x_pipeline.room()) {
    auto next = x_feed.peek();
    if (next.has_error()) return read_failed(next.error());
    if (!x_message.empty() && !x_pipeline.under_way()) enter(x_phase);
    x_backoff.reset();
    drained = *next == nullptr;
    if (!drained) step_some();
    if (!working()) return;
    if (x_phase != Phase::Running) {
      if (const auto refusal = check_reached(x_partition, x_target, x_machine->next_offset(), x_feed.position())) return refuse(*refusal);
    }
  }
  if (x_phase == Phase::Running) {
    x_pipeline.commit_if_due(*x_machine);
    if (drained && x_machine->active_bundle().empty()) x_own.activate(x_world.first_bundle);
    if (drained && x_machine->effects_waiting()) x_own.tick();
  } else if (x_phase == Phase::Standby && x_machine->next_offset() >= target()) {
    return;  // looking up what is committed goes on from here
  }
  if (drained) {
    x_feed.when_ready([this] { pump_soon(); });
  } else if (x_pipeline.room() && !x_waiting) {
    pump_soon();
  }
}

void PartitionRunner::step_some() {
  const auto began = std::chrono::steady_clock::now();
  std::size_t stepped = 0;
  while (stepped < kStepsMax && x_pipeline.room()) {
    const auto next = x_feed.peek();
    if (next.has_error() || *next == nullptr) break;  // the next pump says it
    const log::Entry& entry = **next;
    if (x_phase != Phase::Running && entry.offset >= target()) break;
    if (const auto refusal = x_gate.refusal(entry)) {
      refuse(*refusal);
      break;
    }
    const RecordGate::Place place{x_owning, x_phase != Phase::Running, x_strand.now()};
    if (auto word = x_gate.word_of_its_own(entry, place)) x_control.book().add(*std::move(word));
    if (auto why = x_gate.why_wait(entry, place)) {
      wait(*std::move(why));
      break;
    }
    step(entry);
    x_feed.pop();
    ++stepped;
  }
  if (stepped > 0) {
    x_last_stepped = x_strand.now();
    x_own.record_seen();
  }
  x_metrics.records.add(static_cast<double>(stepped));
  x_metrics.step_seconds.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
  if (working() && x_phase != Phase::Running) finish_catching_up();
}

void PartitionRunner::step(const log::Entry& entry) {
  const CurrentRecord current(x_partition, entry.offset);
  const LogTime before = x_machine->log_time();
  x_effects.clear();
  triage::Input input{entry.offset, entry.appended_at, entry.value};
  const bool committed = x_phase != Phase::Running;
  const ControlEntry* found = committed ? x_control.book().applied(entry.offset) : x_control.book().to_apply(entry.offset);
  if (found != nullptr) {
    const ControlEntry word = *found;
    if (word.kind == ControlKind::Skip) {
      x_machine->skip(input, {word.reason, word.actor, word.event, word.feed}, x_effects);
      x_metrics.skipped.add();
    } else {
      input.appended_at = x_machine->log_time();
      x_machine->step(input, x_effects);
    }
    if (!committed) answer(word, ControlState::Applied);
  } else {
    const std::string bundle = x_machine->active_bundle();
    x_machine->step(input, x_effects);
    if (x_machine->active_bundle() != bundle) x_checkpoints.demand(x_machine->next_offset());
  }
  if (x_machine->log_time() < before) {
    x_metrics.set_back.add();
    spdlog::warn("triage: log time goes back: the log's clock was set right partition={} offset={} from=\"{}\" to=\"{}\"",
                 x_partition.value(), entry.offset.value(), format_time(before), format_time(x_machine->log_time()));
  }
  // Effects of what is committed are in the log already.
  x_pipeline.add(entry.appended_at, committed ? nullptr : &x_effects);
}

// In the transaction that commits the record: a fenced owner's answer never counts.
void PartitionRunner::answer(const ControlEntry& request, ControlState state) {
  ControlEntry word = request;
  word.state = state;
  spdlog::warn("triage: an operator's entry is {} partition={} offset={} kind={} actor=\"{}\" reason=\"{}\"", name_of(state),
               x_partition.value(), word.offset.value(), name_of(word.kind), word.actor, word.reason);
  x_pipeline.add_output({std::string(topics::kControl), x_partition, {key_of(word), wire::encode(word), {}, false}});
  x_control.book().add(std::move(word));
}

void PartitionRunner::finish_catching_up() {
  x_pipeline.keep_state(*x_machine);
  if (x_machine->next_offset() < target()) return;
  if (x_machine->next_offset() == target()) {
    if (const auto refusal = check_hash(x_partition, x_target, x_machine->running_hash())) return refuse(*refusal);
  }
  x_warm = true;
  if (!x_owning) {
    if (x_phase != Phase::Standby) {
      spdlog::info("triage: standby is warm partition={} offset={}", x_partition.value(), x_machine->next_offset().value());
    }
    enter(Phase::Standby);
    return plan_look();
  }
  enter(Phase::Running);
  spdlog::info("triage: partition runs partition={} offset={} bundle={}", x_partition.value(),
               x_machine->next_offset().value(), x_machine->active_bundle().substr(0, 12));
  if (!x_machine->active_bundle().empty() && x_machine->active_bundle() != x_world.first_bundle.hash) {
    spdlog::warn("triage: the configured rules are not the active ones: `ioc bundle try` shows the difference, `ioc bundle activate` "
                 "makes them active partition={} active={} configured={}",
                 x_partition.value(), x_machine->active_bundle().substr(0, 12), x_world.first_bundle.hash.substr(0, 12));
  }
}

// ---- from time to time ----

void PartitionRunner::look_around() {
  if (x_stopped || ended()) return;
  if (x_phase == Phase::Running) {
    const Millis silent = x_strand.now() - x_last_stepped;
    if (silent >= x_world.config.tick_after || silent < Millis(0)) x_own.tick();
    x_world.bundles.mark_active(x_partition, x_machine->active_bundle());
    const auto range = x_world.log.range(topics::kEvents, x_partition);
    if (range.has_value()) {
      const auto committed = static_cast<double>(x_pipeline.committed().next.value_or(Offset(0)).value());
      x_metrics.lag_records.set(std::max(0.0, static_cast<double>(range->end.value()) - committed));
    }
    if (x_looks++ % kTickLooks == 0 && x_control.idle()) {
      x_control.refresh([this](const Result<void>&) {
        if (x_phase != Phase::Running) return;
        for (const ControlEntry& late : x_control.book().too_late(x_machine->next_offset())) answer(late, ControlState::Refused);
      });
    }
    x_checkpoints.consider(x_pipeline.committed().next.value_or(Offset(0)), range.has_value() ? std::optional(*range) : std::nullopt);
  }
  if (x_machine && working()) x_machine_metrics.carry_over(x_machine->stats());
  x_strand.after(x_world.config.tick_after / kTickLooks, [this] { look_around(); });
}

// ---- phases ----

void PartitionRunner::read_failed(const Error& error) {
  if (error.kind != ErrorKind::Transient) return refuse({Reason::Unreadable, "cannot read the log: " + error.message});
  const Millis delay = x_backoff.next();
  const std::string why = "cannot read the log: " + error.message;
  spdlog::warn("triage: trying again partition={} in_ms={} why=\"{}\"", x_partition.value(), delay.count(), why);
  enter(x_phase, why);
  x_strand.after(delay, [this] { x_feed.is_open() ? pump_soon() : open_feed(); });
}

void PartitionRunner::wait(std::string why) {
  if (x_message != why) spdlog::warn("triage: waiting partition={} why=\"{}\"", x_partition.value(), why);
  x_waiting = true;
  enter(x_phase, std::move(why));
  x_strand.after(kLookAgain, [this] {
    x_control.refresh([this](const Result<void>&) { pump_soon(); });
  });
}

void PartitionRunner::refuse(const Refusal& refusal) {
  spdlog::error("triage: partition refuses to work partition={} reason={} why=\"{}\"", x_partition.value(),
                name_of(refusal.reason), refusal.message);
  x_refused_for = name_of(refusal.reason);
  x_world.registry
      .gauge("ioc_triage_refused", "1 for a partition that refuses to work, with the reason (deploy/RUNBOOK.md)",
             {{"partition", std::to_string(x_partition.value())}, {"reason", std::string(x_refused_for)}})
      .set(1);
  x_pipeline.close();
  enter(Phase::Refused, refusal.message);
}

void PartitionRunner::fenced(const std::string& detail) {
  spdlog::warn("triage: partition fenced partition={} detail=\"{}\"", x_partition.value(), detail);
  x_pipeline.close();
  enter(Phase::Fenced, "another process owns this partition now: " + detail);
}

void PartitionRunner::enter(Phase phase, std::string message) {
  x_phase = phase;
  x_message = std::move(message);
  x_metrics.phase.set(phase == Phase::Running ? 1 : 0);
  Status status;
  status.phase = phase;
  status.message = x_message;
  status.committed = x_owning ? x_pipeline.committed().next.value_or(Offset(0)) : target();
  status.refused_for = x_refused_for;
  status.warm = x_warm;
  if (x_machine && phase != Phase::Loading) {
    status.next = x_machine->next_offset();
    status.bundle = x_machine->active_bundle();
  }
  x_board.set(std::move(status));
}

void PartitionRunner::finish_if_stopping() {
  if (!x_stopped || x_pipeline.under_way() || x_strand.busy() || x_phase == Phase::Stopped) return;
  x_feed.close();
  enter(Phase::Stopped);
  x_strand.end();
  const auto stopped = std::move(x_stopped);
  stopped();
}

}  // namespace ioc::triage_service
