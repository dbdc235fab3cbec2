#include "libs/log/kafka/admin.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <thread>

namespace ioc::log::kafka {

namespace {

using NewTopic = Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using Resource = Owned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using AdminOptions = Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using Metadata = Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy>;

constexpr Millis kAskAgain{50};
constexpr std::int64_t kOffsetsRetentionMin = 400LL * 24 * 60;  // closed incidents live for 400 days (DESIGN D5)

// Several segments within what is kept: only whole closed segments are deleted or compacted.
std::uint64_t segment_bytes(const TopicConfig& topic) {
  if (topic.compacted) return 64ull << 20;
  if (topic.retention_bytes == 0) return 1ull << 30;
  return std::clamp<std::uint64_t>(topic.retention_bytes / 8, 64ull << 10, 1ull << 30);
}

std::int64_t segment_ms(const TopicConfig& topic) {
  constexpr std::int64_t kHour = 3'600'000;
  if (topic.compacted) return 6 * kHour;
  if (topic.retention_time.count() == 0) return 7 * 24 * kHour;
  return std::clamp<std::int64_t>(topic.retention_time.count() / 8, 1'000, 24 * kHour);
}

std::string value_of(const std::vector<std::pair<std::string, std::string>>& settings, const std::string& name) {
  for (const auto& [known, value] : settings)
    if (known == name) return value;
  return "unknown";
}

void set(std::vector<std::pair<std::string, std::string>>& settings, const std::string& name, const std::string& value) {
  for (auto& setting : settings) {
    if (setting.first != name) continue;
    setting.second = value;
    return;
  }
  settings.emplace_back(name, value);
}

AdminOptions options_for(rd_kafka_t* client, rd_kafka_admin_op_t operation, int timeout_ms) {
  AdminOptions options(rd_kafka_AdminOptions_new(client, operation));
  std::array<char, 256> why{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, why.data(), why.size());
  return options;
}

}  // namespace

Result<Admin> Admin::connect(const KafkaSettings& settings) {
  ClientConfig config(settings, "admin");
  // A consumer, because only a consumer's questions never create the topic that they ask about.
  config.set("isolation.level", "read_committed").set("allow.auto.create.topics", "false");
  auto client = std::move(config).consumer();
  if (!client) return client.error();
  Admin admin(settings, std::move(client.value()));
  const auto timeout = static_cast<int>(settings.connect_timeout.count());
  char* id = rd_kafka_clusterid(admin.x_client.get(), timeout);
  if (id == nullptr)
    return transient("no Kafka broker answers at " + settings.bootstrap + " within " + std::to_string(timeout) +
                     " ms: start it, or correct `bootstrap`");
  admin.x_cluster_id = id;
  rd_kafka_mem_free(admin.x_client.get(), id);
  return admin;
}

Result<Admin::Found> Admin::find(std::string_view topic, const Deadline& deadline) const {
  const Topic handle(rd_kafka_topic_new(x_client.get(), std::string(topic).c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code = rd_kafka_metadata(x_client.get(), 0, handle.get(), &raw, std::max(1, deadline.remaining_ms()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "asking for topic " + std::string(topic));
  const Metadata metadata(raw);
  Found found;
  if (metadata->topic_cnt == 0) return found;
  const rd_kafka_metadata_topic_t& is = metadata->topics[0];
  if (is.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) return found;
  if (is.err != RD_KAFKA_RESP_ERR_NO_ERROR && is.err != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE)
    return as_error(is.err, "asking for topic " + std::string(topic));
  found.exists = true;
  found.partitions = static_cast<std::uint32_t>(is.partition_cnt);
  found.ready = is.partition_cnt > 0;
  for (int i = 0; i < is.partition_cnt; ++i) {
    found.ready = found.ready && is.partitions[i].leader >= 0;
    found.replicas = static_cast<std::uint32_t>(is.partitions[i].replica_cnt);
  }
  return found;
}

Result<std::optional<std::uint32_t>> Admin::partitions_of(std::string_view topic) const {
  auto found = find(topic, Deadline(x_settings.connect_timeout));
  if (!found) return found.error();
  if (!found->exists) return std::optional<std::uint32_t>();
  return std::optional(found->partitions);
}

Result<Range> Admin::range(std::string_view topic, PartitionId partition) const {
  std::int64_t first = 0;
  std::int64_t end = 0;
  // read_committed: the end is the last stable offset.
  const auto code = rd_kafka_query_watermark_offsets(
      x_client.get(), std::string(topic).c_str(), static_cast<std::int32_t>(partition.value()), &first, &end,
      static_cast<int>(x_settings.connect_timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "asking for the range of " + place(topic, partition));
  return Range{Offset(static_cast<std::uint64_t>(first)), Offset(static_cast<std::uint64_t>(end))};
}

Admin::Settings Admin::fixed_settings(const TopicConfig& topic) const {
  return {{"message.timestamp.type", "LogAppendTime"},
          {"cleanup.policy", topic.compacted ? "compact" : "delete"},
          {"min.insync.replicas", std::to_string(x_settings.min_insync)},
          {"unclean.leader.election.enable", "false"}};
}

Admin::Settings Admin::changeable_settings(const TopicConfig& topic) const {
  // librdkafka counts a batch's frame as well when it compares with its own limit.
  Settings settings{{"max.message.bytes", std::to_string(x_settings.message_bytes_max + 4096)}};
  if (topic.compacted) return settings;
  settings.emplace_back("retention.ms",
                        std::to_string(topic.retention_time.count() > 0 ? topic.retention_time.count() : -1));
  settings.emplace_back("retention.bytes", topic.retention_bytes > 0 ? std::to_string(topic.retention_bytes) : "-1");
  return settings;
}

Result<void> Admin::ensure_topics(std::span<const TopicConfig> topics) const {
  std::vector<TopicConfig> missing;
  for (const TopicConfig& topic : topics) {
    auto found = find(topic.name, Deadline(x_settings.connect_timeout));
    if (!found) return found.error();
    if (!found->exists) missing.push_back(topic);
  }
  if (!missing.empty()) {
    if (auto created = create(missing); !created) return created.error();
  }
  std::string all;
  for (const TopicConfig& topic : topics) {
    if (auto ready = wait_ready(topic); !ready) return ready.error();
    auto wrong = differences(topic);
    if (!wrong) return wrong.error();
    for (const std::string& difference : *wrong) all += "\n  " + difference;
  }
  if (all.empty()) return {};
  return permanent("topics exist with other settings; change them (kafka-configs, kafka-topics) or the configuration:" +
                   all);
}

Result<void> Admin::create(std::span<const TopicConfig> topics) const {
  std::vector<NewTopic> owned;
  std::vector<rd_kafka_NewTopic_t*> list;
  for (const TopicConfig& topic : topics) {
    std::array<char, 256> why{};
    owned.emplace_back(rd_kafka_NewTopic_new(topic.name.c_str(), static_cast<int>(topic.partitions),
                                             static_cast<int>(x_settings.replication), why.data(), why.size()));
    if (!owned.back()) return permanent("topic " + topic.name + ": " + why.data());
    Settings settings = fixed_settings(topic);
    for (auto& setting : changeable_settings(topic)) settings.push_back(std::move(setting));
    settings.emplace_back("segment.bytes", std::to_string(segment_bytes(topic)));
    settings.emplace_back("segment.ms", std::to_string(segment_ms(topic)));
    for (const std::string& property : x_settings.topic_properties) {
      const auto equals = std::min(property.find('='), property.size() - 1);
      set(settings, property.substr(0, equals), property.substr(equals + 1));
    }
    for (const auto& [name, value] : settings)
      rd_kafka_NewTopic_set_config(owned.back().get(), name.c_str(), value.c_str());
    list.push_back(owned.back().get());
  }
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count());
  const auto options = options_for(x_client.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
  const Queue queue(rd_kafka_queue_new(x_client.get()));
  rd_kafka_CreateTopics(x_client.get(), list.data(), list.size(), options.get(), queue.get());
  auto event = wait(queue.get(), "creating topics");
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event->get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_topic_result_error(results[i]);
    // Three processes start at once: another one may have been first. What it made is verified like any other.
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    const char* text = rd_kafka_topic_result_error_string(results[i]);
    return as_error(code, std::string("creating topic ") + rd_kafka_topic_result_name(results[i]) + ": " +
                              (text != nullptr ? text : ""));
  }
  return {};
}

Result<void> Admin::wait_ready(const TopicConfig& topic) const {
  const Deadline deadline(x_settings.connect_timeout);
  while (true) {
    auto found = find(topic.name, deadline);
    if (found && found->ready) return {};
    if (!found && found.error().kind != ErrorKind::Transient) return found.error();
    if (deadline.passed()) return transient("topic " + topic.name + " has partitions without a leader: try again");
    std::this_thread::sleep_for(kAskAgain);
  }
}

Result<std::vector<std::string>> Admin::differences(const TopicConfig& topic) const {
  auto found = find(topic.name, Deadline(x_settings.connect_timeout));
  if (!found) return found.error();
  auto has = settings_of(RD_KAFKA_RESOURCE_TOPIC, topic.name);
  if (!has) return has.error();
  std::vector<std::string> differences;
  const auto compare = [&](const std::string& name, const std::string& is, const std::string& wanted) {
    if (is != wanted) differences.push_back(topic.name + ": " + name + " is " + is + ", wanted is " + wanted);
  };
  compare("partitions", std::to_string(found->partitions), std::to_string(topic.partitions));
  if (found->replicas < x_settings.replication)
    compare("replication", std::to_string(found->replicas), std::to_string(x_settings.replication));
  for (const auto& [name, wanted] : fixed_settings(topic)) compare(name, value_of(*has, name), wanted);
  if (!differences.empty()) return differences;
  if (auto applied = apply(topic, std::move(*has)); !applied) return applied.error();
  return differences;
}

Result<void> Admin::apply(const TopicConfig& topic, Settings has) const {
  const Settings wanted = changeable_settings(topic);
  if (std::all_of(wanted.begin(), wanted.end(),
                  [&](const auto& setting) { return value_of(has, setting.first) == setting.second; }))
    return {};
  // This request replaces all of a topic's own settings, so they are sent with it.
  auto own = settings_of(RD_KAFKA_RESOURCE_TOPIC, topic.name, true);
  if (!own) return own.error();
  for (const auto& [name, value] : wanted) set(*own, name, value);
  const Resource resource(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.name.c_str()));
  for (const auto& [name, value] : *own) rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
  rd_kafka_ConfigResource_t* list = resource.get();
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count());
  const auto options = options_for(x_client.get(), RD_KAFKA_ADMIN_OP_ALTERCONFIGS, timeout);
  const Queue queue(rd_kafka_queue_new(x_client.get()));
  rd_kafka_AlterConfigs(x_client.get(), &list, 1, options.get(), queue.get());
  auto event = wait(queue.get(), "changing the settings of " + topic.name);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* result = rd_kafka_event_AlterConfigs_result(event->get());
  const auto* const* resources = rd_kafka_AlterConfigs_result_resources(result, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_ConfigResource_error(resources[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "changing the settings of " + topic.name);
  }
  spdlog::info("kafka topic={} settings=changed", topic.name);
  return {};
}

Result<Admin::Settings> Admin::settings_of(rd_kafka_ResourceType_t type, const std::string& name,
                                           bool only_own) const {
  const Resource resource(rd_kafka_ConfigResource_new(type, name.c_str()));
  rd_kafka_ConfigResource_t* list = resource.get();
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count());
  const auto options = options_for(x_client.get(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout);
  const Queue queue(rd_kafka_queue_new(x_client.get()));
  rd_kafka_DescribeConfigs(x_client.get(), &list, 1, options.get(), queue.get());
  auto event = wait(queue.get(), "asking for the settings of " + name);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(event->get());
  const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  Settings settings;
  for (std::size_t i = 0; i < count; ++i) {
    const auto code = rd_kafka_ConfigResource_error(resources[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "asking for the settings of " + name);
    std::size_t entries = 0;
    const auto* const* configs = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      if (only_own && rd_kafka_ConfigEntry_source(configs[j]) != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG) continue;
      const char* value = rd_kafka_ConfigEntry_value(configs[j]);
      settings.emplace_back(rd_kafka_ConfigEntry_name(configs[j]), value != nullptr ? value : "");
    }
  }
  return settings;
}

Result<std::vector<std::string>> Admin::dangers() const {
  const rd_kafka_metadata_t* raw = nullptr;
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count());
  const auto code = rd_kafka_metadata(x_client.get(), 0, nullptr, &raw, timeout);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "asking for the brokers");
  const Metadata metadata(raw);
  if (metadata->broker_cnt == 0) return std::vector<std::string>();
  auto settings = settings_of(RD_KAFKA_RESOURCE_BROKER, std::to_string(metadata->brokers[0].id));
  if (!settings) return settings.error();
  std::vector<std::string> dangers;
  for (const auto& [name, value] : *settings) {
    if (name == "log.flush.interval.messages" && value != "1" && x_settings.replication == 1)
      dangers.push_back("there is one replica and the broker does not sync each write: a power cut can lose "
                        "acknowledged events (set log.flush.interval.messages=1, or replicate)");
    if (name == "offsets.retention.minutes" && std::atoll(value.c_str()) < kOffsetsRetentionMin)
      dangers.push_back("offsets.retention.minutes is " + value + ": committed offsets vanish when triage was stopped "
                        "for longer (set at least " + std::to_string(kOffsetsRetentionMin) + ")");
  }
  return dangers;
}

Result<Event> Admin::wait(rd_kafka_queue_t* queue, const std::string& what) const {
  // Longer than the request's own timeout, which is answered with an event as well.
  const auto timeout = static_cast<int>(x_settings.connect_timeout.count()) + 5'000;
  Event event(rd_kafka_queue_poll(queue, timeout));
  if (!event) return transient(what + ": no answer");
  const auto code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return event;
  const char* text = rd_kafka_event_error_string(event.get());
  return as_error(code, what + ": " + (text != nullptr ? text : ""));
}

}  // namespace ioc::log::kafka
