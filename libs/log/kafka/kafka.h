// The log on Apache Kafka (DESIGN D2, D3). See README.md for how the seam maps to Kafka.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/config/config.h"
#include "libs/log/log.h"

namespace ioc::log {

struct KafkaSettings {
  std::string bootstrap = "127.0.0.1:9092";
  std::string prefix = "ioc";  // of group and transactional ids: one per deployment on a shared cluster
  std::vector<std::string> client_properties;

  std::vector<std::string> topic_properties;

  std::uint64_t replication = 1;
  std::uint64_t min_insync = 1;

  Millis connect_timeout = std::chrono::seconds(10);
  Millis append_timeout = std::chrono::seconds(5);
  Millis acquire_timeout = std::chrono::seconds(30);
  Millis session_timeout = std::chrono::seconds(10);
  Millis transaction_timeout = std::chrono::seconds(10);

  std::uint64_t queued_bytes_max = 64ull << 20;
  std::uint64_t prefetch_bytes_max = 64ull << 20;
  std::uint64_t message_bytes_max = 2 << 20;

  void declare(config::Fields& fields);
};

// Transient: the cluster does not answer within `connect_timeout`. Permanent: a setting that librdkafka refuses.
// Readers, memberships, owners and batches of the log must be gone before it goes.
[[nodiscard]] Result<std::unique_ptr<Log>> connect_kafka(const KafkaSettings& settings);

}  // namespace ioc::log
