#include "services/triage/restorer.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "libs/domain/topics.h"
#include "libs/triage/machine.h"

namespace ioc::triage_service {
namespace {

constexpr std::size_t kBatchBytes = 1 << 20;

}  // namespace

void Restorer::run(std::optional<Offset> committed, Done done) {
  x_committed = committed;
  x_done = std::move(done);
  read_catalog(x_scan, x_partition, x_catalog, [this](const Result<Offset>& end) {
    if (end.has_error()) return std::exchange(x_done, {})(end.error());
    choose();
  });
}

void Restorer::choose() {
  const auto all = x_catalog.whole();
  auto chosen = x_committed ? x_catalog.newest_up_to(*x_committed) : all.empty() ? std::nullopt : std::optional(all.front());
  if (!chosen) return std::exchange(x_done, {})(std::optional<CheckpointManifest>());
  read(*chosen);
}

void Restorer::read(const CheckpointCatalog::Whole& chosen) {
  if (auto cleared = x_state.clear(); cleared.has_error()) return std::exchange(x_done, {})(cleared.error());
  x_manifest = chosen.manifest;
  x_hash = {};
  x_bytes = 0;
  x_chunks = 0;
  x_batch.clear();
  x_batch_bytes = 0;
  x_position.reset();
  x_parser = std::make_unique<triage::CanonicalParser>([this](triage::StateWrite write) { return put(std::move(write)); });
  spdlog::info("triage: restoring from a checkpoint partition={} offset={} bytes={}", x_partition.value(),
               x_manifest.offset.value(), x_manifest.size_bytes);
  x_scan.run(topics::kCheckpoints, x_partition, chosen.first, [this](const log::Entry& entry) { return take(entry); },
             [this](const Result<Offset>& scanned) { end(scanned); });
}

Result<void> Restorer::take(const log::Entry& entry) {
  if (entry.tombstone || x_chunks == x_manifest.chunks) return {};
  auto record = wire::decode_checkpoint_record(entry.value);
  if (record.has_error()) return {};
  const auto* chunk = std::get_if<CheckpointChunk>(&*record);
  if (chunk == nullptr || chunk->checkpoint != x_manifest.checkpoint || chunk->index != x_chunks) return {};
  ++x_chunks;
  x_bytes += chunk->content.size();
  x_hash.add(chunk->content);
  if (progress) progress(x_bytes, x_manifest.size_bytes);
  return x_parser->add(chunk->content);
}

Result<void> Restorer::put(triage::StateWrite write) {
  if (write.table == triage::Table::Meta && write.key == triage::Machine::position_key()) {
    x_position = std::move(write);
    return {};
  }
  x_batch_bytes += write.key.size() + write.value->size();
  x_batch.push_back(std::move(write));
  return x_batch_bytes < kBatchBytes ? Result<void>() : flush();
}

Result<void> Restorer::flush() {
  auto written = x_state.write(x_batch);
  x_batch.clear();
  x_batch_bytes = 0;
  return written;
}

void Restorer::end(const Result<Offset>& scanned) {
  const auto done = std::exchange(x_done, {});
  if (scanned.has_error()) return done(scanned.error());
  if (!x_parser->complete() || !x_position || x_hash.hex() != x_manifest.hash) {
    return done(corrupt("checkpoint " + x_manifest.checkpoint + " was whole and is not any more: was it replaced meanwhile? try again"));
  }
  x_batch.push_back(*std::move(x_position));
  if (auto written = flush(); written.has_error()) return done(written.error());
  done(std::optional(x_manifest));
}

}  // namespace ioc::triage_service
