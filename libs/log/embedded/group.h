// A commit group being made: blocks per partition, owners' new states, one batch. Used by the committer's thread alone.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "libs/log/embedded/partition.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

struct OwnerSlot;

class Group {
 public:
  explicit Group(std::uint64_t segment_bytes) : x_segment_bytes(segment_bytes) {}

  void begin(std::int64_t time_ms);
  // The offset the message gets if the group is written.
  std::uint64_t add(Partition& partition, const Message& message);
  // The slot as this group leaves it; what is changed here is written with the group.
  CommitState& owner(OwnerSlot& slot);
  void move_start(Partition& partition, std::uint64_t start);

  [[nodiscard]] bool empty() const { return x_parts.empty() && x_owners.empty() && x_starts.empty(); }
  // Everything as one batch, which is the `number`th of the log. Called once per group.
  [[nodiscard]] const store::Batch& seal(std::uint64_t number);
  // The batch is durable: makes it visible.
  void publish();
  // It could not be written. Parts of it may lie in the store's write-ahead log all the same and come back if the store
  // has to be opened anew, so the next group erases and rewrites what this one touched.
  void forget();

 private:
  struct Part {
    BlockBuilder builder;
    std::uint64_t next = 0;
    Addition addition;
  };

  Part& part(Partition& partition);
  void close_block(Part& part);

  const std::uint64_t x_segment_bytes;
  std::int64_t x_time_ms = 0;
  std::unordered_map<Partition*, Part> x_parts;
  std::unordered_map<OwnerSlot*, CommitState> x_owners;
  std::unordered_map<Partition*, std::uint64_t> x_starts;
  store::Batch x_batch;
  std::vector<Partition*> x_undo_partitions;
  std::vector<OwnerSlot*> x_undo_owners;
};

}  // namespace ioc::log::embedded
