// The contract suite on a real Apache Kafka broker.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>

#include "libs/log/kafka/kafka.h"
#include "tests/libs/log/contract/fixture.h"
#include "tests/libs/log/kafka_broker.h"

namespace ioc::log::contract {

namespace {

// Kafka 4 refuses segments below 1 MiB.
std::uint64_t segment_bytes_min() {
  const char* version = std::getenv("IOC_KAFKA_VERSION");
  return version != nullptr && *version == '4' ? 1 << 20 : 16 << 10;
}

class KafkaFixture final : public LogFixture {
 public:
  KafkaFixture() { x_settings.bootstrap = test::KafkaBroker::instance().bootstrap(); }

  Log& log() override {
    if (!x_log) reopen();
    return *x_log;
  }
  void reopen() override {
    x_log.reset();
    x_log = connect_kafka(x_settings).value();
  }
  std::string unique(const std::string& stem) override {
    static std::atomic<int> counter{0};
    return stem + "-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
  }
  std::unique_ptr<Log> second_log() override { return connect_kafka(x_settings).value(); }
  std::unique_ptr<Log> log_with_queue(std::uint64_t queued_bytes_max) override {
    KafkaSettings settings = x_settings;
    settings.queued_bytes_max = queued_bytes_max;
    return connect_kafka(settings).value();
  }
  void make_quickly_cleaned(const TopicConfig& topic) override {
    KafkaSettings settings = x_settings;
    settings.topic_properties = {"segment.bytes=" + std::to_string(segment_bytes()), "segment.ms=1000",
                                 "min.cleanable.dirty.ratio=0.01", "max.compaction.lag.ms=1000",
                                 "delete.retention.ms=100"};
    connect_kafka(settings).value()->ensure_topics({&topic, 1}).value();
  }
  std::uint64_t segment_bytes() override { return segment_bytes_min(); }

 private:
  KafkaSettings x_settings;
  std::unique_ptr<Log> x_log;
};

}  // namespace

std::unique_ptr<LogFixture> make_fixture() { return std::make_unique<KafkaFixture>(); }

}  // namespace ioc::log::contract
