// Thin RAII over librdkafka's C API: owned handles, a configuration builder, and errors in three classes.
// Included only inside libs/log/kafka.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/log/kafka/kafka.h"

namespace ioc::log::kafka {

template <auto Destroy>
struct Deleter {
  template <class T>
  void operator()(T* pointer) const {
    Destroy(pointer);
  }
};
template <class T, auto Destroy>
using Owned = std::unique_ptr<T, Deleter<Destroy>>;

using Topic = Owned<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using Queue = Owned<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Event = Owned<rd_kafka_event_t, rd_kafka_event_destroy>;
using Partitions = Owned<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using Headers = Owned<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using GroupMetadata = Owned<rd_kafka_consumer_group_metadata_t, rd_kafka_consumer_group_metadata_destroy>;

// A transaction call's error, or none.
class CallError {
 public:
  CallError() = default;
  explicit CallError(rd_kafka_error_t* error) : x_error(error) {}
  explicit operator bool() const { return x_error != nullptr; }
  [[nodiscard]] rd_kafka_resp_err_t code() const { return rd_kafka_error_code(x_error.get()); }
  [[nodiscard]] std::string text() const;

  enum class Class { None, Retriable, Abortable, Fatal };
  // What librdkafka does not name is fatal: after an error that nobody foresaw only a new producer is known good.
  [[nodiscard]] Class kind() const;

 private:
  Owned<rd_kafka_error_t, rd_kafka_error_destroy> x_error;
};

// rd_kafka_t. Destroying blocks until its threads are gone; everything made from it must be gone before.
class Client {
 public:
  Client() = default;
  Client(rd_kafka_t* handle, int destroy_flags) : x_handle(handle), x_destroy_flags(destroy_flags) {}
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  ~Client() { reset(); }
  void reset();
  [[nodiscard]] rd_kafka_t* get() const { return x_handle; }
  explicit operator bool() const { return x_handle != nullptr; }

 private:
  rd_kafka_t* x_handle = nullptr;
  int x_destroy_flags = 0;
};

// Starts with what every client of ours has; the first mistake is kept and comes out of producer()/consumer().
class ClientConfig {
 public:
  ClientConfig(const KafkaSettings& settings, std::string_view role);
  ClientConfig& set(const char* name, const std::string& value);
  ClientConfig& set(const char* name, Millis value) { return set(name, std::to_string(value.count())); }
  [[nodiscard]] rd_kafka_conf_t* raw() const { return x_conf.get(); }
  [[nodiscard]] Result<Client> producer() &&;
  [[nodiscard]] Result<Client> consumer() &&;

 private:
  [[nodiscard]] Result<Client> create(rd_kafka_type_t type, int destroy_flags);
  Owned<rd_kafka_conf_t, rd_kafka_conf_destroy> x_conf;
  std::string x_mistake;
};

// Something that ends by itself; remaining() is never negative.
class Deadline {
 public:
  explicit Deadline(Millis timeout) : x_at(std::chrono::steady_clock::now() + timeout) {}
  [[nodiscard]] int remaining_ms() const;
  [[nodiscard]] bool passed() const { return remaining_ms() == 0; }

 private:
  std::chrono::steady_clock::time_point x_at;
};

[[nodiscard]] Partitions one_partition(std::string_view topic, PartitionId partition);
[[nodiscard]] std::string describe(rd_kafka_resp_err_t code);
[[nodiscard]] std::string place(std::string_view topic, PartitionId partition);  // "topic[3]"
[[nodiscard]] Error as_error(rd_kafka_resp_err_t code, std::string text);

// Where a delivered message stands in the log. Transient when it was reported as delivered without an offset: librdkafka
// takes messages for written when a later one was acknowledged, but a partition that knows nothing of the producer yet
// takes any sequence number first, so the earlier ones, refused while it got its leader, may be missing. It may also be
// there: whoever sends again sends a repeat.
[[nodiscard]] Result<Offset> placed_at(const rd_kafka_message_t& delivered);

// Puts one message into the producer's queue; the copy is librdkafka's. `opaque` comes back in the delivery report.
[[nodiscard]] rd_kafka_resp_err_t produce(rd_kafka_t* producer, rd_kafka_topic_t* topic, PartitionId partition,
                                          const Message& message, void* opaque);

}  // namespace ioc::log::kafka
