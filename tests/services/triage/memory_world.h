// One thread, virtual time: scheduler, log and state store for the runner of a partition, with faults on demand.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "libs/log/log.h"
#include "services/triage/scheduler.h"
#include "services/triage/state_store.h"

namespace ioc::triage_service::testing {

// Runs posted work in order of (time, post order). blocking() is just work.
class VirtualScheduler final : public Scheduler {
 public:
  explicit VirtualScheduler(WallTime start) : x_now(start) {}
  void post(std::function<void()> work) override { after(Millis(0), std::move(work)); }
  void after(Millis delay, std::function<void()> work) override {
    x_queue.emplace(std::pair(x_now + delay, x_posted++), std::move(work));
  }
  void blocking(std::function<void()> work, std::function<void()> then) override {
    post([this, work = std::move(work), then = std::move(then)]() mutable {
      work();
      post(std::move(then));
    });
  }
  [[nodiscard]] WallTime now() const override { return x_now; }

  // Runs one piece of work; false when nothing is left.
  bool step();
  // Until `done` or `span` of virtual time has passed. True when done.
  bool run_until(const std::function<bool()>& done, Millis span);
  // A crash: whatever was posted is lost.
  void forget_all() { x_queue.clear(); }

 private:
  WallTime x_now;
  std::uint64_t x_posted = 0;
  std::map<std::pair<WallTime, std::uint64_t>, std::function<void()>> x_queue;
};

// What a commit does, by its number from 1.
enum class CommitFault { None, Abort, Reject, UnknownApplied, UnknownLost, Fence };

class MemoryLog final : public log::Log {
 public:
  explicit MemoryLog(VirtualScheduler& scheduler) : x_scheduler(scheduler) {}

  std::function<CommitFault(std::uint64_t commit)> fault = [](std::uint64_t) { return CommitFault::None; };

  struct Stored {
    std::string key, value;
    LogTime at;
    bool tombstone = false;
    friend bool operator==(const Stored& a, const Stored& b) { return a.key == b.key && a.value == b.value; }
  };
  // Everything in one partition of a topic.
  [[nodiscard]] const std::vector<Stored>& stored(std::string_view topic, PartitionId partition) const;
  [[nodiscard]] std::optional<Offset> committed(PartitionId partition) const;
  void truncate(std::string_view topic, PartitionId partition, std::size_t keep);
  // What retention does.
  void drop_before(std::string_view topic, PartitionId partition, Offset first) { x_first[{std::string(topic), partition}] = first; }
  void forget_committed() { x_committed.clear(); }
  void set_committed(PartitionId partition, log::Committed committed) { x_committed[partition] = std::move(committed); }
  // Changes a byte of what is stored.
  void damage(std::string_view topic, PartitionId partition, std::size_t index) {
    x_topics[{std::string(topic), partition}].at(index).value.back() ^= 1;
  }
  [[nodiscard]] std::uint64_t commits() const { return x_commits; }
  void append_now(std::string_view topic, PartitionId partition, log::Message message);
  void append_at(std::string_view topic, PartitionId partition, log::Message message, LogTime at);

  [[nodiscard]] std::string id() const override { return "memory"; }
  [[nodiscard]] Result<void> ensure_topics(std::span<const log::TopicConfig>) override { return {}; }
  [[nodiscard]] Result<std::optional<std::uint32_t>> partitions_of(std::string_view) override { return std::optional<std::uint32_t>(1); }
  [[nodiscard]] Result<log::Range> range(std::string_view topic, PartitionId partition) override;
  void append(std::string_view topic, PartitionId partition, log::Message message,
              std::function<void(Result<Offset>)> done) override;
  [[nodiscard]] Result<std::unique_ptr<log::Reader>> read(std::string_view topic, PartitionId partition, Offset from) override;
  [[nodiscard]] Result<std::unique_ptr<log::Membership>> join(std::string_view, std::string_view, std::string_view,
                                                              log::AssignmentListener) override;
  [[nodiscard]] Result<log::Committed> committed(std::string_view, std::string_view, PartitionId partition) override {
    return x_committed[partition];
  }
  [[nodiscard]] log::Stats stats() const override { return {}; }

  [[nodiscard]] std::unique_ptr<log::Owner> owner(PartitionId partition);

 private:
  class ReaderImpl;
  class OwnerImpl;
  using Key = std::pair<std::string, PartitionId>;

  void wake();

  VirtualScheduler& x_scheduler;
  std::map<Key, std::vector<Stored>> x_topics;
  std::map<Key, Offset> x_first;
  std::map<PartitionId, log::Committed> x_committed;
  std::map<PartitionId, std::uint64_t> x_epochs;
  std::vector<std::function<void()>> x_waiting;
  std::uint64_t x_commits = 0;
};

// Keeps what was written; `fail_writes` stands for a full disk.
class MemoryStore final : public StateStore {
 public:
  bool fail_writes = false;
  [[nodiscard]] Result<void> write(PartitionId partition, const std::vector<triage::StateWrite>& writes) override;
  [[nodiscard]] std::optional<std::string> get(PartitionId partition, triage::Table table, std::string_view key) const override;
  void scan(PartitionId partition, triage::Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  [[nodiscard]] std::uint64_t disk_bytes() const override { return 0; }
  void clear() { x_rows.clear(); }

 private:
  using Table = std::pair<PartitionId, triage::Table>;
  std::map<Table, std::map<std::string, std::string, std::less<>>> x_rows;
};

}  // namespace ioc::triage_service::testing
