#include "libs/log/kafka/appender.h"

#include <spdlog/spdlog.h>

namespace ioc::log::kafka {

struct Appender::Pending {
  Appender* appender;
  std::uint64_t bytes;
  std::function<void(Result<Offset>)> done;
};

namespace {

// What a queued message costs beside its own bytes, so that many empty messages are bounded as well.
constexpr std::uint64_t kMessageOverheadBytes = 256;
constexpr int kServeMs = 100;

std::uint64_t size_of(const Message& message) {
  std::uint64_t bytes = kMessageOverheadBytes + message.key.size() + message.value.size();
  for (const Header& header : message.headers) bytes += header.name.size() + header.value.size();
  return bytes;
}

}  // namespace

Appender::Producer::~Producer() {
  topics.clear();  // before their client
}

Result<std::unique_ptr<Appender>> Appender::start(const KafkaSettings& settings) {
  std::unique_ptr<Appender> appender(new Appender(settings));
  auto producer = appender->create();
  if (!producer) return producer.error();
  appender->x_producer = std::move(producer.value());
  appender->x_thread = std::thread([raw = appender.get()] { raw->serve(); });
  return appender;
}

Appender::~Appender() {
  if (!x_thread.joinable()) return;
  rd_kafka_flush(x_producer->client.get(), static_cast<int>(x_settings.append_timeout.count()));
  rd_kafka_purge(x_producer->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  x_stop = true;
  x_thread.join();
  while (rd_kafka_outq_len(x_producer->client.get()) > 0) rd_kafka_poll(x_producer->client.get(), kServeMs);
}

Result<std::shared_ptr<Appender::Producer>> Appender::create() {
  ClientConfig config(x_settings, "append");
  config.set("enable.idempotence", "true")
      .set("linger.ms", "0")
      .set("retry.backoff.ms", "5")
      .set("message.timeout.ms", x_settings.append_timeout)
      .set("request.timeout.ms", std::min(x_settings.append_timeout, Millis(30'000)))
      // A topic that is still unknown after this does not exist; the default outlasts append_timeout.
      .set("topic.metadata.propagation.max.ms", std::min(x_settings.append_timeout / 2, Millis(2'000)))
      .set("queue.buffering.max.messages", "2000000")
      .set("queue.buffering.max.kbytes", std::to_string(2 * (x_settings.queued_bytes_max >> 10)));
  rd_kafka_conf_set_opaque(config.raw(), this);
  rd_kafka_conf_set_dr_msg_cb(config.raw(), delivered);
  rd_kafka_conf_set_error_cb(config.raw(), on_error);
  auto client = std::move(config).producer();
  if (!client) return client.error();
  auto producer = std::make_shared<Producer>();
  producer->client = std::move(client.value());
  return producer;
}

void Appender::append(std::string_view topic, PartitionId partition, const Message& message,
                      std::function<void(Result<Offset>)> done) {
  const std::uint64_t bytes = size_of(message);
  if (x_queued_bytes.fetch_add(bytes) + bytes > x_settings.queued_bytes_max) {
    x_queued_bytes -= bytes;
    return done(transient("too many bytes wait to be written (queued_bytes_max): send again later"));
  }
  auto pending = std::make_unique<Pending>(Pending{this, bytes, std::move(done)});
  const auto code = enqueue(topic, partition, message, pending.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    static_cast<void>(pending.release());  // comes back in delivered()
    return;
  }
  if (code == RD_KAFKA_RESP_ERR__FATAL) x_broken = true;
  x_queued_bytes -= bytes;
  pending->done(as_error(code, "appending to " + place(topic, partition)));
}

rd_kafka_resp_err_t Appender::enqueue(std::string_view topic, PartitionId partition, const Message& message,
                                      Pending* pending) {
  std::shared_ptr<Producer> producer;
  rd_kafka_topic_t* handle = nullptr;
  {
    const std::lock_guard lock(x_mutex);
    producer = x_producer;
    handle = topic_handle(*producer, topic);
  }
  return produce(producer->client.get(), handle, partition, message, pending);
}

rd_kafka_topic_t* Appender::topic_handle(Producer& producer, std::string_view topic) {
  auto found = producer.topics.find(topic);
  if (found == producer.topics.end()) {
    const std::string name(topic);
    found = producer.topics.emplace(name, rd_kafka_topic_new(producer.client.get(), name.c_str(), nullptr)).first;
  }
  return found->second.get();
}

void Appender::warm(std::string_view topic) {
  const rd_kafka_metadata_t* metadata = nullptr;
  std::shared_ptr<Producer> producer;
  rd_kafka_topic_t* handle = nullptr;
  {
    const std::lock_guard lock(x_mutex);
    producer = x_producer;
    handle = topic_handle(*producer, topic);
  }
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count());
  if (rd_kafka_metadata(producer->client.get(), 0, handle, &metadata, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_metadata_destroy(metadata);
}

void Appender::serve() {
  while (!x_stop) {
    std::shared_ptr<Producer> producer;
    {
      const std::lock_guard lock(x_mutex);
      producer = x_producer;
    }
    rd_kafka_poll(producer->client.get(), kServeMs);
    if (x_broken.exchange(false)) replace_broken();
  }
}

// A fatal error (librdkafka 2.0.2 raises them after a lost connection, too) leaves a producer useless for good.
void Appender::replace_broken() {
  auto fresh = create();
  if (!fresh) {
    spdlog::error("kafka append=broken reason=\"{}\"", fresh.error().message);
    x_broken = true;
    return;
  }
  std::shared_ptr<Producer> broken;
  {
    const std::lock_guard lock(x_mutex);
    broken = std::exchange(x_producer, std::move(fresh.value()));
  }
  spdlog::warn("kafka append=replaced reason=\"the producer had a fatal error\"");
  rd_kafka_purge(broken->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(broken->client.get()) > 0) rd_kafka_poll(broken->client.get(), kServeMs);
  x_broken = false;
}

void Appender::delivered(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(message->_private));
  Appender& self = *pending->appender;
  self.x_queued_bytes -= pending->bytes;
  if (message->err == RD_KAFKA_RESP_ERR__FATAL) self.x_broken = true;
  auto placed = placed_at(*message);
  if (placed) ++self.x_appended;
  pending->done(std::move(placed));
}

void Appender::on_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
  if (code != RD_KAFKA_RESP_ERR__FATAL) return;  // lost connections mend themselves and are in the log already
  spdlog::error("kafka append=fatal reason=\"{}\"", reason);
  static_cast<Appender*>(opaque)->x_broken = true;
}

Stats Appender::stats() const {
  return {.queued_bytes = x_queued_bytes, .queued_bytes_max = x_settings.queued_bytes_max, .appended = x_appended};
}

}  // namespace ioc::log::kafka
