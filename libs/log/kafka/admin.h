// Questions to the cluster and the creation of topics, over one client that neither produces nor joins a group.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/log/kafka/client.h"

namespace ioc::log::kafka {

class Admin {
 public:
  static Result<Admin> connect(const KafkaSettings& settings);

  [[nodiscard]] const std::string& cluster_id() const { return x_cluster_id; }
  [[nodiscard]] Result<void> ensure_topics(std::span<const TopicConfig> topics) const;
  [[nodiscard]] Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) const;
  [[nodiscard]] Result<Range> range(std::string_view topic, PartitionId partition) const;
  // What in the brokers' settings can lose data here, one sentence each.
  [[nodiscard]] Result<std::vector<std::string>> dangers() const;

 private:
  struct Found {
    bool exists = false;
    std::uint32_t partitions = 0;
    std::uint32_t replicas = 0;
    bool ready = false;  // every partition has a leader
  };
  using Settings = std::vector<std::pair<std::string, std::string>>;

  Admin(const KafkaSettings& settings, Client client) : x_settings(settings), x_client(std::move(client)) {}
  [[nodiscard]] Settings fixed_settings(const TopicConfig& topic) const;       // other ones are refused
  [[nodiscard]] Settings changeable_settings(const TopicConfig& topic) const;  // other ones are corrected
  [[nodiscard]] Result<Found> find(std::string_view topic, const Deadline& deadline) const;
  [[nodiscard]] Result<void> create(std::span<const TopicConfig> topics) const;
  [[nodiscard]] Result<void> wait_ready(const TopicConfig& topic) const;
  [[nodiscard]] Result<std::vector<std::string>> differences(const TopicConfig& topic) const;
  [[nodiscard]] Result<void> apply(const TopicConfig& topic, Settings has) const;
  [[nodiscard]] Result<Settings> settings_of(rd_kafka_ResourceType_t type, const std::string& name,
                                             bool only_own = false) const;
  [[nodiscard]] Result<Event> wait(rd_kafka_queue_t* queue, const std::string& what) const;

  KafkaSettings x_settings;
  Client x_client;
  std::string x_cluster_id;
};

}  // namespace ioc::log::kafka
