// What keeps a partition's state alive besides its records (proto/ioc/v1/state.proto).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/domain/ids.h"

namespace ioc {

enum class ControlKind : std::uint8_t { Skip = 1, PreviousTime };
enum class ControlState : std::uint8_t { Requested = 1, Applied, Refused };
std::string_view name_of(ControlKind kind);    // "skip", "previous_time"
std::string_view name_of(ControlState state);  // "requested", ...

// An operator's word about one record, or the owner's answer to it.
struct ControlEntry {
  PartitionId partition;
  Offset offset;
  ControlKind kind = ControlKind::Skip;
  ControlState state = ControlState::Requested;
  std::string reason, actor;
  WallTime at;
  EventId event;     // empty: the record holds none, or was not read
  std::string feed;
  friend bool operator==(const ControlEntry&, const ControlEntry&) = default;
};
std::string key_of(const ControlEntry& entry);

struct CheckpointChunk {
  std::string checkpoint;
  std::uint32_t index = 0;
  std::string content;
  friend bool operator==(const CheckpointChunk&, const CheckpointChunk&) = default;
};

struct CheckpointManifest {
  std::string checkpoint;       // its name: offset and a number that no other one has
  std::uint32_t chunks = 0;
  std::uint64_t size_bytes = 0, entries = 0;
  std::string hash;             // of the canonical bytes, BLAKE2b-256, hex
  Offset offset;                // next record to step
  std::uint64_t running_hash = 0;
  LogTime log_time;
  std::string bundle;
  WallTime made_at;
  friend bool operator==(const CheckpointManifest&, const CheckpointManifest&) = default;
};

using CheckpointRecord = std::variant<CheckpointChunk, CheckpointManifest>;
// `index` of the manifest: the number of chunks.
std::string checkpoint_key(PartitionId partition, std::string_view checkpoint, std::uint32_t index);

namespace wire {

std::string encode(const ControlEntry& entry);
std::string encode(const CheckpointRecord& record);
// Corrupt: as in wire.h.
[[nodiscard]] Result<ControlEntry> decode_control_entry(std::string_view bytes);
[[nodiscard]] Result<CheckpointRecord> decode_checkpoint_record(std::string_view bytes);

}  // namespace wire
}  // namespace ioc
