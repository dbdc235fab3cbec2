#include "libs/log/kafka/client.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

#include "libs/base/assert.h"

namespace ioc::log::kafka {

namespace {

void forward_log(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  // librdkafka's own levels are syslog's. Lost connections come at level 3 and are routine while a broker restarts.
  const auto as = level <= 2 ? spdlog::level::err : level <= 5 ? spdlog::level::warn : spdlog::level::debug;
  spdlog::log(as, "kafka client={} facility={} text=\"{}\"", rd_kafka_name(handle), facility, text);
}

}  // namespace

std::string CallError::text() const {
  if (!x_error) return "no error";
  return std::string(rd_kafka_error_name(x_error.get())) + ": " + rd_kafka_error_string(x_error.get());
}

CallError::Class CallError::kind() const {
  if (!x_error) return Class::None;
  if (rd_kafka_error_is_fatal(x_error.get())) return Class::Fatal;
  if (rd_kafka_error_txn_requires_abort(x_error.get())) return Class::Abortable;
  return rd_kafka_error_is_retriable(x_error.get()) ? Class::Retriable : Class::Fatal;
}

Client::Client(Client&& other) noexcept
    : x_handle(std::exchange(other.x_handle, nullptr)), x_destroy_flags(other.x_destroy_flags) {}

Client& Client::operator=(Client&& other) noexcept {
  if (this != &other) {
    reset();
    x_handle = std::exchange(other.x_handle, nullptr);
    x_destroy_flags = other.x_destroy_flags;
  }
  return *this;
}

void Client::reset() {
  if (x_handle != nullptr) rd_kafka_destroy_flags(std::exchange(x_handle, nullptr), x_destroy_flags);
}

ClientConfig::ClientConfig(const KafkaSettings& settings, std::string_view role) : x_conf(rd_kafka_conf_new()) {
  rd_kafka_conf_set_log_cb(x_conf.get(), forward_log);
  set("bootstrap.servers", settings.bootstrap);
  set("client.id", settings.prefix + "-" + std::string(role));
  set("socket.nagle.disable", "true");
  set("socket.keepalive.enable", "true");
  set("reconnect.backoff.ms", "20");
  set("reconnect.backoff.max.ms", "500");
  set("topic.metadata.refresh.fast.interval.ms", "50");
  set("message.max.bytes", std::to_string(settings.message_bytes_max));
  for (const std::string& property : settings.client_properties) {
    const auto equals = property.find('=');
    if (equals == std::string::npos) {
      x_mistake = "client_properties: \"" + property + "\" is not NAME=VALUE";
      continue;
    }
    set(property.substr(0, equals).c_str(), property.substr(equals + 1));
  }
}

ClientConfig& ClientConfig::set(const char* name, const std::string& value) {
  std::array<char, 512> why{};
  const auto result = rd_kafka_conf_set(x_conf.get(), name, value.c_str(), why.data(), why.size());
  if (result != RD_KAFKA_CONF_OK && x_mistake.empty()) x_mistake = std::string(name) + ": " + why.data();
  return *this;
}

Result<Client> ClientConfig::create(rd_kafka_type_t type, int destroy_flags) {
  if (!x_mistake.empty()) return permanent("Kafka client setting refused: " + x_mistake);
  std::array<char, 512> why{};
  rd_kafka_t* handle = rd_kafka_new(type, x_conf.get(), why.data(), why.size());
  if (handle == nullptr) return permanent(std::string("Kafka client refused: ") + why.data());
  static_cast<void>(x_conf.release());  // the client's now
  return Client(handle, destroy_flags);
}

Result<Client> ClientConfig::producer() && { return create(RD_KAFKA_PRODUCER, 0); }

Result<Client> ClientConfig::consumer() && {
  return create(RD_KAFKA_CONSUMER, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

int Deadline::remaining_ms() const {
  const auto left = std::chrono::duration_cast<Millis>(x_at - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

Partitions one_partition(std::string_view topic, PartitionId partition) {
  Partitions list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), std::string(topic).c_str(),
                                    static_cast<std::int32_t>(partition.value()));
  return list;
}

std::string describe(rd_kafka_resp_err_t code) {
  return std::string(rd_kafka_err2name(code)) + ": " + rd_kafka_err2str(code);
}

std::string place(std::string_view topic, PartitionId partition) {
  return std::string(topic) + "[" + std::to_string(partition.value()) + "]";
}

Error as_error(rd_kafka_resp_err_t code, std::string text) {
  text += " (" + describe(code) + ")";
  switch (code) {
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
      return permanent(text + ": create the topic (ensure_topics) or correct its name");
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
      return permanent(text + ": the message is larger than message_bytes_max or the broker's message.max.bytes");
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
      return permanent(text + ": the broker denies it; check the account and its ACLs");
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
      return permanent(std::move(text));
    default:
      return transient(std::move(text));
  }
}

rd_kafka_resp_err_t produce(rd_kafka_t* producer, rd_kafka_topic_t* topic, PartitionId partition,
                            const Message& message, void* opaque) {
  Headers headers;
  if (!message.headers.empty()) {
    headers.reset(rd_kafka_headers_new(message.headers.size()));
    for (const Header& header : message.headers)
      rd_kafka_header_add(headers.get(), header.name.data(), static_cast<ssize_t>(header.name.size()),
                          header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  // A null pointer is a null key or value: only a tombstone has one, an empty text is not a tombstone.
  void* value = message.tombstone ? nullptr : const_cast<char*>(message.value.data());
  const std::size_t value_bytes = message.tombstone ? 0 : message.value.size();
  std::array<rd_kafka_vu_t, 7> fields{};
  std::size_t count = 0;
  const auto add = [&](rd_kafka_vtype_t type) -> rd_kafka_vu_t& {
    fields[count].vtype = type;
    return fields[count++];
  };
  add(RD_KAFKA_VTYPE_RKT).u.rkt = topic;
  add(RD_KAFKA_VTYPE_PARTITION).u.i32 = static_cast<std::int32_t>(partition.value());
  add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  add(RD_KAFKA_VTYPE_VALUE).u.mem = {value, value_bytes};
  add(RD_KAFKA_VTYPE_KEY).u.mem = {const_cast<char*>(message.key.data()), message.key.size()};
  add(RD_KAFKA_VTYPE_OPAQUE).u.ptr = opaque;
  if (headers) add(RD_KAFKA_VTYPE_HEADERS).u.headers = headers.get();
  const CallError error(rd_kafka_produceva(producer, fields.data(), count));
  if (error) return error.code();
  static_cast<void>(headers.release());  // the message's now
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

Result<Offset> placed_at(const rd_kafka_message_t& delivered) {
  if (delivered.err == RD_KAFKA_RESP_ERR_NO_ERROR && delivered.offset >= 0) return Offset(static_cast<std::uint64_t>(delivered.offset));
  const std::string where = place(rd_kafka_topic_name(delivered.rkt), PartitionId(static_cast<std::uint32_t>(delivered.partition)));
  if (delivered.err != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(delivered.err, "not appended to " + where);
  return transient("not known to be appended to " + where + ": the broker gave no offset; send again");
}

}  // namespace ioc::log::kafka
