#include "services/triage/offline.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <utility>

#include "libs/domain/topics.h"
#include "libs/log/read_range.h"
#include "libs/triage/machine.h"
#include "services/triage/last_checkpoint.h"
#include "services/triage/partition_runner.h"
#include "services/triage/restorer.h"
#include "services/triage/state_compare.h"

namespace ioc::triage_service {
namespace {

constexpr Millis kCheckpointLongest{24LL * 3'600'000};
constexpr std::chrono::seconds kBundleLongest{60};
constexpr std::size_t kDeltaRecords = 5'000;

}  // namespace

Offline::Offline(log::Log& log, const Config& config, const config::Deployment& deployment)
    : x_log(log), x_config(config), x_deployment(deployment), x_thread([this] { x_io.run(); }) {
  x_scheduler = std::make_unique<AsioScheduler>(x_io.get_executor(), x_pool);
  x_bundles = std::make_shared<Bundles>(x_log, *x_scheduler);
}

Offline::~Offline() {
  x_bundles->stop();
  x_pool.join();
  x_work.reset();
  x_io.stop();
  x_thread.join();
}

Result<std::unique_ptr<Offline>> Offline::open(log::Log& log, const Config& config, const config::Deployment& deployment) {
  std::unique_ptr<Offline> offline(new Offline(log, config, deployment));
  auto store = open_state_store(deployment.data + "/triage", config.state_cache_bytes);
  if (store.has_error()) return store.error();
  offline->x_store = *std::move(store);
  if (auto started = offline->x_bundles->start(); started.has_error()) return started.error();
  return offline;
}

Result<std::shared_ptr<const triage::Bundle>> Offline::bundle(std::string_view hash) {
  const auto until = std::chrono::steady_clock::now() + kBundleLongest;
  while (true) {
    if (auto found = x_bundles->find(hash)) return found;
    if (std::chrono::steady_clock::now() > until) {
      return permanent(fmt::format("bundle {} is not on {}, or this version cannot compile it", hash, topics::kBundles));
    }
    std::this_thread::sleep_for(Millis(10));
  }
}

Result<ControlBook> Offline::read_control(PartitionId partition) {
  auto range = x_log.range(topics::kControl, partition);
  if (range.has_error()) return range.error();
  ControlBook book;
  auto read = log::read_range(x_log, topics::kControl, partition, range->first, range->end, [&](const log::Entry& entry) -> Result<void> {
    if (!entry.tombstone) book.add(entry.value);
    return {};
  });
  if (read.has_error()) return read.error();
  return book;
}

Result<Offset> Offline::checkpoint(PartitionId partition) {
  const PartitionState state(partition, *x_store);
  const auto position = triage::Machine::stored_position(state);
  if (!position) return permanent("there is no state of partition " + std::to_string(partition.value()) + " in " + x_deployment.data + "/triage");
  if (!write_last_checkpoint(partition, x_log, *x_store, *x_scheduler, x_config, x_registry, kCheckpointLongest)) {
    return transient("no checkpoint was written; the lines above say why");
  }
  return position->next_offset;
}

Result<std::optional<CheckpointManifest>> Offline::restore_into(PartitionState& state, std::optional<Offset> up_to, PartitionId partition,
                                                                const Progress& progress) {
  Strand strand(*x_scheduler);
  Restorer restorer(partition, x_log, strand, state);
  restorer.progress = progress;
  std::promise<Result<std::optional<CheckpointManifest>>> done;
  strand.post([&] {
    restorer.run(up_to, [&](Result<std::optional<CheckpointManifest>> how) { done.set_value(std::move(how)); });
  });
  auto how = done.get_future().get();
  // The strand's last work is over before its parts go.
  run_and_wait(*x_scheduler, [&strand] { strand.end(); });
  return how;
}

Result<Offline::Restored> Offline::restore(PartitionId partition, const Progress& progress) {
  auto committed = x_log.committed(kGroup, topics::kEvents, partition);
  if (committed.has_error()) return committed.error();
  PartitionState state(partition, *x_store);
  auto how = restore_into(state, committed->next, partition, progress);
  if (how.has_error()) return how.error();
  if (!*how) {
    return permanent("there is no whole checkpoint up to the committed offset; the state is as it was. If the log is whole: ioc state rebuild");
  }
  return Restored{(*how)->offset, (*how)->size_bytes};
}

Result<std::uint64_t> Offline::replay(PartitionState& state, PartitionId partition, Offset until, const Progress& progress) {
  auto book = read_control(partition);
  if (book.has_error()) return book.error();
  if (const auto stored = triage::Machine::stored_bundle(state); stored && !stored->empty()) {
    if (auto there = bundle(*stored); there.has_error()) return there.error();
  }
  triage::Machine machine(partition, x_deployment.partitions(), state, [this](std::string_view hash) { return x_bundles->find(hash); });
  if (auto loaded = machine.load(); loaded.has_error()) return loaded.error();
  const Offset from = machine.next_offset();
  std::uint64_t records = 0;
  std::vector<triage::Effect> effects;
  const auto write = [&]() -> Result<void> {
    std::vector<triage::StateWrite> delta;
    machine.take_delta(delta);
    state.hold(std::move(delta));
    return state.write_oldest();
  };
  auto read = log::read_range(x_log, topics::kEvents, partition, from, until, [&](const log::Entry& entry) -> Result<void> {
    effects.clear();
    triage::Input input{entry.offset, entry.appended_at, entry.value};
    const ControlEntry* word = book->applied(entry.offset);
    if (word != nullptr && word->kind == ControlKind::Skip) {
      machine.skip(input, {word->reason, word->actor, word->event, word->feed}, effects);
    } else {
      if (const auto needed = triage::Machine::required_bundle(entry.value)) {
        if (auto there = bundle(*needed); there.has_error()) return there.error();
      }
      if (word != nullptr) input.appended_at = machine.log_time();
      machine.step(input, effects);
    }
    if (++records % kDeltaRecords != 0) return {};
    if (progress) progress(entry.offset.value() - from.value(), until.value() - from.value());
    return write();
  });
  if (read.has_error()) return read.error();
  if (records > 0) {
    if (auto written = write(); written.has_error()) return written.error();
  }
  if (progress) progress(until.value() - from.value(), until.value() - from.value());
  return records;
}

Result<Offline::Rebuilt> Offline::rebuild(PartitionId partition, const Progress& progress) {
  auto committed = x_log.committed(kGroup, topics::kEvents, partition);
  if (committed.has_error()) return committed.error();
  auto range = x_log.range(topics::kEvents, partition);
  if (range.has_error()) return range.error();
  if (range->first > Offset(0)) {
    return permanent(fmt::format("the log begins at offset {}: its start is gone; take a checkpoint: ioc state restore", range->first.value()));
  }
  PartitionState state(partition, *x_store);
  if (auto cleared = state.clear(); cleared.has_error()) return cleared.error();
  const Offset until = committed->next.value_or(Offset(0));
  auto records = replay(state, partition, until, progress);
  if (records.has_error()) return records.error();
  const auto position = triage::Machine::stored_position(state);
  if (position) {
    if (const auto refusal = check_hash(partition, *committed, position->running_hash)) {
      return permanent("rebuilt, but not what was committed (another version, or a changed log): " + refusal->message);
    }
  }
  return Rebuilt{position ? position->next_offset : Offset(0), *records};
}

Result<Offline::Verified> Offline::verify(PartitionId partition, const Progress& progress) {
  const PartitionState state(partition, *x_store);
  const auto position = triage::Machine::stored_position(state);
  if (!position) return permanent("there is no readable state of partition " + std::to_string(partition.value()) + " in " + x_deployment.data +
                                    "/triage: it is new, damaged or of another version's layout; ioc state restore or ioc state rebuild makes it from the log");
  auto committed = x_log.committed(kGroup, topics::kEvents, partition);
  if (committed.has_error()) return committed.error();
  auto range = x_log.range(topics::kEvents, partition);
  if (range.has_error()) return range.error();
  Verified verified;
  verified.offset = position->next_offset;
  if (const auto refusal = check_offsets(partition, *committed, verified.offset)) verified.wrong = refusal->message;
  if (committed->next == verified.offset) {
    if (const auto refusal = check_hash(partition, *committed, position->running_hash)) verified.wrong = refusal->message;
  }
  if (!verified.wrong.empty()) return verified;

  const std::string folder = x_deployment.data + "/triage.verify";
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  auto scratch = open_state_store(folder, x_config.state_cache_bytes);
  if (scratch.has_error()) return scratch.error();
  const auto compare = [&]() -> Result<Verified> {
    PartitionState expected(partition, **scratch);
    auto how = restore_into(expected, verified.offset, partition, progress);
    if (how.has_error()) return how.error();
    if (!*how && range->first > Offset(0)) return permanent("there is no whole checkpoint, and the log's start is gone: nothing to compare with");
    verified.from = *how ? fmt::format("checkpoint at offset {}", (*how)->offset.value()) : std::string("the log's start");
    auto records = replay(expected, partition, verified.offset, progress);
    if (records.has_error()) return records.error();
    verified.records = *records;
    const Compared compared = compare_states(expected, state);
    verified.entries = compared.entries;
    verified.differences = compared.differences;
    verified.first = compared.first;
    return verified;
  };
  auto result = compare();
  scratch->reset();
  std::filesystem::remove_all(folder, ignored);
  return result;
}

}  // namespace ioc::triage_service
