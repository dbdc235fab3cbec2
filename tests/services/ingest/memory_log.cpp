#include "tests/services/ingest/memory_log.h"

namespace ioc::ingest {

class MemoryReader : public log::Reader {
 public:
  MemoryReader(MemoryLog& log, MemoryLog::Place place, Offset from) : x_log(log), x_place(std::move(place)), x_at(from) {}
  ~MemoryReader() override { MemoryReader::when_ready({}); }
  Result<log::Batch> poll(std::size_t entries_max, std::size_t bytes_max) override {
    const std::lock_guard lock(x_log.x_mutex);
    const auto& all = x_log.x_stored[x_place];
    log::Batch out;
    std::size_t bytes = 0;
    while (x_at.value() < all.size() && out.entries.size() < entries_max && (out.entries.empty() || bytes < bytes_max)) {
      const auto& stored = all[x_at.value()];
      log::Entry entry;
      entry.offset = x_at;
      entry.key = stored.key;
      entry.value = stored.value;
      for (const auto& header : stored.headers) entry.headers.emplace_back(header.name, header.value);
      bytes += stored.value.size();
      out.entries.push_back(std::move(entry));
      x_at = x_at.next();
    }
    out.next = x_at;
    return out;
  }
  void when_ready(std::function<void()> ready) override {
    std::unique_lock lock(x_log.x_mutex);
    x_log.x_waiting.erase(this);
    if (!ready) return;
    if (x_at.value() >= x_log.x_stored[x_place].size()) {
      x_log.x_waiting[this] = std::move(ready);
      return;
    }
    lock.unlock();
    ready();
  }
  void seek(Offset offset) override { x_at = offset; }
  Offset position() const override { return x_at; }

 private:
  MemoryLog& x_log;
  MemoryLog::Place x_place;
  Offset x_at;
};

class MemoryOwner : public log::Owner {
 public:
  MemoryOwner(MemoryLog& log, MemoryLog::Place place) : x_log(log), x_place(std::move(place)) {}
  Result<log::Committed> acquire() override {
    const std::lock_guard lock(x_log.x_mutex);
    log::Committed out;
    if (const auto found = x_log.x_committed.find(x_place); found != x_log.x_committed.end()) out.next = found->second;
    return out;
  }
  void commit(log::Transaction transaction, std::function<void(log::CommitResult)> done) override {
    log::CommitResult result;
    {
      const std::lock_guard lock(x_log.x_mutex);
      ++x_log.x_commits;
      if (!x_log.commit_outcomes.empty()) {
        result.outcome = x_log.commit_outcomes.front();
        x_log.commit_outcomes.erase(x_log.commit_outcomes.begin());
      }
      if (result.outcome == log::CommitOutcome::Committed) {
        for (auto& output : transaction.outputs)
          x_log.store({output.topic, output.partition.value()}, {output.message.key, output.message.value, output.message.headers});
        x_log.x_committed[x_place] = transaction.next;
      }
    }
    done(result);
    x_log.wake();
  }

 private:
  MemoryLog& x_log;
  MemoryLog::Place x_place;
};

namespace {

class MemoryMembership : public log::Membership {
 public:
  MemoryMembership(MemoryLog& log, std::string topic, std::uint32_t partitions, log::AssignmentListener listener)
      : x_log(log), x_topic(std::move(topic)), x_partitions(partitions), x_listener(std::move(listener)) {
    for (std::uint32_t i = 0; i < x_partitions; ++i) x_listener.assigned(PartitionId(i));
  }
  ~MemoryMembership() override {
    for (std::uint32_t i = 0; i < x_partitions; ++i) x_listener.revoked(PartitionId(i));
  }
  std::unique_ptr<log::Owner> owner(PartitionId partition) override {
    return std::make_unique<MemoryOwner>(x_log, MemoryLog::Place{x_topic, partition.value()});
  }

 private:
  MemoryLog& x_log;
  std::string x_topic;
  std::uint32_t x_partitions;
  log::AssignmentListener x_listener;
};

}  // namespace

void MemoryLog::set_fault(Fault fault) {
  const std::lock_guard lock(x_mutex);
  x_fault = fault;
}

void MemoryLog::add_topic(const std::string& name, std::uint32_t partitions) {
  const std::lock_guard lock(x_mutex);
  x_topics[name] = partitions;
}

void MemoryLog::store(const Place& place, Stored stored) { x_stored[place].push_back(std::move(stored)); }

void MemoryLog::wake() {
  std::map<const void*, std::function<void()>> waiting;
  {
    const std::lock_guard lock(x_mutex);
    waiting.swap(x_waiting);
  }
  for (auto& [reader, ready] : waiting) ready();
}

void MemoryLog::add(const std::string& topic, Stored stored) {
  {
    const std::lock_guard lock(x_mutex);
    store({topic, 0}, std::move(stored));
  }
  wake();
}

std::vector<MemoryLog::Stored> MemoryLog::stored(const std::string& topic, std::uint32_t partition) const {
  const std::lock_guard lock(x_mutex);
  const auto found = x_stored.find({topic, partition});
  if (found == x_stored.end()) return {};
  return {found->second.begin(), found->second.end()};
}

std::optional<Offset> MemoryLog::committed(const std::string& topic, std::uint32_t partition) const {
  const std::lock_guard lock(x_mutex);
  const auto found = x_committed.find({topic, partition});
  return found == x_committed.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t MemoryLog::commits() const {
  const std::lock_guard lock(x_mutex);
  return x_commits;
}

Result<void> MemoryLog::ensure_topics(std::span<const log::TopicConfig> topics) {
  for (const auto& topic : topics) add_topic(topic.name, topic.partitions);
  return {};
}

Result<std::optional<std::uint32_t>> MemoryLog::partitions_of(std::string_view topic) {
  const std::lock_guard lock(x_mutex);
  const auto found = x_topics.find(std::string(topic));
  return found == x_topics.end() ? std::optional<std::uint32_t>() : std::optional(found->second);
}

Result<log::Range> MemoryLog::range(std::string_view topic, PartitionId partition) {
  const std::lock_guard lock(x_mutex);
  return log::Range{Offset(0), Offset(x_stored[{std::string(topic), partition.value()}].size())};
}

void MemoryLog::append(std::string_view topic, PartitionId partition, log::Message message,
                       std::function<void(Result<Offset>)> done) {
  Result<Offset> outcome = transient("the log is full");
  {
    std::unique_lock lock(x_mutex);
    if (x_fault == Fault::Silent) return;
    if (x_fault == Fault::None) {
      lock.unlock();
      if (on_append) on_append(topic, message);
      lock.lock();
      const Place place{std::string(topic), partition.value()};
      outcome = Offset(x_stored[place].size());
      store(place, {std::move(message.key), std::move(message.value), std::move(message.headers)});
    }
  }
  done(outcome);
  wake();
}

Result<std::unique_ptr<log::Reader>> MemoryLog::read(std::string_view topic, PartitionId partition, Offset from) {
  return std::unique_ptr<log::Reader>(std::make_unique<MemoryReader>(*this, Place{std::string(topic), partition.value()}, from));
}

Result<std::unique_ptr<log::Membership>> MemoryLog::join(std::string_view, std::string_view topic, std::string_view,
                                                         log::AssignmentListener listener) {
  const auto partitions = partitions_of(topic);
  return std::unique_ptr<log::Membership>(
      std::make_unique<MemoryMembership>(*this, std::string(topic), partitions->value_or(0), std::move(listener)));
}

}  // namespace ioc::ingest
