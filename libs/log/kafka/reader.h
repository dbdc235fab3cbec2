// Follows one partition with a consumer of its own, outside any group, read_committed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "libs/log/kafka/client.h"

namespace ioc::log::kafka {

// The consumer and its queue. Batches hold it too: messages must go before their consumer does.
struct Consumer {
  Client client;
  Queue queue;
  ~Consumer();
};

class KafkaReader final : public Reader {
 public:
  KafkaReader(const KafkaSettings& settings, std::string topic, PartitionId partition, Offset from);
  ~KafkaReader() override;

  Result<Batch> poll(std::size_t entries_max, std::size_t bytes_max) override;
  void when_ready(std::function<void()> ready) override;
  void seek(Offset offset) override;
  Offset position() const override { return x_position; }

 private:
  struct Messages;
  using Held = Owned<rd_kafka_message_t, rd_kafka_message_destroy>;

  [[nodiscard]] Result<void> ensure_consumer();
  [[nodiscard]] Held next_message();
  void pass_markers();
  void drop_consumer();
  void take_notice(const rd_kafka_message_t& notice);
  void wake();
  static void on_queue_event(rd_kafka_t*, void* opaque);

  const KafkaSettings x_settings;
  const std::string x_topic;
  const PartitionId x_partition;
  Offset x_position;
  std::shared_ptr<Consumer> x_consumer;  // made by the first poll or when_ready after a seek
  Held x_held_back;                      // did not fit into the last batch
  std::optional<Error> x_failed;         // until the next seek

  // Librdkafka calls on_queue_event while it holds the queue's lock: nothing under x_mutex may ask the queue.
  std::mutex x_mutex;
  std::function<void()> x_ready;
};

}  // namespace ioc::log::kafka
