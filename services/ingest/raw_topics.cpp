#include "services/ingest/raw_topics.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

#include "libs/domain/topics.h"

namespace ioc::ingest {
namespace {

constexpr std::chrono::seconds kAgainAfter{1};
constexpr std::string_view kFormatHeader = "ioc-format";

// Sleeps until told to stop.
class Pause {
 public:
  void operator()(const std::stop_token& stop, std::chrono::milliseconds time) {
    std::unique_lock lock(x_mutex);
    x_changed.wait_for(lock, stop, time, [] { return false; });
  }

 private:
  std::mutex x_mutex;
  std::condition_variable_any x_changed;
};

// Of several the last counts, as Kafka's own lastHeader(): whoever hands a record on adds behind.
std::string_view format_header(const log::Entry& entry) {
  std::string_view out;
  for (const auto& [name, value] : entry.headers)
    if (name == kFormatHeader) out = value;
  return out;
}

enum class Next { Stop, AcquireAgain };

// One partition of one raw topic, on a thread of its own: what it does blocks.
class Partition {
 public:
  Partition(const RawTopicsConfig& config, Feed feed, PartitionId partition, log::Log& log, Intake& intake,
            ProtectedStore& store, std::shared_future<log::Membership*> membership)
      : x_config(config),
        x_feed(feed),
        x_topic(topics::raw(name_of(feed))),
        x_partition(partition),
        x_log(log),
        x_intake(intake),
        x_store(store),
        x_membership(std::move(membership)),
        x_thread([this](const std::stop_token& stop) { run(stop); }) {}

 private:
  void run(const std::stop_token& stop) {
    log::Membership* const membership = x_membership.get();
    if (membership == nullptr) return;
    const auto owner = membership->owner(x_partition);
    while (!stop.stop_requested()) {
      const auto committed = owner->acquire();
      if (committed.has_value() && work(stop, *owner, *committed) == Next::Stop) return;
      if (committed.has_error()) spdlog::warn("raw_topic_not_owned topic={} partition={} error=\"{}\"", x_topic, x_partition.value(), committed.error().message);
      x_pause(stop, kAgainAfter);
    }
  }

  Next work(const std::stop_token& stop, log::Owner& owner, const log::Committed& committed) {
    auto reader = open(committed);
    if (reader.has_error()) {
      spdlog::warn("raw_topic_not_read topic={} partition={} error=\"{}\"", x_topic, x_partition.value(), reader.error().message);
      return Next::AcquireAgain;
    }
    while (!stop.stop_requested()) {
      auto batch = (*reader)->poll(x_config.transaction_records_max, x_config.transaction_bytes_max);
      if (batch.has_error()) {
        spdlog::error("raw_topic_not_read topic={} partition={} error=\"{}\"", x_topic, x_partition.value(), batch.error().message);
        return Next::AcquireAgain;
      }
      if (batch->entries.empty()) {
        wait_ready(stop, **reader);
        continue;
      }
      if (!take(stop, owner, *batch)) return stop.stop_requested() || x_fenced ? Next::Stop : Next::AcquireAgain;
    }
    return Next::Stop;
  }

  Result<std::unique_ptr<log::Reader>> open(const log::Committed& committed) {
    const auto range = x_log.range(x_topic, x_partition);
    if (range.has_error()) return range.error();
    Offset from = committed.next.value_or(range->first);
    if (from < range->first) {  // raw topics have a short retention: say what was lost
      spdlog::error("raw_topic_gap topic={} partition={} missing={}", x_topic, x_partition.value(), range->first.value() - from.value());
      from = range->first;
    }
    return x_log.read(x_topic, x_partition, from);
  }

  void wait_ready(const std::stop_token& stop, log::Reader& reader) {
    struct Signal {
      std::mutex mutex;
      std::condition_variable_any changed;
      bool ready = false;
    };
    auto signal = std::make_shared<Signal>();
    reader.when_ready([signal] {
      const std::lock_guard lock(signal->mutex);
      signal->ready = true;
      signal->changed.notify_one();
    });
    {
      std::unique_lock lock(signal->mutex);
      signal->changed.wait(lock, stop, [&signal] { return signal->ready; });
    }
    reader.when_ready({});
  }

  // False: the offset is not committed here.
  bool take(const std::stop_token& stop, log::Owner& owner, const log::Batch& batch) {
    std::vector<Prepared> prepared;
    prepared.reserve(batch.entries.size());
    const WallTime now = wall_now();
    for (const auto& entry : batch.entries) prepared.push_back(prepare(entry, now));
    if (!protect(stop, prepared)) return false;
    log::Transaction transaction;
    transaction.next = batch.next;
    transaction.outputs.reserve(prepared.size());
    for (auto& message : prepared) transaction.outputs.push_back(std::move(message.output));
    if (!commit(stop, owner, transaction)) return false;
    for (const auto& message : prepared) x_intake.count(message, {});
    return true;
  }

  Prepared prepare(const log::Entry& entry, WallTime now) const {
    const Origin origin{x_topic, x_partition, entry.offset};
    const Sender sender = x_intake.sender("", x_feed);
    const std::string_view named = format_header(entry);
    const Format* const format = named.empty() ? default_format(x_feed) : format_named(named);
    if (format != nullptr && format->feed == x_feed) return x_intake.prepare(*format, sender, entry.value, now, origin);
    Refusal refusal{RefusalKind::UnknownFeed, "unknown_format", std::string(kFormatHeader), "", "", "the format is not one of this topic's feed"};
    const Format* const meant = default_format(x_feed);
    return x_intake.refuse(std::move(refusal), name_of(x_feed), meant->name, sender, entry.value, now, origin);
  }

  // Until it is synced: the topic holds what comes meanwhile.
  bool protect(const std::stop_token& stop, const std::vector<Prepared>& prepared) {
    while (!stop.stop_requested()) {
      std::vector<ProtectedStore::Item> items;
      items.reserve(prepared.size());
      for (const auto& message : prepared) items.push_back(message.item);
      auto promise = std::make_shared<std::promise<Result<void>>>();
      auto future = promise->get_future();
      x_store.put(std::move(items), [promise](const Result<void>& stored) { promise->set_value(stored); });
      const Result<void> stored = future.get();
      if (stored.has_value()) return true;
      spdlog::warn("raw_topic_waits topic={} partition={} error=\"{}\"", x_topic, x_partition.value(), stored.error().message);
      x_pause(stop, kAgainAfter);
    }
    return false;
  }

  bool commit(const std::stop_token& stop, log::Owner& owner, const log::Transaction& transaction) {
    while (true) {
      auto promise = std::make_shared<std::promise<log::CommitResult>>();
      auto future = promise->get_future();
      owner.commit(transaction, [promise](log::CommitResult result) { promise->set_value(std::move(result)); });
      const log::CommitResult result = future.get();
      if (result.outcome == log::CommitOutcome::Committed) return true;
      spdlog::warn("raw_topic_not_committed topic={} partition={} detail=\"{}\"", x_topic, x_partition.value(), result.detail);
      x_fenced = result.outcome == log::CommitOutcome::Fenced;
      if (result.outcome != log::CommitOutcome::Aborted || stop.stop_requested()) return false;
      x_pause(stop, std::chrono::milliseconds(50));
    }
  }

  const RawTopicsConfig& x_config;
  Feed x_feed;
  std::string x_topic;
  PartitionId x_partition;
  log::Log& x_log;
  Intake& x_intake;
  ProtectedStore& x_store;
  std::shared_future<log::Membership*> x_membership;
  Pause x_pause;
  bool x_fenced = false;
  std::jthread x_thread;  // last: stops and joins before the rest goes
};

}  // namespace

struct RawTopics::Topic {
  std::promise<log::Membership*> joined;
  std::shared_future<log::Membership*> membership_known = joined.get_future().share();
  std::mutex mutex;  // guards `partitions`
  std::map<PartitionId, std::unique_ptr<Partition>> partitions;
  std::unique_ptr<log::Membership> membership;  // last: its end revokes what is held
};

RawTopics::RawTopics(const RawTopicsConfig& config, std::string group, log::Log& log, Intake& intake, ProtectedStore& store)
    : x_config(config), x_group(std::move(group)), x_log(log), x_intake(intake), x_store(store) {}

RawTopics::~RawTopics() = default;

Result<void> RawTopics::start() {
  for (const Feed feed : kFeeds) {
    const std::string name = topics::raw(name_of(feed));
    const auto partitions = x_log.partitions_of(name);
    if (partitions.has_error()) return partitions.error();
    if (!partitions->has_value()) {
      spdlog::info("raw_topic_missing topic={}", name);
      continue;
    }
    auto topic = std::make_unique<Topic>();
    Topic* const at = topic.get();
    log::AssignmentListener listener;
    listener.assigned = [this, at, feed](PartitionId partition) {
      const std::lock_guard lock(at->mutex);
      at->partitions[partition] = std::make_unique<Partition>(x_config, feed, partition, x_log, x_intake, x_store, at->membership_known);
    };
    listener.revoked = [at](PartitionId partition) {
      std::unique_ptr<Partition> gone;
      {
        const std::lock_guard lock(at->mutex);
        gone = std::move(at->partitions[partition]);
        at->partitions.erase(partition);
      }
    };
    // One group a topic: a static member may stand in a group only once.
    auto membership = x_log.join(x_group + "-" + std::string(name_of(feed)), name, x_config.member, std::move(listener));
    if (membership.has_error()) {
      at->joined.set_value(nullptr);
      return membership.error();
    }
    at->membership = std::move(*membership);
    at->joined.set_value(at->membership.get());
    x_topics.push_back(std::move(topic));
  }
  return {};
}

}  // namespace ioc::ingest
