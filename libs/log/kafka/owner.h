// The right to commit for one partition: a transactional producer of its own and the thread its calls block on.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/log/kafka/client.h"
#include "libs/log/kafka/membership.h"

namespace ioc::log::kafka {

class KafkaOwner final : public Owner {
 public:
  KafkaOwner(KafkaMembership& membership, PartitionId partition);
  ~KafkaOwner() override;

  Result<Committed> acquire() override;
  void commit(Transaction transaction, std::function<void(CommitResult)> done) override;

 private:
  struct Job {
    Transaction transaction;
    std::function<void(CommitResult)> done;
  };
  enum class State {
    Idle,     // acquire() first
    Ready,    // may commit
    InDoubt,  // the producer may not be used again: acquire()
    Fenced,
  };

  [[nodiscard]] Result<void> create_producer();
  [[nodiscard]] Result<void> init_transactions(const Deadline& deadline);
  void warm_topics(const Deadline& deadline);

  void work(const std::stop_token& stop);
  [[nodiscard]] CommitResult run(const Transaction& transaction);
  [[nodiscard]] std::optional<CommitResult> produce_outputs(const Transaction& transaction, const Deadline& deadline);
  [[nodiscard]] CallError send_offset(const Transaction& transaction, const Deadline& deadline);
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);
  void tell_visible_ends();
  [[nodiscard]] CommitResult finish(const Deadline& deadline);
  [[nodiscard]] CommitResult abort(const std::string& reason);
  [[nodiscard]] CommitResult lost(rd_kafka_resp_err_t code, const std::string& detail);
  [[nodiscard]] CommitResult in_doubt(std::string detail);
  [[nodiscard]] rd_kafka_topic_t* topic_handle(const std::string& topic);
  [[nodiscard]] bool was_disturbed();

  KafkaMembership& x_membership;
  const PartitionId x_partition;
  Client x_producer;
  std::map<std::string, Topic, std::less<>> x_topics;  // handles of x_producer
  // Newest offset of this transaction in each partition it wrote to: few, so a list.
  struct Written {
    rd_kafka_topic_t* topic;
    std::int32_t partition;
    std::int64_t offset;
  };
  std::vector<Written> x_written;
  bool x_unplaced = false;  // one of its outputs has no offset (placed_at)
  bool x_never = false;     // one of its outputs will never be taken
  std::atomic<bool> x_disturbed{false};                // a connection was lost since the transaction began
  std::chrono::steady_clock::time_point x_began;
  State x_state = State::Idle;

  std::mutex x_mutex;  // x_job
  std::condition_variable_any x_changed;
  std::optional<Job> x_job;
  bool x_busy = false;
  std::jthread x_thread;
};

}  // namespace ioc::log::kafka
