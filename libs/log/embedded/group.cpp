#include "libs/log/embedded/group.h"

#include <algorithm>
#include <limits>

#include "libs/base/assert.h"
#include "libs/log/embedded/committer.h"

namespace ioc::log::embedded {

void Group::begin(std::int64_t time_ms) {
  IOC_ASSERT(empty());
  x_time_ms = time_ms;
}

Group::Part& Group::part(Partition& partition) {
  const auto [found, added] = x_parts.try_emplace(&partition);
  if (added) {
    found->second.next = partition.range().end.value();
    found->second.addition.active = partition.active();
  }
  return found->second;
}

std::uint64_t Group::add(Partition& partition, const Message& message) {
  Part& into = part(partition);
  const auto offset = into.next++;
  if (!into.builder.started()) into.builder.start(partition.number, offset, x_time_ms);
  into.builder.add(offset, x_time_ms, message);
  if (into.builder.size_bytes() >= kBlockBytes) close_block(into);
  return offset;
}

void Group::close_block(Part& part) {
  const auto block = part.builder.finish(part.next - 1, x_time_ms);
  auto& addition = part.addition;
  addition.blocks.push_back(block);
  if (!addition.active) addition.active = Segment{block->first, block->last, 0, 0, x_time_ms, x_time_ms};
  auto& segment = *addition.active;
  segment.last = block->last;
  segment.records += block->records;
  segment.bytes += block->bytes.size();
  segment.last_time_ms = x_time_ms;
  if (segment.bytes < x_segment_bytes) return;
  addition.sealed.push_back(segment);
  addition.active.reset();
}

CommitState& Group::owner(OwnerSlot& slot) { return x_owners.try_emplace(&slot, slot.state).first->second; }

void Group::move_start(Partition& partition, std::uint64_t start) { x_starts[&partition] = start; }

const store::Batch& Group::seal(std::uint64_t number) {
  constexpr auto kEnd = std::numeric_limits<std::uint64_t>::max();
  x_batch.clear();
  for (auto* partition : x_undo_partitions) {
    const auto from = offset_key(partition->number, partition->range().end.value());
    const auto active = partition->active();
    const auto segments = active ? offset_key(partition->number, active->first) : from;
    x_batch.erase_range(kBlocks, from, offset_key(partition->number, kEnd));
    x_batch.erase_range(kSegments, segments, offset_key(partition->number, kEnd));
  }
  for (auto* slot : x_undo_owners) x_batch.put(kCommits, slot->key, encode(slot->state));
  for (auto& [partition, part] : x_parts) {
    if (part.builder.started()) close_block(part);
    for (const auto& block : part.addition.blocks) {
      x_batch.put(kBlocks, offset_key(block->partition, block->first), block->bytes);
    }
    for (const auto& segment : part.addition.sealed) {
      x_batch.put(kSegments, offset_key(partition->number, segment.first), encode(segment));
    }
  }
  for (const auto& [slot, state] : x_owners) x_batch.put(kCommits, slot->key, encode(state));
  for (const auto& [partition, start] : x_starts) {
    x_batch.put(store::kDefault, start_key(partition->number), encode(Start{start, x_time_ms}));
  }
  x_batch.put(store::kDefault, kGroupsKey, encode_watermark(number));
  return x_batch;
}

void Group::publish() {
  for (auto& [slot, state] : x_owners) slot->state = std::move(state);
  for (const auto& [partition, part] : x_parts) partition->publish(part.addition);
  for (const auto& [partition, start] : x_starts) partition->move_start(start);
  x_undo_partitions.clear();
  x_undo_owners.clear();
  x_owners.clear();
  x_parts.clear();
  x_starts.clear();
}

void Group::forget() {
  const auto add = [](auto& to, auto* what) {
    if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(what);
  };
  for (const auto& each : x_parts) add(x_undo_partitions, each.first);
  for (const auto& each : x_owners) add(x_undo_owners, each.first);
  x_owners.clear();
  x_parts.clear();
  x_starts.clear();
}

}  // namespace ioc::log::embedded
