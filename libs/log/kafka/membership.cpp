#include "libs/log/kafka/membership.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "libs/log/kafka/owner.h"

namespace ioc::log::kafka {

namespace {
constexpr int kServeMs = 100;
}

KafkaMembership::KafkaMembership(const KafkaSettings& settings, std::string_view group, std::string_view topic,
                                 AssignmentListener listener, Topics& topics)
    : x_settings(settings),
      x_group(settings.prefix + "-" + std::string(group)),
      x_topic(topic),
      x_listener(std::move(listener)),
      x_topics(topics) {}

Result<std::unique_ptr<Membership>> KafkaMembership::join(const KafkaSettings& settings, std::string_view group,
                                                          std::string_view topic, std::string_view member,
                                                          AssignmentListener listener, Topics& topics) {
  std::unique_ptr<KafkaMembership> membership(
      new KafkaMembership(settings, group, topic, std::move(listener), topics));
  if (auto subscribed = membership->subscribe(member); !subscribed) return subscribed.error();
  membership->x_thread = std::jthread([raw = membership.get()](const std::stop_token& stop) { raw->serve(stop); });
  return std::unique_ptr<Membership>(std::move(membership));
}

Result<void> KafkaMembership::subscribe(std::string_view member) {
  ClientConfig config(x_settings, "member");
  config.set("group.id", x_group)
      .set("group.instance.id", std::string(member))
      .set("partition.assignment.strategy", "range")
      .set("session.timeout.ms", x_settings.session_timeout)
      .set("heartbeat.interval.ms", std::clamp(x_settings.session_timeout / 5, Millis(100), Millis(3'000)))
      .set("max.poll.interval.ms", std::max(x_settings.session_timeout, Millis(300'000)))
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("auto.offset.reset", "error")
      .set("isolation.level", "read_committed")
      .set("allow.auto.create.topics", "false");
  rd_kafka_conf_set_opaque(config.raw(), this);
  rd_kafka_conf_set_rebalance_cb(
      config.raw(), [](rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* partitions,
                       void* opaque) { static_cast<KafkaMembership*>(opaque)->on_rebalance(code, partitions); });
  auto client = std::move(config).consumer();
  if (!client) return client.error();
  x_client = std::move(client.value());
  rd_kafka_poll_set_consumer(x_client.get());
  const Partitions topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), x_topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(x_client.get(), topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "joining group " + x_group);
  return {};
}

KafkaMembership::~KafkaMembership() {
  x_thread.request_stop();
  if (x_thread.joinable()) x_thread.join();
}

void KafkaMembership::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> notice(rd_kafka_consumer_poll(x_client.get(), kServeMs));
    if (!notice || notice->err != RD_KAFKA_RESP_ERR__FATAL) continue;
    // Another process joined under the same member name. There is no way back into the group for this one.
    spdlog::error("kafka group={} member=fenced reason=\"{}\" action=\"give each process its own member name\"",
                  x_group, rd_kafka_message_errstr(notice.get()));
    revoke_all();
    const std::lock_guard lock(x_mutex);
    x_fatal = rd_kafka_message_errstr(notice.get());
    x_changed.notify_all();
  }
  leave();
}

// A static member keeps its place when its process dies, for the session timeout. One that goes on purpose hands
// over at once: unsubscribing sends the LeaveGroup that closing a static member leaves out.
void KafkaMembership::leave() {
  rd_kafka_unsubscribe(x_client.get());
  const Deadline deadline(x_settings.connect_timeout);
  while (!x_held.empty() && !deadline.passed()) {
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> notice(rd_kafka_consumer_poll(x_client.get(), 10));
  }
  rd_kafka_consumer_close(x_client.get());
  revoke_all();
  x_client.reset();
}

void KafkaMembership::on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    // Answered with an empty assignment: the group counts the partitions as ours, and nothing is fetched.
    const Partitions none(rd_kafka_topic_partition_list_new(1));
    rd_kafka_assign(x_client.get(), none.get());
    {
      const std::lock_guard lock(x_mutex);
      x_joined = true;
      x_changed.notify_all();
    }
    for (int i = 0; i < partitions->cnt; ++i) {
      const PartitionId partition(static_cast<std::uint32_t>(partitions->elems[i].partition));
      spdlog::info("kafka group={} assigned={}", x_group, place(x_topic, partition));
      x_held.insert(partition);
      if (x_listener.assigned) x_listener.assigned(partition);
    }
    return;
  }
  if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS)
    spdlog::warn("kafka group={} rebalance_error=\"{}\"", x_group, describe(code));
  revoke_all();
  {
    // Until it has joined again the member has no id, and its commits would look like another's.
    const std::lock_guard lock(x_mutex);
    x_joined = false;
  }
  rd_kafka_assign(x_client.get(), nullptr);
}

void KafkaMembership::revoke_all() {
  while (!x_held.empty()) {
    const PartitionId partition = *x_held.begin();
    spdlog::info("kafka group={} revoked={}", x_group, place(x_topic, partition));
    if (x_listener.revoked) x_listener.revoked(partition);
    x_held.erase(partition);
  }
}

std::unique_ptr<Owner> KafkaMembership::owner(PartitionId partition) {
  return std::make_unique<KafkaOwner>(*this, partition);
}

GroupMetadata KafkaMembership::group_metadata() const {
  return GroupMetadata(rd_kafka_consumer_group_metadata(x_client.get()));
}

Result<void> KafkaMembership::wait_joined(const Deadline& deadline) {
  std::unique_lock lock(x_mutex);
  const auto decided = [this] { return x_joined || x_fatal.has_value(); };
  if (!x_changed.wait_for(lock, Millis(deadline.remaining_ms()), decided))
    return transient("group " + x_group + " was not joined in time: is the broker up, is a rebalance stuck?");
  if (x_fatal) return permanent("group " + x_group + ": " + *x_fatal);
  return {};
}

bool KafkaMembership::fenced() {
  const std::lock_guard lock(x_mutex);
  return x_fatal.has_value();
}

Result<Committed> KafkaMembership::committed(PartitionId partition, const Deadline& deadline) const {
  const Partitions list = one_partition(x_topic, partition);
  const std::string what = "reading the committed offset of " + place(x_topic, partition) + " in group " + x_group;
  auto code = rd_kafka_committed(x_client.get(), list.get(), std::max(1, deadline.remaining_ms()));
  const rd_kafka_topic_partition_t& found = list->elems[0];
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = found.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, what);
  Committed committed;
  if (found.offset >= 0) committed.next = Offset(static_cast<std::uint64_t>(found.offset));
  if (found.metadata != nullptr) committed.metadata.assign(static_cast<const char*>(found.metadata), found.metadata_size);
  return committed;
}

std::string KafkaMembership::transactional_id(PartitionId partition) const {
  return x_group + "-" + x_topic + "-" + std::to_string(partition.value());
}

}  // namespace ioc::log::kafka
