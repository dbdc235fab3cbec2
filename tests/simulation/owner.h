// The right to commit for one partition, on the model broker: AddPartitions, Produce, AddOffsets, TxnOffsetCommit, EndTxn,
// each request retried by itself when a connection is lost, as librdkafka does.
#pragma once

#include "tests/simulation/client.h"

namespace ioc::simulation {

class ModelOwner final : public log::Owner {
 public:
  ModelOwner(Client& client, Member& member, PartitionId partition);
  ~ModelOwner() override;

  [[nodiscard]] Result<log::Committed> acquire() override;
  void commit(log::Transaction transaction, std::function<void(log::CommitResult)> done) override;
  void abandon() { x_done = nullptr; }

 private:
  enum class State { Idle, Ready, InDoubt, Fenced };
  struct Batch {
    TopicPartition place;
    std::vector<MessagePtr> messages;
    std::uint64_t sequence = 0;
  };
  using Next = void (ModelOwner::*)();

  [[nodiscard]] Result<void> init_producer(Moment deadline);
  [[nodiscard]] Result<log::Committed> fetch_committed(Moment deadline);
  // Calls until there is an answer or the deadline has passed; then goes on with `next`, or ends the transaction.
  void ask(const char* what, std::function<Code()> request, Next next);
  void take(Code code, const char* what, const std::function<Code()>& request, Next next);
  void add_partitions();
  void produce();
  void produced(std::optional<Code> code, std::size_t batch);
  void send_batch(std::size_t batch);
  void add_offsets();
  void send_offset();
  void end_commit();
  void committed();
  void abort(std::string why);
  void aborted();
  void lost(bool fenced, const std::string& why);
  void in_doubt(std::string why);
  void finish(log::CommitOutcome outcome, std::string detail);
  void again(Moment delay, std::function<void()> work);
  [[nodiscard]] bool late() const;

  Client& x_client;
  Member& x_member;
  const PartitionId x_partition;
  ProducerKey x_key;
  State x_state = State::Idle;
  std::map<TopicPartition, std::uint64_t> x_sequences;

  log::Transaction x_transaction;
  std::function<void(log::CommitResult)> x_done;
  std::vector<Batch> x_batches;
  std::size_t x_batches_left = 0;
  std::optional<Code> x_produce_failed;
  std::string x_abort_reason;
  bool x_disturbed = false;
  bool x_aborting = false;
  Moment x_began{0};
  std::shared_ptr<int> x_here = std::make_shared<int>(0);  // answers that come after this owner end with it
};

}  // namespace ioc::simulation
