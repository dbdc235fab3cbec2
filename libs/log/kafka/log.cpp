#include <spdlog/spdlog.h>

#include <map>
#include <mutex>
#include <thread>

#include "libs/log/kafka/admin.h"
#include "libs/log/kafka/appender.h"
#include "libs/log/kafka/kafka.h"
#include "libs/log/kafka/membership.h"
#include "libs/log/kafka/reader.h"
#include "libs/log/kafka/topics.h"

namespace ioc::log {

namespace {

constexpr Millis kAskAgain{2};

class KafkaLog final : public Log {
 public:
  KafkaLog(const KafkaSettings& settings, kafka::Admin admin, std::unique_ptr<kafka::Appender> appender)
      : x_settings(settings), x_admin(std::move(admin)), x_appender(std::move(appender)) {}

  std::string id() const override { return "kafka-" + x_admin.cluster_id(); }

  Result<void> ensure_topics(std::span<const TopicConfig> topics) override {
    if (auto ensured = x_admin.ensure_topics(topics); !ensured) return ensured;
    for (const TopicConfig& topic : topics) know(topic.name);
    return {};
  }

  Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) override {
    auto partitions = x_admin.partitions_of(topic);
    if (partitions && *partitions) know(topic);
    return partitions;
  }

  Result<Range> range(std::string_view topic, PartitionId partition) override {
    const kafka::Deadline deadline(x_settings.connect_timeout);
    while (true) {
      auto range = x_admin.range(topic, partition);
      // While a broker is away, and on its way down or up, librdkafka says that there is no such partition.
      const bool may_come_back = !range && range.error().kind == ErrorKind::Permanent && x_topics.knows(topic);
      if (!range && !may_come_back) return range;
      if (!range && deadline.passed()) return transient("it was there before: " + range.error().message);
      if (range && range->end >= x_topics.committed_end(topic, partition)) return range;
      if (deadline.passed())
        return transient("a committed transaction in " + kafka::place(topic, partition) + " is not yet visible");
      std::this_thread::sleep_for(kAskAgain);
    }
  }

  void append(std::string_view topic, PartitionId partition, Message message,
              std::function<void(Result<Offset>)> done) override {
    x_appender->append(topic, partition, message, std::move(done));
  }

  Result<std::unique_ptr<Reader>> read(std::string_view topic, PartitionId partition, Offset from) override {
    auto partitions = partitions_of(topic);
    if (!partitions) return partitions.error();
    // The same moment as in range(): a topic that was there is asked for again by whoever reads it.
    if (!*partitions && x_topics.knows(topic)) return transient("the broker does not have " + kafka::place(topic, partition) + " now");
    if (!*partitions || partition.value() >= **partitions)
      return permanent("there is no " + kafka::place(topic, partition) + ": create it (ensure_topics)");
    return std::unique_ptr<Reader>(
        std::make_unique<kafka::KafkaReader>(x_settings, std::string(topic), partition, from));
  }

  Result<std::unique_ptr<Membership>> join(std::string_view group, std::string_view topic, std::string_view member,
                                           AssignmentListener listener) override {
    return kafka::KafkaMembership::join(x_settings, group, topic, member, std::move(listener),
                                        x_topics);
  }

  // Asked over a client that names the group and never joins it.
  Result<Committed> committed(std::string_view group, std::string_view topic, PartitionId partition) override {
    const std::string name = x_settings.prefix + "-" + std::string(group);
    const std::lock_guard lock(x_watchers_mutex);
    kafka::Client& watcher = x_watchers[name];
    if (!watcher) {
      kafka::ClientConfig config(x_settings, "watcher");
      // Offsets of a transaction that is not decided are not told in either mode; this one does not wait for it.
      config.set("group.id", name).set("isolation.level", "read_uncommitted").set("enable.auto.commit", "false");
      auto client = std::move(config).consumer();
      if (!client) return client.error();
      watcher = std::move(client.value());
    }
    return kafka::read_committed_offset(watcher.get(), topic, partition, name, kafka::Deadline(x_settings.connect_timeout));
  }

  Stats stats() const override { return x_appender->stats(); }

 private:
  // The first message to a topic waits for its metadata: producers ask before, for all topics that were named.
  void know(std::string_view topic) {
    if (x_topics.know(topic)) x_appender->warm(topic);
  }

  const KafkaSettings x_settings;
  const kafka::Admin x_admin;
  const std::unique_ptr<kafka::Appender> x_appender;
  kafka::Topics x_topics;
  std::mutex x_watchers_mutex;
  std::map<std::string, kafka::Client> x_watchers;  // by group; made when first asked
};

}  // namespace

Result<std::unique_ptr<Log>> connect_kafka(const KafkaSettings& settings) {
  auto admin = kafka::Admin::connect(settings);
  if (!admin) return admin.error();
  auto dangers = admin->dangers();
  if (!dangers) spdlog::warn("kafka check=failed reason=\"{}\"", dangers.error().message);
  if (dangers)
    for (const std::string& danger : *dangers) spdlog::warn("kafka danger=\"{}\"", danger);
  auto appender = kafka::Appender::start(settings);
  if (!appender) return appender.error();
  return std::unique_ptr<Log>(
      std::make_unique<KafkaLog>(settings, std::move(admin.value()), std::move(appender.value())));
}

}  // namespace ioc::log
