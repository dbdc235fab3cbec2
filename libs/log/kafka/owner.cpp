#include "libs/log/kafka/owner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/base/assert.h"

namespace ioc::log::kafka {

namespace {

// No later attempt can write it, unless somebody changes the broker's settings.
bool says_never(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
    case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
    case RD_KAFKA_RESP_ERR_INVALID_RECORD:
    case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return true;
    default: return false;
  }
}

bool says_fenced(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

}  // namespace

KafkaOwner::KafkaOwner(KafkaMembership& membership, PartitionId partition)
    : x_membership(membership),
      x_partition(partition),
      x_thread([this](const std::stop_token& stop) { work(stop); }) {}

KafkaOwner::~KafkaOwner() {
  x_thread.request_stop();
  x_thread.join();
  x_topics.clear();
}

Result<Committed> KafkaOwner::acquire() {
  {
    const std::lock_guard lock(x_mutex);
    IOC_ASSERT(!x_job && !x_busy);
  }
  const Deadline deadline(x_membership.settings().acquire_timeout);
  x_state = State::Idle;
  if (auto joined = x_membership.wait_joined(deadline); !joined) return joined.error();
  if (auto created = create_producer(); !created) return created.error();
  if (auto ready = init_transactions(deadline); !ready) return ready.error();
  warm_topics(deadline);
  auto committed = x_membership.committed(x_partition, deadline);
  if (committed) x_state = State::Ready;
  return committed;
}

// Always a new producer: a delayed request of the old one carries an older epoch and can end nothing of ours.
Result<void> KafkaOwner::create_producer() {
  x_topics.clear();
  x_producer.reset();
  const KafkaSettings& settings = x_membership.settings();
  const Millis timeout = std::min(settings.transaction_timeout, settings.session_timeout);
  ClientConfig config(settings, "commit");
  config.set("transactional.id", x_membership.transactional_id(x_partition))
      .set("transaction.timeout.ms", timeout)
      .set("message.timeout.ms", timeout)
      .set("request.timeout.ms", std::min(timeout, Millis(30'000)))
      .set("linger.ms", "0")
      .set("retry.backoff.ms", "2")
      .set("queue.buffering.max.messages", "2000000")
      .set("queue.buffering.max.kbytes", std::to_string(2 * (settings.queued_bytes_max >> 10)));
  rd_kafka_conf_set_opaque(config.raw(), this);
  // Without a delivery callback flush() sleeps in steps of 10 ms.
  rd_kafka_conf_set_dr_msg_cb(config.raw(), delivered);
  rd_kafka_conf_set_error_cb(config.raw(), [](rd_kafka_t*, int, const char*, void* opaque) {
    static_cast<KafkaOwner*>(opaque)->x_disturbed = true;
  });
  auto client = std::move(config).producer();
  if (!client) return client.error();
  x_producer = std::move(client.value());
  return {};
}

Result<void> KafkaOwner::init_transactions(const Deadline& deadline) {
  const std::string id = x_membership.transactional_id(x_partition);
  while (true) {
    const CallError error(rd_kafka_init_transactions(x_producer.get(), std::max(1, deadline.remaining_ms())));
    if (!error) return {};
    if (error.kind() != CallError::Class::Retriable) return as_error(error.code(), "taking over " + id);
    if (deadline.passed()) return transient("taking over " + id + " did not end in time: " + error.text());
  }
}

// The first message to a topic would wait for its metadata, up to a second.
void KafkaOwner::warm_topics(const Deadline& deadline) {
  for (const std::string& topic : x_membership.topics().names()) static_cast<void>(topic_handle(topic));
  const rd_kafka_metadata_t* metadata = nullptr;
  const int timeout = std::clamp(deadline.remaining_ms(), 1, 5'000);
  if (rd_kafka_metadata(x_producer.get(), 0, nullptr, &metadata, timeout) == RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_metadata_destroy(metadata);
}

rd_kafka_topic_t* KafkaOwner::topic_handle(const std::string& topic) {
  auto [found, is_new] = x_topics.try_emplace(topic);
  if (is_new) found->second.reset(rd_kafka_topic_new(x_producer.get(), topic.c_str(), nullptr));
  return found->second.get();
}

void KafkaOwner::commit(Transaction transaction, std::function<void(CommitResult)> done) {
  const std::lock_guard lock(x_mutex);
  IOC_ASSERT(!x_job && !x_busy);
  x_job.emplace(std::move(transaction), std::move(done));
  x_changed.notify_one();
}

void KafkaOwner::work(const std::stop_token& stop) {
  while (true) {
    std::unique_lock lock(x_mutex);
    x_changed.wait(lock, stop, [this] { return x_job.has_value(); });
    if (!x_job) return;
    Job job = std::move(*x_job);
    x_job.reset();
    x_busy = true;
    lock.unlock();
    CommitResult result = run(job.transaction);
    lock.lock();
    x_busy = false;  // before done: it may lead to the next commit
    lock.unlock();
    job.done(std::move(result));
  }
}

CommitResult KafkaOwner::run(const Transaction& transaction) {
  if (x_state == State::Fenced) return {CommitOutcome::Fenced, "fenced by an earlier transaction"};
  if (x_state != State::Ready) return {CommitOutcome::Unknown, "acquire() first"};
  const KafkaSettings& settings = x_membership.settings();
  const Deadline deadline(std::min(settings.transaction_timeout, settings.session_timeout));
  rd_kafka_poll(x_producer.get(), 0);  // takes notice of connections closed while nothing was sent
  x_disturbed = false;
  x_unplaced = x_never = false;
  x_written.clear();
  x_began = std::chrono::steady_clock::now();
  if (const CallError error(rd_kafka_begin_transaction(x_producer.get())); error)
    return lost(error.code(), "begin: " + error.text());
  if (auto failed = produce_outputs(transaction, deadline)) return *failed;
  if (const CallError error = send_offset(transaction, deadline); error) {
    if (error.kind() == CallError::Class::Fatal) 
      return lost(error.code(), "sending the offset: " + error.text());
    // FENCED_INSTANCE_ID is also what a member hears that lost its place for a moment and is joining again.
    CommitResult aborted = abort("sending the offset: " + error.text());
    if (!x_membership.fenced()) return aborted;
    x_state = State::Fenced;
    return {CommitOutcome::Fenced, aborted.detail};
  }
  return finish(deadline);
}

std::optional<CommitResult> KafkaOwner::produce_outputs(const Transaction& transaction, const Deadline& deadline) {
  for (const Output& output : transaction.outputs) {
    rd_kafka_topic_t* topic = topic_handle(output.topic);
    auto code = produce(x_producer.get(), topic, output.partition, output.message, nullptr);
    while (code == RD_KAFKA_RESP_ERR__QUEUE_FULL && !deadline.passed()) {
      rd_kafka_poll(x_producer.get(), 10);
      code = produce(x_producer.get(), topic, output.partition, output.message, nullptr);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    x_never = says_never(code);
    const std::string what = fmt::format("producing {} bytes to {}: {}", output.message.key.size() + output.message.value.size(),
                                         place(output.topic, output.partition), describe(code));
    if (code == RD_KAFKA_RESP_ERR__FATAL) return lost(code, what);
    return abort(what);
  }
  return std::nullopt;
}

CallError KafkaOwner::send_offset(const Transaction& transaction, const Deadline& deadline) {
  const Partitions list = one_partition(x_membership.topic(), x_partition);
  rd_kafka_topic_partition_t& at = list->elems[0];
  at.offset = static_cast<std::int64_t>(transaction.next.value());
  if (!transaction.metadata.empty()) {
    at.metadata_size = transaction.metadata.size();
    at.metadata = std::malloc(at.metadata_size);  // librdkafka frees it
    std::copy(transaction.metadata.begin(), transaction.metadata.end(), static_cast<char*>(at.metadata));
  }
  while (true) {
    // Read right before it is sent: the generation changes with each rebalance.
    const GroupMetadata group = x_membership.group_metadata();
    CallError error(rd_kafka_send_offsets_to_transaction(x_producer.get(), list.get(), group.get(),
                                                         std::max(1, deadline.remaining_ms())));
    if (error.kind() != CallError::Class::Retriable || deadline.passed()) return error;
  }
}

CommitResult KafkaOwner::finish(const Deadline& deadline) {
  // Committing flushes, too; but then it is too late to learn that an output is not known to be in the log.
  rd_kafka_flush(x_producer.get(), std::max(1, deadline.remaining_ms()));
  if (x_unplaced) return abort("an output was delivered without an offset");
  while (true) {
    const CallError error(rd_kafka_commit_transaction(x_producer.get(), std::max(1, deadline.remaining_ms())));
    switch (error.kind()) {
      case CallError::Class::None:
        if (was_disturbed())
          return in_doubt("committed, but a connection was lost meanwhile: acquire() before the next");
        tell_visible_ends();
        return {CommitOutcome::Committed, {}};
      case CallError::Class::Retriable:
        if (deadline.passed()) return in_doubt("commit did not end in time: " + error.text());
        continue;
      case CallError::Class::Abortable:
        return abort("commit: " + error.text());
      case CallError::Class::Fatal:
        return lost(error.code(), "commit: " + error.text());
    }
  }
}

void KafkaOwner::delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  KafkaOwner& self = *static_cast<KafkaOwner*>(opaque);
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {  // fails the transaction's next call by itself
    self.x_never = self.x_never || says_never(message->err);
    return;
  }
  if (!placed_at(*message)) {
    self.x_unplaced = true;
    return;
  }
  auto& written = self.x_written;
  const auto same = [message](const Written& one) {
    return one.topic == message->rkt && one.partition == message->partition;
  };
  const auto found = std::find_if(written.begin(), written.end(), same);
  if (found == written.end())
    written.push_back({message->rkt, message->partition, message->offset});
  else
    found->offset = std::max(found->offset, message->offset);
}

void KafkaOwner::tell_visible_ends() {
  for (const Written& one : x_written)
    x_membership.topics().committed_up_to(rd_kafka_topic_name(one.topic),
                                          PartitionId(static_cast<std::uint32_t>(one.partition)),
                                          Offset(static_cast<std::uint64_t>(one.offset)).next());
}

// librdkafka repeats requests by itself when a connection is lost; the first one, delayed in the broker, could act
// on a later transaction of the same epoch. A new epoch closes that hole, and only acquire() may take one.
bool KafkaOwner::was_disturbed() {
  rd_kafka_poll(x_producer.get(), 0);
  return x_disturbed;
}

CommitResult KafkaOwner::abort(const std::string& reason) {
  const KafkaSettings& settings = x_membership.settings();
  const Deadline deadline(std::min(settings.transaction_timeout, settings.session_timeout));
  while (true) {
    const CallError error(rd_kafka_abort_transaction(x_producer.get(), std::max(1, deadline.remaining_ms())));
    if (!error) break;
    if (error.kind() != CallError::Class::Retriable) 
      return lost(error.code(), reason + "; abort: " + error.text());
    if (deadline.passed()) return in_doubt(reason + "; abort did not end in time: " + error.text());
  }
  if (was_disturbed()) return in_doubt(reason + "; a connection was lost meanwhile");
  return {x_never ? CommitOutcome::Rejected : CommitOutcome::Aborted, reason};
}

// The producer is of no use any more. An older epoch than the coordinator's means a newer owner, unless the
// transaction ran for so long that the coordinator may have given it up itself.
CommitResult KafkaOwner::lost(rd_kafka_resp_err_t code, const std::string& detail) {
  std::array<char, 512> text{};
  const auto fatal = rd_kafka_fatal_error(x_producer.get(), text.data(), text.size());
  const bool fenced = says_fenced(code) || says_fenced(fatal);
  const KafkaSettings& settings = x_membership.settings();
  const auto timeout = std::min(settings.transaction_timeout, settings.session_timeout);
  if (!fenced || std::chrono::steady_clock::now() - x_began >= timeout)
    return in_doubt(detail + " " + text.data());
  x_state = State::Fenced;
  return {CommitOutcome::Fenced, detail + " " + text.data()};
}

CommitResult KafkaOwner::in_doubt(std::string detail) {
  x_state = State::InDoubt;
  return {CommitOutcome::Unknown, std::move(detail)};
}

}  // namespace ioc::log::kafka
