// The topics of the embedded log and what their partitions hold, as found on disk at the start.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <vector>

#include "libs/log/embedded/committer.h"
#include "libs/log/embedded/layout.h"
#include "libs/log/embedded/partition.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

// The topics as stored, by name. Corrupt: names the topic.
[[nodiscard]] Result<std::vector<StoredTopic>> read_topics(const store::Store& store);
// Sealed segments of a partition, oldest first.
[[nodiscard]] Result<std::vector<Segment>> read_segments(const store::Store& store, PartitionNumber partition);
[[nodiscard]] Result<Start> read_start(const store::Store& store, PartitionNumber partition);
[[nodiscard]] Result<std::vector<std::unique_ptr<OwnerSlot>>> read_owners(const store::Store& store);

// Commit groups that the store holds; 0: none, or written by a version that did not count them.
[[nodiscard]] Result<std::uint64_t> read_groups(const store::Store& store);

struct TopicPartition {
  TopicConfig config;
  Partition* partition;
};

class Catalog {
 public:
  Catalog(store::Store& store, std::uint64_t tail_bytes_max) : x_store(store), x_tail_bytes_max(tail_bytes_max) {}

  // Before threads start: reads what is there, and finishes a deletion that a crash cut short.
  [[nodiscard]] Result<void> restore();
  // When the newest record was appended, as restore() found it.
  [[nodiscard]] std::int64_t last_time_ms() const { return x_last_time_ms; }

  [[nodiscard]] Result<void> ensure(std::span<const TopicConfig> topics);
  [[nodiscard]] std::optional<std::uint32_t> partitions_of(std::string_view topic) const;
  // nullptr: no such topic or partition. Partitions live as long as the catalogue.
  [[nodiscard]] Partition* find(std::string_view topic, PartitionId partition) const;
  [[nodiscard]] std::vector<TopicPartition> all() const;

 private:
  struct Topic {
    StoredTopic stored;
    std::vector<std::unique_ptr<Partition>> partitions;
  };

  [[nodiscard]] std::unique_ptr<Topic> make_topic(StoredTopic stored) const;
  [[nodiscard]] Result<void> restore_partition(Partition& partition);
  [[nodiscard]] Result<std::optional<Segment>> scan_active(const Partition& partition, std::uint64_t from) const;
  [[nodiscard]] Result<void> check(std::span<const TopicConfig> topics) const;

  store::Store& x_store;
  const std::uint64_t x_tail_bytes_max;
  std::int64_t x_last_time_ms = 0;
  mutable std::shared_mutex x_mutex;  // guards what follows
  std::map<std::string, std::unique_ptr<Topic>, std::less<>> x_topics;
  std::uint32_t x_next_number = 1;
};

}  // namespace ioc::log::embedded
