#include "bench/copy_loop.h"

#include <librdkafka/rdkafka.h>
#include <sys/resource.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "libs/log/kafka/kafka.h"

namespace ioc::bench {

namespace {

using Clock = std::chrono::steady_clock;

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Meter {
 public:
  void count(std::uint64_t events) {
    if (x_cost.events == 0) {
      x_cpu = cpu_seconds();
      x_began = Clock::now();
    }
    x_cost.events += events;
  }
  [[nodiscard]] std::uint64_t events() const { return x_cost.events; }
  CopyCost result() {
    x_cost.cpu_seconds = cpu_seconds() - x_cpu;
    x_cost.wall_seconds = std::chrono::duration<double>(Clock::now() - x_began).count();
    return x_cost;
  }

 private:
  CopyCost x_cost;
  double x_cpu = 0;
  Clock::time_point x_began;
};

rd_kafka_t* client(rd_kafka_type_t type, std::initializer_list<std::pair<const char*, std::string>> settings) {
  char why[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value.c_str(), why, sizeof why) != RD_KAFKA_CONF_OK) throw std::runtime_error(why);
  if (type == RD_KAFKA_PRODUCER)
    rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t*, void*) {});
  rd_kafka_t* made = rd_kafka_new(type, conf, why, sizeof why);
  if (made == nullptr) throw std::runtime_error(why);
  return made;
}

void must(rd_kafka_error_t* error) {
  if (error != nullptr) throw std::runtime_error(rd_kafka_error_string(error));
}

// Where the copies go: to one topic as they are, or to the topics that the job names for each event.
class Outputs {
 public:
  Outputs(rd_kafka_t* producer, const CopyJob& job) : x_producer(producer), x_job(job) {
    // Known to the producer before the first transaction: a new topic costs up to a second.
    if (job.outputs == nullptr) topic(job.to);
    else
      for (const auto& one : *job.outputs)
        for (const CopyOutput& output : one) topic(output.topic);
  }
  void produce(std::uint64_t number, const rd_kafka_message_t& message) {
    if (x_job.outputs == nullptr) return send(topic(x_job.to), 0, message.payload, message.len, message.key, message.key_len);
    for (const CopyOutput& output : x_job.outputs->at(number))
      send(topic(output.topic), output.partition, output.value.data(), output.value.size(), output.key.data(), output.key.size());
  }
  void close() {
    for (const auto& [name, topic] : x_topics) rd_kafka_topic_destroy(topic);
    x_topics.clear();
  }

 private:
  rd_kafka_topic_t* topic(const std::string& name) {
    const auto found = x_topics.find(name);
    if (found != x_topics.end()) return found->second;
    return x_topics[name] = rd_kafka_topic_new(x_producer, name.c_str(), nullptr);
  }
  static void send(rd_kafka_topic_t* to, std::int32_t partition, const void* value, std::size_t size, const void* key,
                   std::size_t key_size) {
    if (rd_kafka_produce(to, partition, RD_KAFKA_MSG_F_COPY, const_cast<void*>(value), size, key, key_size, nullptr) != 0)
      throw std::runtime_error(std::string("not produced: ") + rd_kafka_err2str(rd_kafka_last_error()));
  }

  rd_kafka_t* x_producer;
  const CopyJob& x_job;
  std::map<std::string, rd_kafka_topic_t*> x_topics;
};

}  // namespace

CopyCost copy_bare(const CopyJob& job) {
  rd_kafka_t* consumer =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", job.bootstrap}, {"group.id", "bare-" + job.to},
                                 {"socket.nagle.disable", "true"}, {"fetch.wait.max.ms", "20"},
                                 {"queued.min.messages", "1000000"}, {"enable.auto.commit", "false"}});
  rd_kafka_t* producer =
      client(RD_KAFKA_PRODUCER, {{"bootstrap.servers", job.bootstrap}, {"transactional.id", "bare-" + job.to},
                                 {"socket.nagle.disable", "true"}, {"linger.ms", "0"}, {"retry.backoff.ms", "2"},
                                 {"queue.buffering.max.messages", "1000000"}});
  must(rd_kafka_init_transactions(producer, 30'000));
  Outputs outputs(producer, job);
  rd_kafka_topic_partition_list_t* offsets = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(offsets, job.from.c_str(), 0)->offset = 0;
  rd_kafka_assign(consumer, offsets);
  rd_kafka_consumer_group_metadata_t* group = rd_kafka_consumer_group_metadata_new(("bare-" + job.to).c_str());
  Meter meter;
  Clock::time_point due = Clock::now();
  while (meter.events() < job.stop_after) {
    std::uint64_t copied = 0;
    while (copied == 0 || Clock::now() < due) {
      rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, copied == 0 ? 100 : 1);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (copied++ == 0) must(rd_kafka_begin_transaction(producer));
        outputs.produce(meter.events() + copied - 1, *message);
        offsets->elems[0].offset = message->offset + 1;
      }
      rd_kafka_message_destroy(message);
    }
    meter.count(copied);
    must(rd_kafka_send_offsets_to_transaction(producer, offsets, group, 30'000));
    must(rd_kafka_commit_transaction(producer, 30'000));
    due = Clock::now() + job.gap;
  }
  const CopyCost cost = meter.result();
  rd_kafka_consumer_group_metadata_destroy(group);
  rd_kafka_topic_partition_list_destroy(offsets);
  outputs.close();
  rd_kafka_destroy(producer);
  rd_kafka_destroy(consumer);
  return cost;
}

namespace {

// Waits on one thing at a time: the reader or the commit.
class Signal {
 public:
  void set() {
    const std::lock_guard lock(x_mutex);
    x_set = true;
    x_changed.notify_one();
  }
  void wait_for(std::chrono::milliseconds limit) {
    std::unique_lock lock(x_mutex);
    x_changed.wait_for(lock, limit, [this] { return x_set; });
    x_set = false;
  }

 private:
  std::mutex x_mutex;
  std::condition_variable x_changed;
  bool x_set = false;
};

}  // namespace

CopyCost copy_seam(const CopyJob& job) {
  log::KafkaSettings settings;
  settings.bootstrap = job.bootstrap;
  const auto log = log::connect_kafka(settings).value();
  static_cast<void>(log->partitions_of(job.to).value());
  const auto membership = log->join("seam-" + job.to, job.from, "bench", {}).value();
  const auto owner = membership->owner(PartitionId(0));
  static_cast<void>(owner->acquire().value());
  const auto reader = log->read(job.from, PartitionId(0), Offset(0)).value();
  Meter meter;
  Signal readable, committed;
  Clock::time_point due = Clock::now();
  while (meter.events() < job.stop_after) {
    log::Transaction transaction;
    while (transaction.outputs.empty() || Clock::now() < due) {
      const log::Batch batch = reader->poll(100'000, 64 << 20).value();
      for (const log::Entry& entry : batch.entries)
        transaction.outputs.push_back(
            {job.to, PartitionId(0), {std::string(entry.key), std::string(entry.value), {}, false}});
      transaction.next = batch.next;
      if (!batch.entries.empty()) continue;
      reader->when_ready([&] { readable.set(); });
      readable.wait_for(transaction.outputs.empty() ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1));
      reader->when_ready({});
    }
    meter.count(transaction.outputs.size());
    log::CommitResult result;
    owner->commit(std::move(transaction), [&](log::CommitResult said) {
      result = std::move(said);
      committed.set();
    });
    committed.wait_for(std::chrono::minutes(1));
    if (result.outcome != log::CommitOutcome::Committed || !result.detail.empty())
      throw std::runtime_error("not committed: " + result.detail);
    due = Clock::now() + job.gap;
  }
  return meter.result();
}

}  // namespace ioc::bench
