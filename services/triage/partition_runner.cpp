#include "services/triage/partition_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/domain/topics.h"

namespace ioc::triage_service {
namespace {

// A record that far ahead of the owner's clock would drag log time, and with it every clock, along (DESIGN D4).
constexpr Millis kAheadMax{10 * 60 * 1000};
constexpr Millis kLookAgain{1'000};
// Looks at the silence of a partition in the time after which it gets a tick.
constexpr int kTickLooks = 4;
// Records between two looks at what else the strand has to do.
constexpr std::size_t kStepsMax = 1'000;

std::uint64_t steady_ns() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

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
      x_world(world),
      x_metrics(world.registry, partition),
      x_machine_metrics(world.registry, partition),
      x_state(partition, world.store),
      x_strand(world.scheduler),
      x_pipeline(partition, x_strand, world.config, x_metrics, x_state,
                 {[this](const log::Committed&) { load(); },
                  [this] {
                    if (x_phase == Phase::Running) enter(Phase::Running);
                    pump_soon();
                  },
                  [this](std::string why) { enter(x_phase, std::move(why)); },
                  [this](const Refusal& refusal) { refuse(refusal); }, [this](const std::string& detail) { fenced(detail); },
                  [this] { finish_if_stopping(); }}),
      x_feed(world.log, x_strand),
      x_own(partition, world.log, world.bundles, x_strand),
      x_backoff(world.config.retry_first, world.config.retry_longest),
      x_owner(std::move(owner)) {}

PartitionRunner::~PartitionRunner() { x_strand.end(); }

void PartitionRunner::start() {
  x_strand.post([this] { x_pipeline.acquire(std::move(x_owner)); });
  x_strand.after(x_world.config.tick_after, [this] { look_around(); });
}

void PartitionRunner::stop(std::function<void()> stopped) {
  x_strand.post([this, stopped = std::move(stopped)]() mutable {
    x_stopped = std::move(stopped);
    x_pipeline.close();
    finish_if_stopping();
  });
}

// ---- loading ----

void PartitionRunner::load() {
  if (x_stopped) return finish_if_stopping();
  const auto bundle = triage::Machine::stored_bundle(x_state);
  if (bundle && !bundle->empty() && !x_world.bundles.find(*bundle)) {
    enter(Phase::Loading, fmt::format("bundle {} is not on {} yet; waiting for it", *bundle, topics::kBundles));
    return x_strand.after(kLookAgain, [this] { load(); });
  }
  enter(Phase::Loading);
  x_machine = std::make_unique<triage::Machine>(
      x_partition, x_partitions, x_state, [bundles = &x_world.bundles](std::string_view hash) { return bundles->find(hash); });
  x_machine->stats().clock_ns = steady_ns;
  auto loaded = std::make_shared<Result<void>>();
  x_strand.blocking([this, loaded] { *loaded = x_machine->load(); },
                    [this, loaded] {
                      if (x_stopped) return finish_if_stopping();
                      on_loaded(*loaded);
                    });
}

void PartitionRunner::on_loaded(const Result<void>& loaded) {
  if (loaded.has_error()) {
    return refuse({Reason::StateUnreadable, "the stored state cannot be read: " + loaded.error().message +
                                                "; remove the state folder of this partition to rebuild it from the log"});
  }
  const log::Committed& committed = x_pipeline.committed();
  if (const auto refusal = check_offsets(committed, x_machine->next_offset())) return refuse(*refusal);
  spdlog::info("triage: partition loaded partition={} state_offset={} committed_offset={} log_time={}", x_partition.value(),
               x_machine->next_offset().value(), committed.next.value_or(Offset(0)).value(),
               format_time(x_machine->log_time()));
  open_feed();
}

void PartitionRunner::open_feed() {
  if (x_stopped) return finish_if_stopping();
  auto range = x_world.log.range(topics::kEvents, x_partition);
  if (range.has_error()) return read_failed(range.error());
  const Offset from = x_machine->next_offset();
  if (const auto refusal = check_range(x_pipeline.committed(), from, *range)) return refuse(*refusal);
  auto opened = x_feed.open(topics::kEvents, x_partition, std::max(from, range->first));
  if (opened.has_error()) return read_failed(opened.error());
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
  }
  if (x_phase == Phase::Running) {
    x_pipeline.commit_if_due(*x_machine);
    if (drained && x_machine->active_bundle().empty()) x_own.activate(x_world.first_bundle);
    if (drained && x_machine->effects_waiting()) x_own.tick();
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
    if (x_phase == Phase::CatchingUp && entry.offset >= x_pipeline.committed().next.value_or(Offset(0))) break;
    if (!may_step(entry)) break;
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
  if (x_phase == Phase::CatchingUp) finish_catching_up();
}

void PartitionRunner::step(const log::Entry& entry) {
  x_effects.clear();
  x_machine->step({entry.offset, entry.appended_at, entry.value}, x_effects);
  // While catching up, the effects are in the log already.
  x_pipeline.add(entry.appended_at, x_phase == Phase::Running ? &x_effects : nullptr);
}

// What a record needs before it may be stepped; when it is not there, the partition waits and says for what.
bool PartitionRunner::may_step(const log::Entry& entry) {
  const Millis ahead(entry.appended_at.ms() - x_strand.now().ms());
  if (ahead > kAheadMax) {
    wait(fmt::format("record {} is {} s ahead of this machine's clock; set the clock right, or let the record wait",
                     entry.offset.value(), ahead.count() / 1000));
    return false;
  }
  if (const auto why = triage::Machine::cannot_step(entry.value)) {
    refuse({Reason::BehaviourUnknown, fmt::format("stopped before record {}: {}", entry.offset.value(), *why)});
    return false;
  }
  if (const auto bundle = triage::Machine::required_bundle(entry.value); bundle && !x_world.bundles.find(*bundle)) {
    wait(fmt::format("record {} activates bundle {}, which is not on {} yet or does not compile in this version",
                     entry.offset.value(), *bundle, topics::kBundles));
    return false;
  }
  return true;
}

void PartitionRunner::finish_catching_up() {
  x_pipeline.keep_state(*x_machine);
  const log::Committed& committed = x_pipeline.committed();
  if (x_machine->next_offset() < committed.next.value_or(Offset(0))) return;
  if (const auto refusal = check_hash(committed, x_machine->running_hash())) return refuse(*refusal);
  enter(Phase::Running);
  spdlog::info("triage: partition runs partition={} offset={} bundle={}", x_partition.value(),
               x_machine->next_offset().value(), x_machine->active_bundle().substr(0, 12));
}

// ---- from time to time ----

void PartitionRunner::look_around() {
  if (x_stopped) return;
  if (x_phase == Phase::Running) {
    const Millis silent = x_strand.now() - x_last_stepped;
    if (silent >= x_world.config.tick_after || silent < Millis(0)) x_own.tick();
    if (auto range = x_world.log.range(topics::kEvents, x_partition); range.has_value()) {
      const auto committed = static_cast<double>(x_pipeline.committed().next.value_or(Offset(0)).value());
      x_metrics.lag_records.set(std::max(0.0, static_cast<double>(range->end.value()) - committed));
    }
  }
  if (x_feed.is_open()) x_machine_metrics.carry_over(x_machine->stats());
  if (!ended()) x_strand.after(x_world.config.tick_after / kTickLooks, [this] { look_around(); });
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
  x_strand.after(kLookAgain, [this] { pump_soon(); });
}

void PartitionRunner::refuse(const Refusal& refusal) {
  spdlog::error("triage: partition refuses to work partition={} reason={} why=\"{}\"", x_partition.value(),
                name_of(refusal.reason), refusal.message);
  enter(Phase::Refused, refusal.message);
}

void PartitionRunner::fenced(const std::string& detail) {
  spdlog::warn("triage: partition fenced partition={} detail=\"{}\"", x_partition.value(), detail);
  enter(Phase::Fenced, "another process owns this partition now: " + detail);
}

void PartitionRunner::enter(Phase phase, std::string message) {
  x_phase = phase;
  x_message = std::move(message);
  x_metrics.phase.set(phase == Phase::Running ? 1 : 0);
  Status status{phase, x_message, Offset(0), x_pipeline.committed().next.value_or(Offset(0)), {}};
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
