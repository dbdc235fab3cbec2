// A place in a consumer group. The consumer is used for membership and group metadata only: it owns no
// partition as librdkafka sees it, so it fetches nothing; readers read.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "libs/log/kafka/client.h"
#include "libs/log/kafka/topics.h"

namespace ioc::log::kafka {

// `client` has the group's id.
[[nodiscard]] Result<Committed> read_committed_offset(rd_kafka_t* client, std::string_view topic, PartitionId partition,
                                                      const std::string& group, const Deadline& deadline);

class KafkaMembership final : public Membership {
 public:
  static Result<std::unique_ptr<Membership>> join(const KafkaSettings& settings, std::string_view group,
                                                  std::string_view topic, std::string_view member,
                                                  AssignmentListener listener, Topics& topics);
  ~KafkaMembership() override;

  std::unique_ptr<Owner> owner(PartitionId partition) override;

  // What owners need.
  [[nodiscard]] GroupMetadata group_metadata() const;
  [[nodiscard]] Result<void> wait_joined(const Deadline& deadline);
  // Another process has this member's name, or an own request that came late looks like one: until it is gone.
  [[nodiscard]] bool fenced();
  [[nodiscard]] Result<Committed> committed(PartitionId partition, const Deadline& deadline) const;
  [[nodiscard]] std::string transactional_id(PartitionId partition) const;
  [[nodiscard]] Topics& topics() const { return x_topics; }
  [[nodiscard]] const KafkaSettings& settings() const { return x_settings; }
  [[nodiscard]] const std::string& topic() const { return x_topic; }

 private:
  KafkaMembership(const KafkaSettings& settings, std::string_view group, std::string_view topic, std::string_view member,
                  AssignmentListener listener, Topics& topics);
  [[nodiscard]] Result<std::shared_ptr<Client>> make_client();
  [[nodiscard]] Result<void> subscribe(const Client& client);
  [[nodiscard]] std::shared_ptr<Client> client() const;
  void serve(const std::stop_token& stop);
  void lose_place(const std::string& why);
  void come_back();
  [[nodiscard]] bool name_is_free(const Client& asking) const;
  void leave();
  void on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions);
  void revoke_all();

  const KafkaSettings x_settings;
  const std::string x_group, x_topic, x_member;
  const AssignmentListener x_listener;
  Topics& x_topics;
  std::set<PartitionId> x_held;                            // the serving thread's
  std::chrono::steady_clock::time_point x_look_again;  // the serving thread's: when it may come back

  mutable std::mutex x_mutex;  // guards what follows
  std::shared_ptr<Client> x_client;  // replaced when it was fenced; owners may still hold the old one
  std::condition_variable x_changed;
  bool x_joined = false;  // between an assignment and the next revocation
  std::optional<std::string> x_fatal;
  std::jthread x_thread;
};

}  // namespace ioc::log::kafka
