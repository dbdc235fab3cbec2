#include "tests/faults/kafka_peek.h"

#include <stdexcept>

namespace ioc::faults {

using namespace log::kafka;

KafkaPeek::KafkaPeek(const log::KafkaSettings& settings, const std::string& group) {
  ClientConfig config(settings, "peek");
  config.set("group.id", group).set("enable.auto.commit", "false").set("isolation.level", "read_committed");
  x_client = std::move(config).consumer().value();
}

log::Committed KafkaPeek::committed(std::string_view topic, PartitionId partition) const {
  log::Committed committed;
  const Partitions list = one_partition(topic, partition);
  if (rd_kafka_committed(x_client.get(), list.get(), 1'000) != RD_KAFKA_RESP_ERR_NO_ERROR) return committed;
  const rd_kafka_topic_partition_t& at = list->elems[0];
  if (at.err != RD_KAFKA_RESP_ERR_NO_ERROR || at.offset < 0) return committed;
  committed.next = Offset(static_cast<std::uint64_t>(at.offset));
  if (at.metadata != nullptr) committed.metadata.assign(static_cast<const char*>(at.metadata), at.metadata_size);
  return committed;
}

std::optional<Offset> KafkaPeek::end(std::string_view topic, PartitionId partition) const {
  std::int64_t first = 0, end = 0;
  const auto code = rd_kafka_query_watermark_offsets(x_client.get(), std::string(topic).c_str(), static_cast<std::int32_t>(partition.value()),
                                                     &first, &end, 1'000);
  return code == RD_KAFKA_RESP_ERR_NO_ERROR ? std::optional(Offset(static_cast<std::uint64_t>(end))) : std::nullopt;
}

std::uint64_t count_uncommitted(const log::KafkaSettings& settings, std::string_view topic, PartitionId partition, Offset end) {
  ClientConfig config(settings, "uncommitted");
  config.set("group.id", settings.prefix + "-uncommitted")
      .set("enable.auto.commit", "false")
      .set("isolation.level", "read_uncommitted")
      .set("enable.partition.eof", "true")
      .set("auto.offset.reset", "earliest")
      .set("queued.min.messages", "1000000");
  const Client client = std::move(config).consumer().value();
  rd_kafka_poll_set_consumer(client.get());
  const Partitions list = one_partition(topic, partition);
  list->elems[0].offset = RD_KAFKA_OFFSET_BEGINNING;
  if (rd_kafka_assign(client.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) throw std::runtime_error("cannot read uncommitted");
  std::uint64_t count = 0;
  const Deadline deadline(std::chrono::minutes(5));
  while (!deadline.passed()) {
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> message(rd_kafka_consumer_poll(client.get(), 100));
    if (!message) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) break;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    if (static_cast<std::uint64_t>(message->offset) >= end.value()) break;
    ++count;
  }
  rd_kafka_assign(client.get(), nullptr);
  return count;
}

}  // namespace ioc::faults
