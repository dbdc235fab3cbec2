#include "tests/services/triage/memory_world.h"

#include <algorithm>
#include <utility>

namespace ioc::triage_service::testing {

bool VirtualScheduler::step() {
  if (x_queue.empty()) return false;
  auto first = x_queue.begin();
  x_now = std::max(x_now, first->first.first);
  const auto work = std::move(first->second);
  x_queue.erase(first);
  work();
  return true;
}

bool VirtualScheduler::run_until(const std::function<bool()>& done, Millis span) {
  const WallTime end = x_now + span;
  while (!done()) {
    if (x_now > end || !step()) return done();
  }
  return true;
}

class MemoryLog::ReaderImpl final : public log::Reader {
 public:
  ReaderImpl(MemoryLog& log, Key key, Offset from) : x_log(log), x_key(std::move(key)), x_position(from) {}

  Result<log::Batch> poll(std::size_t entries_max, std::size_t) override {
    const auto& all = x_log.x_topics[x_key];
    log::Batch batch;
    auto copy = std::make_shared<std::vector<Stored>>();
    for (std::size_t at = x_position.value(); at < all.size() && copy->size() < entries_max; ++at) copy->push_back(all[at]);
    for (const Stored& one : *copy) {
      batch.entries.push_back({x_position, one.at, one.key, one.value, one.tombstone, {}});
      x_position = x_position.next();
    }
    batch.next = x_position;
    batch.memory = copy;
    return batch;
  }
  void when_ready(std::function<void()> ready) override {
    if (!ready) return;
    if (x_position.value() < x_log.x_topics[x_key].size()) return x_log.x_scheduler.post(std::move(ready));
    x_log.x_waiting.push_back(std::move(ready));
  }
  void seek(Offset offset) override { x_position = offset; }
  [[nodiscard]] Offset position() const override { return x_position; }

 private:
  MemoryLog& x_log;
  Key x_key;
  Offset x_position;
};

class MemoryLog::OwnerImpl final : public log::Owner {
 public:
  OwnerImpl(MemoryLog& log, PartitionId partition) : x_log(log), x_partition(partition) {}

  Result<log::Committed> acquire() override {
    x_epoch = ++x_log.x_epochs[x_partition];
    return x_log.x_committed[x_partition];
  }

  void commit(log::Transaction transaction, std::function<void(log::CommitResult)> done) override {
    const CommitFault fault = x_log.fault(++x_log.x_commits);
    if (fault == CommitFault::Fence) ++x_log.x_epochs[x_partition];
    const bool fenced = x_epoch != x_log.x_epochs[x_partition];
    const bool applied = !fenced && (fault == CommitFault::None || fault == CommitFault::UnknownApplied);
    if (applied) {
      for (log::Output& output : transaction.outputs) {
        x_log.append_now(output.topic, output.partition, std::move(output.message));
      }
      x_log.x_committed[x_partition] = {transaction.next, transaction.metadata};
    }
    const log::CommitOutcome outcome = fenced                        ? log::CommitOutcome::Fenced
                                       : fault == CommitFault::None  ? log::CommitOutcome::Committed
                                       : fault == CommitFault::Abort ? log::CommitOutcome::Aborted
                                       : fault == CommitFault::Reject ? log::CommitOutcome::Rejected
                                                                      : log::CommitOutcome::Unknown;
    x_log.x_scheduler.after(Millis(1), [outcome, done = std::move(done)] { done({outcome, "planned"}); });
  }

 private:
  MemoryLog& x_log;
  PartitionId x_partition;
  std::uint64_t x_epoch = 0;
};

const std::vector<MemoryLog::Stored>& MemoryLog::stored(std::string_view topic, PartitionId partition) const {
  static const std::vector<Stored> none;
  const auto found = x_topics.find({std::string(topic), partition});
  return found == x_topics.end() ? none : found->second;
}

std::optional<Offset> MemoryLog::committed(PartitionId partition) const {
  const auto found = x_committed.find(partition);
  return found == x_committed.end() ? std::nullopt : found->second.next;
}

void MemoryLog::truncate(std::string_view topic, PartitionId partition, std::size_t keep) {
  x_topics[{std::string(topic), partition}].resize(keep);
}

void MemoryLog::append_now(std::string_view topic, PartitionId partition, log::Message message) {
  append_at(topic, partition, std::move(message), LogTime::from_ms(x_scheduler.now().ms()));
}

void MemoryLog::append_at(std::string_view topic, PartitionId partition, log::Message message, LogTime at) {
  x_topics[{std::string(topic), partition}].push_back({std::move(message.key), std::move(message.value), at, message.tombstone});
  wake();
}

Result<log::Range> MemoryLog::range(std::string_view topic, PartitionId partition) {
  return log::Range{x_first[{std::string(topic), partition}], Offset(stored(topic, partition).size())};
}

void MemoryLog::append(std::string_view topic, PartitionId partition, log::Message message,
                       std::function<void(Result<Offset>)> done) {
  append_now(topic, partition, std::move(message));
  const Offset offset(stored(topic, partition).size() - 1);
  x_scheduler.post([offset, done = std::move(done)] { done(offset); });
}

Result<std::unique_ptr<log::Reader>> MemoryLog::read(std::string_view topic, PartitionId partition, Offset from) {
  return std::unique_ptr<log::Reader>(std::make_unique<ReaderImpl>(*this, Key{std::string(topic), partition}, from));
}

Result<std::unique_ptr<log::Membership>> MemoryLog::join(std::string_view, std::string_view, std::string_view,
                                                         log::AssignmentListener) {
  return permanent("the memory log has no groups");
}

std::unique_ptr<log::Owner> MemoryLog::owner(PartitionId partition) { return std::make_unique<OwnerImpl>(*this, partition); }

void MemoryLog::wake() {
  for (auto& ready : std::exchange(x_waiting, {})) x_scheduler.post(std::move(ready));
}

Result<void> MemoryStore::write(PartitionId partition, const std::vector<triage::StateWrite>& writes) {
  if (fail_writes) return transient("the disk is full");
  for (const triage::StateWrite& one : writes) {
    auto& rows = x_rows[{partition, one.table}];
    if (one.value) {
      rows[one.key] = *one.value;
    } else {
      rows.erase(one.key);
    }
  }
  return {};
}

std::optional<std::string> MemoryStore::get(PartitionId partition, triage::Table table, std::string_view key) const {
  const auto rows = x_rows.find({partition, table});
  if (rows == x_rows.end()) return std::nullopt;
  const auto found = rows->second.find(key);
  return found == rows->second.end() ? std::nullopt : std::optional(found->second);
}

void MemoryStore::scan(PartitionId partition, triage::Table table, std::string_view from, std::string_view until,
                       const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const auto rows = x_rows.find({partition, table});
  if (rows == x_rows.end()) return;
  for (auto at = rows->second.lower_bound(from); at != rows->second.end() && (until.empty() || at->first < until); ++at) {
    if (!visit(at->first, at->second)) return;
  }
}

}  // namespace ioc::triage_service::testing
