// The log seam in memory, with faults on demand: for ingest's own tests.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "libs/log/log.h"

namespace ioc::ingest {

enum class Fault { None, Transient, Silent };  // Silent: the answer never comes

class MemoryLog : public log::Log {
 public:
  struct Stored {
    std::string key, value;
    std::vector<log::Header> headers;
  };
  using Place = std::pair<std::string, std::uint32_t>;

  std::function<void(std::string_view topic, const log::Message&)> on_append;  // before it is stored
  std::vector<log::CommitOutcome> commit_outcomes;  // taken from the front; empty: Committed

  void set_fault(Fault fault);
  void add_topic(const std::string& name, std::uint32_t partitions = 1);
  void add(const std::string& topic, Stored stored);  // to partition 0
  [[nodiscard]] std::vector<Stored> stored(const std::string& topic, std::uint32_t partition = 0) const;
  [[nodiscard]] std::optional<Offset> committed(const std::string& topic, std::uint32_t partition = 0) const;
  [[nodiscard]] std::uint64_t commits() const;

  std::string id() const override { return "memory"; }
  Result<void> ensure_topics(std::span<const log::TopicConfig> topics) override;
  Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) override;
  Result<log::Range> range(std::string_view topic, PartitionId partition) override;
  void append(std::string_view topic, PartitionId partition, log::Message message,
              std::function<void(Result<Offset>)> done) override;
  Result<std::unique_ptr<log::Reader>> read(std::string_view topic, PartitionId partition, Offset from) override;
  Result<std::unique_ptr<log::Membership>> join(std::string_view group, std::string_view topic, std::string_view member,
                                                log::AssignmentListener listener) override;
  log::Stats stats() const override { return {}; }

 private:
  friend class MemoryReader;
  friend class MemoryOwner;
  void store(const Place& place, Stored stored);  // under x_mutex
  void wake();

  mutable std::mutex x_mutex;
  std::map<std::string, std::uint32_t> x_topics;
  std::map<Place, std::deque<Stored>> x_stored;  // entries are never moved: readers point into them
  std::map<Place, Offset> x_committed;
  std::map<const void*, std::function<void()>> x_waiting;
  std::uint64_t x_commits = 0;
  Fault x_fault = Fault::None;
};

}  // namespace ioc::ingest
