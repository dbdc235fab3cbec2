#include "services/triage/checkpoint_writer.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>

#include "libs/domain/topics.h"

namespace ioc::triage_service {
namespace {

constexpr double kAlarmShare = 0.5;  // of what retention keeps, in time or in bytes

double seconds(Millis span) { return std::chrono::duration<double>(span).count(); }

}  // namespace

CheckpointWriter::CheckpointWriter(PartitionId partition, log::Log& log, StateStore& store, Strand& strand, const Config& config,
                                   const PartitionMetrics& metrics)
    : x_partition(partition),
      x_log(log),
      x_store(store),
      x_strand(strand),
      x_config(config),
      x_metrics(metrics),
      x_scan(log, strand),
      x_last_at(strand.now()) {}

// ---- when ----

void CheckpointWriter::consider(Offset stored, const std::optional<log::Range>& records) {
  warn_of_retention(records);
  if (under_way() || stored <= x_last) return;
  const bool by_records = x_config.checkpoint_records > 0 && stored.value() - x_last.value() >= x_config.checkpoint_records;
  const bool by_time = x_strand.now() - x_last_at >= x_config.checkpoint_every;
  const bool demanded = x_demanded && stored >= *x_demanded;
  if (demanded || by_records || by_time) begin();
}

void CheckpointWriter::write_now(std::function<void(bool)> done) {
  x_done.push_back(std::move(done));
  if (!under_way()) begin();
}

// A log that loses the records behind the older checkpoint leaves one chance instead of two.
void CheckpointWriter::warn_of_retention(const std::optional<log::Range>& records) {
  const auto all = x_catalog.whole();
  if (all.empty()) return;
  const auto& older = all[std::min(all.size(), kCheckpointsKept) - 1].manifest;
  const bool by_time = x_config.retention.count() > 0;
  const double share = std::max(
      by_time ? seconds(Millis(x_strand.now().ms() - older.made_at.ms())) / seconds(x_config.retention) : 0, share_by_bytes(older.offset, records));
  x_metrics.checkpoint_retention.set(share);
  if (share < kAlarmShare) {
    x_warned = false;
  } else if (!std::exchange(x_warned, true)) {
    spdlog::error("triage: retention is half-way to deleting records that the older checkpoint needs partition={} "
                  "checkpoint_offset={} action=\"find out why no checkpoint is written; ioc state checkpoint\"",
                  x_partition.value(), older.offset.value());
  }
}

// A log that has begun to delete by bytes keeps about as many records as it has now: how many of them are newer than the
// checkpoint. Above 1: some of those are gone.
double CheckpointWriter::share_by_bytes(Offset older, const std::optional<log::Range>& records) const {
  if (x_config.retention_bytes == 0 || !records || records->first == Offset(0) || records->end <= records->first) return 0;
  const auto kept = static_cast<double>(records->end.value() - records->first.value());
  return records->end > older ? static_cast<double>(records->end.value() - older.value()) / kept : 0;
}

// ---- how ----

void CheckpointWriter::begin() {
  x_demanded.reset();
  x_state = State::Reading;
  if (x_catalog_read) return start_writing();
  read_catalog(x_scan, x_partition, x_catalog, [this](const Result<Offset>& end) {
    if (end.has_error()) return failed(end.error().message);
    x_catalog_read = true;
    start_writing();
  });
}

void CheckpointWriter::start_writing() {
  x_state = State::Writing;
  auto snapshot = x_store.snapshot(x_partition);
  if (snapshot.has_error()) return failed(snapshot.error().message);
  const auto position = triage::Machine::stored_position(**snapshot);
  const auto all = x_catalog.whole();
  // The bytes are the same for the same offset: once is enough.
  if (!position || (!all.empty() && all.front().manifest.offset == position->next_offset)) {
    if (position) x_last = position->next_offset;
    return finish(true);
  }
  x_work = std::make_unique<Work>();
  x_work->began = x_strand.now();
  x_work->snapshot = *std::move(snapshot);
  x_work->reader = std::make_unique<triage::CanonicalReader>(*x_work->snapshot);
  CheckpointManifest& manifest = x_work->manifest;
  manifest.offset = position->next_offset;
  manifest.running_hash = position->running_hash;
  manifest.log_time = position->log_time;
  manifest.bundle = position->bundle;
  manifest.made_at = x_strand.now();
  // No other attempt has this name, not even of an owner that does not know yet that it is none.
  manifest.checkpoint = fmt::format("{:020}-{:013}", manifest.offset.value(), manifest.made_at.ms());
  read_chunk();
}

void CheckpointWriter::read_chunk() {
  x_strand.blocking([work = x_work.get()] {
                      if (work->buffer.size() < kCheckpointChunkBytes && work->more) {
                        work->more = work->reader->read(work->buffer, kCheckpointChunkBytes - work->buffer.size());
                      }
                    },
                    [this] { append_chunk(); });
}

void CheckpointWriter::append_chunk() {
  Work& work = *x_work;
  if (work.buffer.empty()) return append_manifest();
  std::string content = work.buffer.substr(0, kCheckpointChunkBytes);
  work.buffer.erase(0, content.size());
  work.hash.add(content);
  work.manifest.size_bytes += content.size();
  const std::uint32_t index = work.manifest.chunks++;
  append(checkpoint_key(x_partition, work.manifest.checkpoint, index),
         wire::encode(CheckpointRecord(CheckpointChunk{work.manifest.checkpoint, index, std::move(content)})), false,
         [this] { read_chunk(); });
}

void CheckpointWriter::append_manifest() {
  CheckpointManifest& manifest = x_work->manifest;
  manifest.hash = x_work->hash.hex();
  manifest.entries = x_work->reader->entries();
  append(checkpoint_key(x_partition, manifest.checkpoint, manifest.chunks), wire::encode(CheckpointRecord(manifest)), false,
         [this] { written(); });
}

void CheckpointWriter::written() {
  const CheckpointManifest& manifest = x_work->manifest;
  const Millis took = x_strand.now() - x_work->began;
  x_last = manifest.offset;
  x_last_at = x_strand.now();
  x_catalog.added(manifest);
  x_metrics.checkpoints.add();
  x_metrics.checkpoint_offset.set(static_cast<double>(manifest.offset.value()));
  x_metrics.checkpoint_bytes.set(static_cast<double>(manifest.size_bytes));
  x_metrics.checkpoint_seconds.observe(seconds(took));
  spdlog::info("triage: checkpoint written partition={} offset={} bytes={} chunks={} ms={}", x_partition.value(),
               manifest.offset.value(), manifest.size_bytes, manifest.chunks, took.count());
  for (const auto& stale : x_catalog.take_stale()) {
    for (const std::uint32_t index : stale.indexes) x_to_erase.push_back(checkpoint_key(x_partition, stale.checkpoint, index));
  }
  // The manifest last was the last word for a whole one: gone first, nobody reads chunks that are going.
  erase_stale();
}

void CheckpointWriter::erase_stale() {
  if (x_to_erase.empty()) return finish(true);
  std::string key = std::move(x_to_erase.back());
  x_to_erase.pop_back();
  append(std::move(key), {}, true, [this] { erase_stale(); });
}

void CheckpointWriter::append(std::string key, std::string value, bool tombstone, std::function<void()> then) {
  x_log.append(topics::kCheckpoints, x_partition, {std::move(key), std::move(value), {}, tombstone},
               x_strand.callback<Result<Offset>>([this, then = std::move(then)](const Result<Offset>& appended) {
                 if (appended.has_error()) return failed(appended.error().message);
                 then();
               }));
}

// What was written of it is stale and goes with the next one.
void CheckpointWriter::failed(const std::string& why) {
  x_metrics.checkpoint_failures.add();
  spdlog::error("triage: no checkpoint was written, the next attempt is at the next occasion partition={} error=\"{}\"",
                x_partition.value(), why);
  x_catalog_read = false;
  x_to_erase.clear();
  // Not at once: a log that takes nothing would be asked without pause.
  x_last_at = x_strand.now();
  finish(false);
}

void CheckpointWriter::finish(bool written) {
  x_work.reset();
  x_state = State::Idle;
  for (const auto& done : std::exchange(x_done, {})) done(written);
}

}  // namespace ioc::triage_service
