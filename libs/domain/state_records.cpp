#include "libs/domain/state_records.h"

#include <cstdio>
#include <utility>

#include "ioc/v1/state.pb.h"

namespace ioc {

std::string_view name_of(ControlKind kind) { return kind == ControlKind::Skip ? "skip" : "previous_time"; }

std::string_view name_of(ControlState state) {
  switch (state) {
    case ControlState::Requested: return "requested";
    case ControlState::Applied: return "applied";
    case ControlState::Refused: return "refused";
  }
  return "unknown";
}

std::string key_of(const ControlEntry& entry) {
  std::string key = std::to_string(entry.partition.value()) + "/" + std::to_string(entry.offset.value());
  return entry.state == ControlState::Requested ? key : key + "/answer";
}

std::string checkpoint_key(PartitionId partition, std::string_view checkpoint, std::uint32_t index) {
  std::string digits = std::to_string(index);
  digits.insert(0, digits.size() < 6 ? 6 - digits.size() : 0, '0');
  return std::to_string(partition.value()) + "/" + std::string(checkpoint) + "/" + digits;
}

namespace wire {
namespace {

template <class T>
std::string serialise(const T& message) {
  std::string bytes;
  message.SerializeToString(&bytes);
  return bytes;
}

}  // namespace

std::string encode(const ControlEntry& entry) {
  v1::ControlEntry to;
  to.set_partition(entry.partition.value());
  to.set_offset(entry.offset.value());
  to.set_kind(static_cast<v1::ControlKind>(entry.kind));
  to.set_state(static_cast<v1::ControlState>(entry.state));
  to.set_reason(entry.reason);
  to.set_actor(entry.actor);
  to.set_at_ms(entry.at.ms());
  to.set_event_id(entry.event.str());
  to.set_feed(entry.feed);
  return serialise(to);
}

std::string encode(const CheckpointRecord& record) {
  v1::CheckpointRecord to;
  if (const auto* chunk = std::get_if<CheckpointChunk>(&record)) {
    to.mutable_chunk()->set_checkpoint(chunk->checkpoint);
    to.mutable_chunk()->set_index(chunk->index);
    to.mutable_chunk()->set_content(chunk->content);
    return serialise(to);
  }
  const auto& from = std::get<CheckpointManifest>(record);
  v1::CheckpointManifest* manifest = to.mutable_manifest();
  manifest->set_checkpoint(from.checkpoint);
  manifest->set_chunks(from.chunks);
  manifest->set_size_bytes(from.size_bytes);
  manifest->set_entries(from.entries);
  manifest->set_hash(from.hash);
  manifest->set_offset(from.offset.value());
  manifest->set_running_hash(from.running_hash);
  manifest->set_log_time_ms(from.log_time.ms());
  manifest->set_bundle(from.bundle);
  manifest->set_made_at_ms(from.made_at.ms());
  return serialise(to);
}

Result<ControlEntry> decode_control_entry(std::string_view bytes) {
  v1::ControlEntry from;
  if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return corrupt("control entry: not Protobuf");
  if (from.kind() < 1 || from.kind() > 2 || from.state() < 1 || from.state() > 3) {
    return corrupt("control entry: a kind or state that this version does not know");
  }
  return ControlEntry{PartitionId(from.partition()),
                      Offset(from.offset()),
                      static_cast<ControlKind>(from.kind()),
                      static_cast<ControlState>(from.state()),
                      from.reason(),
                      from.actor(),
                      WallTime::from_ms(from.at_ms()),
                      EventId(from.event_id()),
                      from.feed()};
}

Result<CheckpointRecord> decode_checkpoint_record(std::string_view bytes) {
  v1::CheckpointRecord from;
  if (!from.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return corrupt("checkpoint record: not Protobuf");
  if (from.has_chunk()) {
    v1::CheckpointChunk* chunk = from.mutable_chunk();
    return CheckpointRecord(CheckpointChunk{std::move(*chunk->mutable_checkpoint()), chunk->index(),
                                            std::move(*chunk->mutable_content())});
  }
  if (!from.has_manifest()) return corrupt("checkpoint record: of a kind that this version does not know");
  const v1::CheckpointManifest& manifest = from.manifest();
  return CheckpointRecord(CheckpointManifest{manifest.checkpoint(), manifest.chunks(), manifest.size_bytes(), manifest.entries(),
                                             manifest.hash(), Offset(manifest.offset()), manifest.running_hash(),
                                             LogTime::from_ms(manifest.log_time_ms()), manifest.bundle(),
                                             WallTime::from_ms(manifest.made_at_ms())});
}

}  // namespace wire
}  // namespace ioc
