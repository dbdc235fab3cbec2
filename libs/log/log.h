// The log seam (DESIGN D2): ordered partitions with offsets and append times, and one transaction
// {append these outputs + advance this input offset}, atomic and fenced against an older owner.
// Two implementations: embedded/ (one process, its own disk) and kafka/. tests/libs/log/contract holds both to
// what is written here.
//
// Threads: every method may be called from any thread unless it says otherwise. Callbacks run on threads of the
// log's: they must not block and must not call back into the object that called them; post to your strand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/domain/ids.h"

namespace ioc::log {

struct TopicConfig {
  std::string name;
  std::uint32_t partitions = 1;
  bool compacted = false;             // keeps at least the newest message of every key
  Millis retention_time{0};           // 0 = for ever. Counted from the append time
  std::uint64_t retention_bytes = 0;  // 0 = unbounded; per partition
};

struct Header {
  std::string name, value;
};

// What is appended. A tombstone has a key and no value; on a compacted topic it removes the key.
struct Message {
  std::string key, value;
  std::vector<Header> headers;
  bool tombstone = false;
};

// What is read. Views live as long as the Batch that holds them.
struct Entry {
  Offset offset;
  LogTime appended_at;  // raw append time: not yet made monotonic
  std::string_view key, value;
  bool tombstone = false;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
};

// Consecutive entries of one partition, offsets ascending (they may have gaps: Kafka's control markers,
// compaction). `next` is where the following poll goes on; it is past the last entry.
struct Batch {
  std::vector<Entry> entries;
  Offset next;
  std::shared_ptr<const void> memory;  // what the views point into
};

struct Range {
  Offset first;  // oldest offset that can be read
  Offset end;    // one past the newest that readers may see (committed and durable)
};

// Follows one partition from a given offset. Used from one thread at a time.
class Reader {
 public:
  virtual ~Reader() = default;
  // What is committed and durable from position() on; no entries when there is nothing new. Never blocks.
  // At least one entry is returned whatever its size, then up to the limits. Entries of a transaction that was
  // aborted are never returned. Permanent: position() is older than what retention left (see Log::range).
  [[nodiscard]] virtual Result<Batch> poll(std::size_t entries_max, std::size_t bytes_max) = 0;
  // Calls `ready` once, as soon as poll() may have something to say (at once if it may already).
  // A second call before the first fired replaces it; an empty function takes it back, and after that returned
  // the old one is not running and will not run.
  virtual void when_ready(std::function<void()> ready) = 0;
  virtual void seek(Offset offset) = 0;
  [[nodiscard]] virtual Offset position() const = 0;
};

struct Output {
  std::string topic;
  PartitionId partition;
  Message message;
};

struct Transaction {
  std::vector<Output> outputs;  // appended in this order
  Offset next;                  // the input offset that is committed: one past the last record consumed
  std::string metadata;         // at most 4 KiB; travels with the offset and is read back by acquire()
};

enum class CommitOutcome {
  Committed,  // all outputs and the offset are durable and visible
  Aborted,    // nothing happened: send the same transaction again
  Rejected,   // nothing happened and never will: an output is larger than the log takes, or may not be written
  Unknown,    // cannot be told: acquire() again and compare the committed offset
  Fenced,     // a newer owner exists: stop
};

struct CommitResult {
  CommitOutcome outcome = CommitOutcome::Committed;
  std::string detail;  // for the log: what the broker or disk said
};

struct Committed {
  std::optional<Offset> next;  // nullopt: never committed
  std::string metadata;
};

// The right to commit for one input partition of a group. One thread at a time; one commit in flight.
class Owner {
 public:
  virtual ~Owner() = default;
  // Fences all older owners of the same (group, topic, partition), waits until their transactions are decided,
  // and reads what is committed. Blocks up to the log's configured limit.
  [[nodiscard]] virtual Result<Committed> acquire() = 0;
  virtual void commit(Transaction transaction, std::function<void(CommitResult)> done) = 0;
};

// Called one at a time. revoked() returns only when nothing of this partition is worked on any more. Either may be empty.
struct AssignmentListener {
  std::function<void(PartitionId)> assigned;
  std::function<void(PartitionId)> revoked;
};

// A place in a consumer group; partitions of the input topic are spread over the members. Leaves on destruction
// (calling revoked for what it holds).
class Membership {
 public:
  virtual ~Membership() = default;
  // The membership must outlive the owner.
  [[nodiscard]] virtual std::unique_ptr<Owner> owner(PartitionId partition) = 0;
};

struct Stats {
  std::uint64_t disk_bytes = 0;         // 0 where the log is not on this machine
  std::uint64_t queued_bytes = 0;       // appended, not yet durable
  std::uint64_t queued_bytes_max = 0;
  std::uint64_t syncs = 0;
  std::uint64_t appended = 0;
};

class Log {
 public:
  virtual ~Log() = default;

  // Names this log for ever: cursors of another log are refused.
  [[nodiscard]] virtual std::string id() const = 0;

  // Creates what is missing. Permanent, naming every difference, when an existing topic has other settings.
  [[nodiscard]] virtual Result<void> ensure_topics(std::span<const TopicConfig> topics) = 0;
  // nullopt: no such topic.
  [[nodiscard]] virtual Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) = 0;
  [[nodiscard]] virtual Result<Range> range(std::string_view topic, PartitionId partition) = 0;

  // `done` is called once: with the offset when the message is durable, or with why it is not. When too many bytes
  // wait already (or the disk is full) it is called at once with Transient: the pressure goes back to the sender.
  // Messages of one caller thread to one partition keep their order.
  virtual void append(std::string_view topic, PartitionId partition, Message message,
                      std::function<void(Result<Offset>)> done) = 0;

  [[nodiscard]] virtual Result<std::unique_ptr<Reader>> read(std::string_view topic, PartitionId partition,
                                                             Offset from) = 0;
  // `member` is this process's stable name in the group (static membership).
  [[nodiscard]] virtual Result<std::unique_ptr<Membership>> join(std::string_view group, std::string_view topic,
                                                                 std::string_view member,
                                                                 AssignmentListener listener) = 0;

  // What the group's owner of a partition has committed, for one who is not in the group and fences nobody. It may be
  // a little old, never wrong. Blocks as acquire() does.
  [[nodiscard]] virtual Result<Committed> committed(std::string_view group, std::string_view topic, PartitionId partition) {
    (void)group, (void)topic, (void)partition;
    return permanent("this log does not tell committed offsets");
  }

  [[nodiscard]] virtual Stats stats() const = 0;
};

}  // namespace ioc::log
