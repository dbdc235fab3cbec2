// One partition in memory: its range, its segments, the newest records for followers, and who waits for more.
// The committer publishes to it, readers look, the cleaner shrinks it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "libs/log/embedded/block.h"
#include "libs/log/embedded/layout.h"
#include "libs/log/log.h"

namespace ioc::log::embedded {

// Where a reader's `ready` waits. Its mutex is held while the callback runs: that is what makes taking back final.
class Waiter {
 public:
  void arm(std::function<void()> ready);
  void disarm();
  void fire();

 private:
  std::mutex x_mutex;
  std::function<void()> x_ready;
};

// What a commit group adds to a partition: made by the committer, published when it is durable.
struct Addition {
  std::vector<std::shared_ptr<const Block>> blocks;
  std::vector<Segment> sealed;
  std::optional<Segment> active;
};

class Partition {
 public:
  Partition(PartitionNumber its_number, std::string its_name, std::uint64_t tail_bytes_max)
      : number(its_number), name(std::move(its_name)), x_tail_bytes_max(tail_bytes_max) {}

  const PartitionNumber number;
  const std::string name;  // "ioc.events.v1/0"

  // Before threads start: what the disk holds.
  void restore(std::uint64_t start, std::vector<Segment> sealed, std::optional<Segment> active);

  [[nodiscard]] Range range() const;
  // The block that holds `offset`, when it is among the newest that are in memory.
  [[nodiscard]] std::shared_ptr<const Block> in_memory(std::uint64_t offset) const;

  void publish(const Addition& addition);
  void move_start(std::uint64_t start);
  // Compaction put one segment in place of those it covers.
  void replace(const Segment& merged);

  [[nodiscard]] std::optional<Segment> active() const;
  [[nodiscard]] std::vector<Segment> sealed() const;

  void attach(std::shared_ptr<Waiter> waiter);
  void detach(const std::shared_ptr<Waiter>& waiter);

 private:
  void trim_tail();

  const std::uint64_t x_tail_bytes_max;
  mutable std::mutex x_mutex;  // guards what follows
  std::uint64_t x_start = 0;
  std::uint64_t x_end = 0;
  std::deque<Segment> x_sealed;
  std::optional<Segment> x_active;
  std::deque<std::shared_ptr<const Block>> x_tail;  // consecutive, up to x_end
  std::uint64_t x_tail_bytes = 0;
  std::vector<std::shared_ptr<Waiter>> x_waiters;
};

}  // namespace ioc::log::embedded
