// A Kafka broker with what can hurt: its transaction coordinator (protocol of 3.9 and of 4.x for old clients), its group
// coordinator, its partitions. Requests are applied when they arrive, whoever sent them and however late.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/partition_log.h"
#include "tests/simulation/probes.h"
#include "tests/simulation/timeline.h"

namespace ioc::simulation {

enum class Code {
  None,
  ConcurrentTransactions,  // the previous transaction's markers are not written yet
  ProducerFenced,          // an older epoch
  InvalidTxnState,
  IllegalGeneration,
  UnknownMember,
  FencedInstance,          // another process joined under the same static name
  RebalanceInProgress,
  UnstableOffset,          // a transaction that is not decided holds a newer offset
  NotEnoughReplicas,       // not written, and given up after some tries: the transaction must be aborted
};

struct TopicPartition {
  std::string topic;
  PartitionId partition;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

struct ProducerKey {
  std::string id;  // transactional.id
  ProducerId producer = -1;
  Epoch epoch = -1;
};

struct MemberKey {
  std::string id;  // empty with generation -1: a commit that nobody checks
  std::string instance;
  std::int32_t generation = -1;
};

// How the world is right now; faults change it.
struct Weather {
  bool broker_down = false;
  std::uint64_t lost_request_permille = 0;   // the request is never applied, the connection is lost
  std::uint64_t lost_reply_permille = 0;     // it is applied, the connection is lost
  std::uint64_t late_request_permille = 0;   // the connection is lost, and it is applied much later
  std::uint64_t slow_markers_permille = 0;   // transactions whose end takes long
  std::uint64_t failed_produce_permille = 0;
  std::uint64_t slow_read_permille = 0;
  std::uint64_t failed_read_permille = 0;
  Moment latest{0};                          // of a late request or marker
  Moment longest_trip{500};                  // of a request or an answer
};

class GroupCoordinator {
 public:
  GroupCoordinator(Timeline& timeline, std::uint32_t partitions, Moment session_timeout)
      : x_timeline(timeline), x_partitions(partitions), x_session(session_timeout) {}

  // A new member id; an older one of the same static name is fenced. `known` of an earlier life is given back first.
  [[nodiscard]] std::string join(const std::string& instance, const std::string& known);
  struct Assignment {
    Code code = Code::None;  // RebalanceInProgress: the round is not over
    std::int32_t generation = 0;
    std::set<PartitionId> partitions;
  };
  [[nodiscard]] Assignment assignment(const std::string& member);
  [[nodiscard]] Code beat(const MemberKey& member);
  void leave(const std::string& member);
  [[nodiscard]] bool is_free(const std::string& instance) const;
  [[nodiscard]] Code check_commit(const MemberKey& member) const;
  // Removes who was silent for a session, ends rounds that took too long.
  void look();

 private:
  struct Member {
    std::string instance;
    Moment heard{0};
    bool joined = false;  // in this round
    std::set<PartitionId> partitions;
  };
  void rebalance();
  void end_round_if_complete();

  Timeline& x_timeline;
  const std::uint32_t x_partitions;
  const Moment x_session;
  std::map<std::string, Member> x_members;
  std::set<std::string> x_fenced;
  std::int32_t x_generation = 0;
  bool x_in_round = false;
  Moment x_round_began{0};
  std::uint64_t x_named = 0;
};

class Broker {
 public:
  Broker(Timeline& timeline, Probes& probes, std::uint32_t partitions, Moment transaction_timeout, Moment session_timeout);

  Weather weather;
  GroupCoordinator group;
  std::function<void(const TopicPartition&)> on_visible;  // readers of it may find more

  [[nodiscard]] std::uint32_t partitions() const { return x_partitions; }
  [[nodiscard]] const PartitionLog& at(const TopicPartition& place) { return x_logs[place]; }
  [[nodiscard]] const std::map<TopicPartition, PartitionLog>& logs() const { return x_logs; }
  Offset append(const TopicPartition& place, MessagePtr message);
  void lose_tail(const TopicPartition& place, std::size_t keep);

  struct Init {
    Code code = Code::None;
    ProducerKey key;
  };
  [[nodiscard]] Init init_producer(const std::string& id);
  [[nodiscard]] Code add_partitions(const ProducerKey& key, const std::vector<TopicPartition>& places);
  [[nodiscard]] Code produce(const ProducerKey& key, const TopicPartition& place, std::uint64_t sequence,
                             const std::vector<MessagePtr>& batch);
  [[nodiscard]] Code add_offsets(const ProducerKey& key);
  [[nodiscard]] Code commit_offset(const ProducerKey& key, const MemberKey& member, PartitionId partition,
                                   const log::Committed& committed);
  [[nodiscard]] Code end(const ProducerKey& key, bool commit);
  struct Fetched {
    Code code = Code::None;
    log::Committed committed;
  };
  [[nodiscard]] Fetched fetch_offset(PartitionId partition) const;

  [[nodiscard]] log::Committed committed(PartitionId partition) const;
  // Of the newest transaction that the coordinator decided to commit; its markers may still be under way.
  [[nodiscard]] std::optional<Offset> decided(PartitionId partition) const;
  [[nodiscard]] std::vector<std::string> open_transactions() const;  // described, for people

 private:
  enum class State { Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort };
  struct Transaction {
    ProducerId producer = -1;
    Epoch epoch = -1;
    State state = State::Empty;
    Moment began{0};
    std::set<TopicPartition> places;
    bool offsets = false;
    std::size_t markers_left = 0;
  };
  [[nodiscard]] Code check(const ProducerKey& key) const;
  [[nodiscard]] Code may_add(const ProducerKey& key);
  void prepare(const std::string& id, bool commit);
  void mark(const std::string& id, Epoch epoch, bool commit, const std::optional<TopicPartition>& place);
  void look();
  [[nodiscard]] LogTime append_time() const;
  [[nodiscard]] Moment marker_delay();

  Timeline& x_timeline;
  Probes& x_probes;
  const std::uint32_t x_partitions;
  const Moment x_transaction_timeout;
  std::map<TopicPartition, PartitionLog> x_logs;
  std::map<std::string, Transaction> x_transactions;
  std::map<PartitionId, log::Committed> x_committed;
  std::map<PartitionId, std::map<ProducerId, log::Committed>> x_pending_offsets;
  std::map<PartitionId, Offset> x_decided;
  ProducerId x_last_producer = 0;
};

}  // namespace ioc::simulation
