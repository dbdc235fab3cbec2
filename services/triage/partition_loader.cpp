#include "services/triage/partition_loader.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "libs/domain/topics.h"
#include "libs/triage/machine_stats.h"

namespace ioc::triage_service {
namespace {

constexpr Millis kLookAgain{1'000};

std::uint64_t steady_ns() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1));
}

}  // namespace

PartitionLoader::PartitionLoader(PartitionId partition, std::uint32_t partitions, log::Log& log, Bundles& bundles, Strand& strand,
                                 PartitionState& state, const PartitionMetrics& metrics, Events events)
    : x_partition(partition),
      x_partitions(partitions),
      x_bundles(bundles),
      x_strand(strand),
      x_state(state),
      x_metrics(metrics),
      x_events(std::move(events)),
      x_restorer(partition, log, strand, state) {}

void PartitionLoader::run(const log::Committed& committed) {
  x_committed = committed;
  x_under_way = true;
  x_restored = x_from_nothing = false;
  if (x_state.get(triage::Table::Meta, triage::Machine::position_key())) return load();
  restore();
}

void PartitionLoader::restore() {
  x_restored = true;
  // Without a committed offset the newest: that there is one says that the log or the group is another one.
  x_restorer.run(x_committed.next, [this](const Result<std::optional<CheckpointManifest>>& how) { restored(how); });
}

void PartitionLoader::restored(const Result<std::optional<CheckpointManifest>>& how) {
  if (how.has_error()) {
    if (how.error().kind == ErrorKind::Transient) {
      x_events.waiting("the state cannot be restored: " + how.error().message);
      return x_strand.after(kLookAgain, [this] { restore(); });
    }
    x_under_way = false;
    return x_events.refused({Reason::StateUnreadable, fmt::format("the state cannot be restored: {}; rebuild it: ioc state rebuild "
                                                                  "--partition {}", how.error().message, x_partition.value())});
  }
  if (!*how) {
    // What may lie there has no position or cannot be read.
    if (auto cleared = x_state.clear(); cleared.has_error()) return restored(transient(cleared.error().message));
  }
  if (*how || x_committed.next) x_metrics.restores.add();
  spdlog::info("triage: no usable state on this disk partition={} from={}", x_partition.value(),
               *how ? fmt::format("checkpoint at offset {}", (*how)->offset.value()) : std::string("the log's start"));
  load();
}

void PartitionLoader::load() {
  const auto bundle = triage::Machine::stored_bundle(x_state);
  if (bundle && !bundle->empty() && !x_bundles.find(*bundle)) {
    x_events.waiting(fmt::format("bundle {} is not on {} yet; waiting for it", *bundle, topics::kBundles));
    return x_strand.after(kLookAgain, [this] { load(); });
  }
  x_machine = std::make_unique<triage::Machine>(
      x_partition, x_partitions, x_state, [bundles = &x_bundles](std::string_view hash) { return bundles->find(hash); });
  x_machine->stats().clock_ns = steady_ns;
  auto loaded = std::make_shared<Result<void>>();
  x_strand.blocking([this, loaded] { *loaded = x_machine->load(); }, [this, loaded] { finish(*loaded); });
}

void PartitionLoader::finish(const Result<void>& loaded) {
  if (loaded.has_value()) {
    x_under_way = false;
    return x_events.loaded(std::move(x_machine));
  }
  x_machine.reset();
  if (loaded.error().kind == ErrorKind::Corrupt && !x_restored) {
    spdlog::error("triage: the stored state is damaged and comes back from checkpoint and log partition={} error=\"{}\"",
                  x_partition.value(), loaded.error().message);
    return restore();
  }
  // A checkpoint that this version cannot read either (of another layout): the log's records, if they are all there.
  if (loaded.error().kind == ErrorKind::Corrupt && !std::exchange(x_from_nothing, true)) {
    spdlog::error("triage: the checkpoint cannot be read by this version, the state is built anew partition={} error=\"{}\"",
                  x_partition.value(), loaded.error().message);
    if (x_state.clear().has_value()) return load();
  }
  x_under_way = false;
  x_events.refused({Reason::StateUnreadable, fmt::format("the stored state cannot be read: {}; rebuild it: ioc state rebuild --partition {}",
                                                         loaded.error().message, x_partition.value())});
}

}  // namespace ioc::triage_service
