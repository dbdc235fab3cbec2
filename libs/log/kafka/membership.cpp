#include "libs/log/kafka/membership.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "libs/log/kafka/owner.h"

namespace ioc::log::kafka {

namespace {

constexpr int kServeMs = 100;
constexpr std::size_t kUuidBytes = 36;

// The broker names static members so: their own name, a hyphen, a UUID.
bool is_member_of_name(std::string_view member_id, const std::string& name) {
  return member_id.size() == name.size() + 1 + kUuidBytes && member_id.starts_with(name + "-");
}

}  // namespace

KafkaMembership::KafkaMembership(const KafkaSettings& settings, std::string_view group, std::string_view topic,
                                 std::string_view member, AssignmentListener listener, Topics& topics)
    : x_settings(settings),
      x_group(settings.prefix + "-" + std::string(group)),
      x_topic(topic),
      x_member(member),
      x_listener(std::move(listener)),
      x_topics(topics) {}

Result<std::unique_ptr<Membership>> KafkaMembership::join(const KafkaSettings& settings, std::string_view group,
                                                          std::string_view topic, std::string_view member,
                                                          AssignmentListener listener, Topics& topics) {
  std::unique_ptr<KafkaMembership> membership(
      new KafkaMembership(settings, group, topic, member, std::move(listener), topics));
  auto client = membership->make_client();
  if (!client) return client.error();
  if (auto subscribed = membership->subscribe(**client); !subscribed) return subscribed.error();
  membership->x_client = std::move(*client);
  membership->x_thread = std::jthread([raw = membership.get()](const std::stop_token& stop) { raw->serve(stop); });
  return std::unique_ptr<Membership>(std::move(membership));
}

Result<std::shared_ptr<Client>> KafkaMembership::make_client() {
  ClientConfig config(x_settings, "member");
  config.set("group.id", x_group)
      .set("group.instance.id", x_member)
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
  rd_kafka_poll_set_consumer(client->get());
  return std::make_shared<Client>(std::move(*client));
}

Result<void> KafkaMembership::subscribe(const Client& client) {
  const Partitions topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), x_topic.c_str(), RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(client.get(), topics.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, "joining group " + x_group);
  return {};
}

KafkaMembership::~KafkaMembership() {
  x_thread.request_stop();
  if (x_thread.joinable()) x_thread.join();
}

std::shared_ptr<Client> KafkaMembership::client() const {
  const std::lock_guard lock(x_mutex);
  return x_client;
}

void KafkaMembership::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (fenced()) {
      std::this_thread::sleep_for(Millis(kServeMs));
      if (std::chrono::steady_clock::now() >= x_look_again) come_back();
      continue;
    }
    const auto serving = client();
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> notice(rd_kafka_consumer_poll(serving->get(), kServeMs));
    if (notice && notice->err == RD_KAFKA_RESP_ERR__FATAL) lose_place(rd_kafka_message_errstr(notice.get()));
  }
  leave();
}

// The broker knows another member under this name. Either another process joined with it, or a request to join of our
// own did: while a broker stands still requests are repeated, and the first one counts as the other. The second kind never
// sends a heartbeat, so the name is free again when the session timeout has passed.
void KafkaMembership::lose_place(const std::string& why) {
  spdlog::error("kafka group={} member={} fenced=\"{}\" action=\"waits until nobody else has this name; give each process its own\"",
                x_group, x_member, why);
  {
    const std::lock_guard lock(x_mutex);
    x_fatal = why;
    x_joined = false;
    x_changed.notify_all();
  }
  revoke_all();
  x_look_again = std::chrono::steady_clock::now() + x_settings.session_timeout;
}

void KafkaMembership::come_back() {
  x_look_again = std::chrono::steady_clock::now() + x_settings.session_timeout;
  auto fresh = make_client();
  if (!fresh || !name_is_free(**fresh)) return;
  std::shared_ptr<Client> old;
  {
    const std::lock_guard lock(x_mutex);
    old = std::exchange(x_client, *fresh);
    x_fatal.reset();
  }
  if (auto subscribed = subscribe(**fresh); !subscribed) return lose_place(subscribed.error().message);
  spdlog::warn("kafka group={} member={} joins again: nobody else has its name", x_group, x_member);
}

bool KafkaMembership::name_is_free(const Client& asking) const {
  const rd_kafka_group_list* list = nullptr;
  const auto code = rd_kafka_list_groups(asking.get(), x_group.c_str(), &list, static_cast<int>(x_settings.connect_timeout.count()));
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR || list == nullptr) return false;
  bool free = list->group_cnt == 1 && list->groups[0].err == RD_KAFKA_RESP_ERR_NO_ERROR;
  for (int i = 0; free && i < list->groups[0].member_cnt; ++i) {
    free = !is_member_of_name(list->groups[0].members[i].member_id, x_member);
  }
  rd_kafka_group_list_destroy(list);
  return free;
}

// A static member keeps its place when its process dies, for the session timeout. One that goes on purpose hands
// over at once: unsubscribing sends the LeaveGroup that closing a static member leaves out.
void KafkaMembership::leave() {
  if (fenced()) return;
  const auto leaving = client();
  rd_kafka_unsubscribe(leaving->get());
  const Deadline deadline(x_settings.connect_timeout);
  while (!x_held.empty() && !deadline.passed()) {
    const Owned<rd_kafka_message_t, rd_kafka_message_destroy> notice(rd_kafka_consumer_poll(leaving->get(), 10));
  }
  rd_kafka_consumer_close(leaving->get());
  revoke_all();
}

void KafkaMembership::on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    // Answered with an empty assignment: the group counts the partitions as ours, and nothing is fetched.
    const Partitions none(rd_kafka_topic_partition_list_new(1));
    rd_kafka_assign(client()->get(), none.get());
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
  rd_kafka_assign(client()->get(), nullptr);
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
  return GroupMetadata(rd_kafka_consumer_group_metadata(client()->get()));
}

Result<void> KafkaMembership::wait_joined(const Deadline& deadline) {
  std::unique_lock lock(x_mutex);
  const auto decided = [this] { return x_joined || x_fatal.has_value(); };
  if (!x_changed.wait_for(lock, Millis(deadline.remaining_ms()), decided))
    return transient("group " + x_group + " was not joined in time: is the broker up, is a rebalance stuck?");
  if (x_fatal) return transient("group " + x_group + ": another process has the name " + x_member + ": " + *x_fatal);
  return {};
}

bool KafkaMembership::fenced() {
  const std::lock_guard lock(x_mutex);
  return x_fatal.has_value();
}

Result<Committed> read_committed_offset(rd_kafka_t* client, std::string_view topic, PartitionId partition,
                                        const std::string& group, const Deadline& deadline) {
  const Partitions list = one_partition(topic, partition);
  const std::string what = "reading the committed offset of " + place(topic, partition) + " in group " + group;
  auto code = rd_kafka_committed(client, list.get(), std::max(1, deadline.remaining_ms()));
  const rd_kafka_topic_partition_t& found = list->elems[0];
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = found.err;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return as_error(code, what);
  Committed committed;
  if (found.offset >= 0) committed.next = Offset(static_cast<std::uint64_t>(found.offset));
  if (found.metadata != nullptr) committed.metadata.assign(static_cast<const char*>(found.metadata), found.metadata_size);
  return committed;
}

Result<Committed> KafkaMembership::committed(PartitionId partition, const Deadline& deadline) const {
  const auto asking = client();
  return read_committed_offset(asking->get(), x_topic, partition, x_group, deadline);
}

std::string KafkaMembership::transactional_id(PartitionId partition) const {
  return x_group + "-" + x_topic + "-" + std::to_string(partition.value());
}

}  // namespace ioc::log::kafka
