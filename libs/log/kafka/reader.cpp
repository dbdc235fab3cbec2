#include "libs/log/kafka/reader.h"

#include <spdlog/spdlog.h>

#include <vector>

namespace ioc::log::kafka {

Consumer::~Consumer() {
  queue.reset();  // before its client
}

// What a Batch's views point into.
struct KafkaReader::Messages {
  std::shared_ptr<Consumer> consumer;  // destroyed last
  std::vector<Held> held;
};

namespace {

std::size_t size_of(const rd_kafka_message_t& message) { return message.len + message.key_len; }

Entry entry_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type{};
  Entry entry;
  entry.offset = Offset(static_cast<std::uint64_t>(message.offset));
  entry.appended_at = LogTime::from_ms(rd_kafka_message_timestamp(&message, &type));
  entry.key = {static_cast<const char*>(message.key), message.key_len};
  entry.value = {static_cast<const char*>(message.payload), message.len};
  entry.tombstone = message.payload == nullptr;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return entry;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    entry.headers.emplace_back(name, std::string_view(static_cast<const char*>(value), size));
  return entry;
}

}  // namespace

KafkaReader::KafkaReader(const KafkaSettings& settings, std::string topic, PartitionId partition, Offset from)
    : x_settings(settings), x_topic(std::move(topic)), x_partition(partition), x_position(from) {}

KafkaReader::~KafkaReader() { drop_consumer(); }

void KafkaReader::drop_consumer() {
  x_held_back.reset();
  if (!x_consumer) return;
  // Takes the queue's lock: after this no event runs.
  rd_kafka_queue_cb_event_enable(x_consumer->queue.get(), nullptr, nullptr);
  rd_kafka_assign(x_consumer->client.get(), nullptr);
  x_consumer.reset();
}

Result<void> KafkaReader::ensure_consumer() {
  if (x_consumer) return {};
  ClientConfig config(x_settings, "read");
  config.set("group.id", x_settings.prefix + "-readers")  // assign() asks for one; nobody joins it
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("auto.offset.reset", "error")
      .set("isolation.level", "read_committed")
      .set("enable.partition.eof", "true")
      .set("allow.auto.create.topics", "false")
      .set("fetch.wait.max.ms", "20")
      .set("fetch.error.backoff.ms", "20")
      .set("fetch.message.max.bytes", std::to_string(std::max<std::uint64_t>(1 << 20, x_settings.message_bytes_max)))
      // A full queue is looked at again only after up to a second: the bound in bytes is the one that counts.
      .set("queued.min.messages", "10000000")
      .set("queued.max.messages.kbytes", std::to_string(x_settings.prefetch_bytes_max >> 10));
  auto client = std::move(config).consumer();
  if (!client) return client.error();
  auto consumer = std::make_shared<Consumer>();
  consumer->client = std::move(client.value());
  rd_kafka_poll_set_consumer(consumer->client.get());
  consumer->queue.reset(rd_kafka_queue_get_consumer(consumer->client.get()));
  rd_kafka_queue_cb_event_enable(consumer->queue.get(), on_queue_event, this);
  const Partitions list = one_partition(x_topic, x_partition);
  list->elems[0].offset = static_cast<std::int64_t>(x_position.value());
  const auto code = rd_kafka_assign(consumer->client.get(), list.get());
  x_consumer = std::move(consumer);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  drop_consumer();
  return as_error(code, "reading " + place(x_topic, x_partition));
}

// `entries_max` of 0 is read as 1.
Result<Batch> KafkaReader::poll(std::size_t entries_max, std::size_t bytes_max) {
  if (x_failed) return *x_failed;
  if (auto made = ensure_consumer(); !made) return made.error();
  Batch batch;
  auto messages = std::make_shared<Messages>();
  messages->consumer = x_consumer;
  std::size_t bytes = 0;
  while (batch.entries.size() < std::max<std::size_t>(entries_max, 1)) {
    Held message = next_message();
    if (!message) {
      pass_markers();
      break;
    }
    if (!batch.entries.empty() && bytes + size_of(*message) > bytes_max) {
      x_held_back = std::move(message);
      break;
    }
    bytes += size_of(*message);
    x_position = Offset(static_cast<std::uint64_t>(message->offset)).next();
    batch.entries.push_back(entry_of(*message));
    messages->held.push_back(std::move(message));
  }
  if (batch.entries.empty() && x_failed) return *x_failed;
  batch.next = x_position;
  batch.memory = std::move(messages);
  return batch;
}

// The next message at or after the position; notices on the way are taken.
KafkaReader::Held KafkaReader::next_message() {
  if (x_held_back) return std::move(x_held_back);
  while (!x_failed) {
    Held message(rd_kafka_consumer_poll(x_consumer->client.get(), 0));
    if (!message) return nullptr;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
      take_notice(*message);
    else if (static_cast<std::uint64_t>(message->offset) >= x_position.value())
      return message;
  }
  return nullptr;
}

// Control markers end transactions and are not returned. Librdkafka's own position has passed them.
void KafkaReader::pass_markers() {
  const Partitions list = one_partition(x_topic, x_partition);
  if (rd_kafka_position(x_consumer->client.get(), list.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const std::int64_t passed = list->elems[0].offset;
  if (passed > static_cast<std::int64_t>(x_position.value())) x_position = Offset(static_cast<std::uint64_t>(passed));
}

void KafkaReader::take_notice(const rd_kafka_message_t& notice) {
  switch (notice.err) {
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      // Passes what pass_markers() cannot: aborted messages, or markers alone in what was fetched.
      if (notice.offset > static_cast<std::int64_t>(x_position.value()))
        x_position = Offset(static_cast<std::uint64_t>(notice.offset));
      return;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      x_failed = permanent("offset " + std::to_string(x_position.value()) + " of " + place(x_topic, x_partition) +
                           " is not in the log: retention removed it, or the log lost its end; compare with range()");
      return;
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      x_failed = as_error(notice.err, "reading " + place(x_topic, x_partition));
      return;
    default:
      // Lost connections, moved leaders, a topic that a restarting broker does not know yet: librdkafka goes on.
      spdlog::debug("kafka read={} notice=\"{}\"", place(x_topic, x_partition), rd_kafka_message_errstr(&notice));
  }
}

void KafkaReader::when_ready(std::function<void()> ready) {
  const bool take_back = !ready;
  const bool failed = x_failed || (!take_back && !ensure_consumer());
  // Looked at before arming: a new consumer's queue starts with notices that are no news to anybody.
  if (!take_back && !failed && !x_held_back) x_held_back = next_message();
  {
    const std::lock_guard lock(x_mutex);
    x_ready = std::move(ready);
  }
  if (take_back) return;
  // From here on a queue that stops being empty wakes by itself; one that already is not, does not.
  if (failed || x_failed || x_held_back || rd_kafka_queue_length(x_consumer->queue.get()) > 0) wake();
}

void KafkaReader::wake() {
  const std::lock_guard lock(x_mutex);
  if (auto ready = std::exchange(x_ready, nullptr)) ready();
}

void KafkaReader::on_queue_event(rd_kafka_t*, void* opaque) { static_cast<KafkaReader*>(opaque)->wake(); }

void KafkaReader::seek(Offset offset) {
  // A new consumer instead of rd_kafka_seek: nothing fetched for the old position can slip through.
  drop_consumer();
  x_failed.reset();
  x_position = offset;
}

}  // namespace ioc::log::kafka
