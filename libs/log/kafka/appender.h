// Log::append: one idempotent producer shared by all callers, and the thread that serves its delivery reports.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "libs/log/kafka/client.h"

namespace ioc::log::kafka {

class Appender {
 public:
  static Result<std::unique_ptr<Appender>> start(const KafkaSettings& settings);
  // Waits for what is queued, at most append_timeout; the rest is answered with Transient.
  ~Appender();
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  void append(std::string_view topic, PartitionId partition, const Message& message,
              std::function<void(Result<Offset>)> done);
  // Asks for the topic's metadata now, so that the first message does not wait for it.
  void warm(std::string_view topic);
  [[nodiscard]] Stats stats() const;

 private:
  struct Producer {
    Client client;
    std::map<std::string, Topic, std::less<>> topics;
    ~Producer();
  };
  struct Pending;

  explicit Appender(const KafkaSettings& settings) : x_settings(settings) {}
  [[nodiscard]] Result<std::shared_ptr<Producer>> create();
  [[nodiscard]] rd_kafka_resp_err_t enqueue(std::string_view topic, PartitionId partition, const Message& message,
                                            Pending* pending);
  [[nodiscard]] rd_kafka_topic_t* topic_handle(Producer& producer, std::string_view topic);
  void serve();
  void replace_broken();
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque);
  static void on_error(rd_kafka_t*, int code, const char* reason, void* opaque);

  const KafkaSettings x_settings;
  std::mutex x_mutex;  // x_producer and its topics
  std::shared_ptr<Producer> x_producer;
  std::atomic<std::uint64_t> x_queued_bytes{0};
  std::atomic<std::uint64_t> x_appended{0};
  std::atomic<bool> x_broken{false};
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::log::kafka
