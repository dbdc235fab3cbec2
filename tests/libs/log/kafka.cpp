// What only the log on Kafka has to show; the contract is in contract*.cpp.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "libs/log/kafka/kafka.h"
#include "tests/libs/log/kafka_broker.h"

namespace ioc::log {
namespace {

using namespace std::chrono_literals;
constexpr auto kPatience = 60s;

KafkaSettings settings() {
  KafkaSettings settings;
  settings.bootstrap = test::KafkaBroker::instance().bootstrap();
  settings.session_timeout = 6s;
  settings.transaction_timeout = 6s;
  return settings;
}

std::unique_ptr<Log> connect() { return connect_kafka(settings()).value(); }

std::string fresh_topic(Log& log, std::uint32_t partitions = 1) {
  static std::atomic<int> counter{0};
  TopicConfig topic{.name = "test-" + std::to_string(counter++), .partitions = partitions};
  REQUIRE(log.ensure_topics({&topic, 1}).has_value());
  return topic.name;
}

Message message(std::string value) { return {.key = "key", .value = std::move(value), .headers = {}}; }

Result<Offset> append(Log& log, const std::string& topic, std::string value) {
  std::promise<Result<Offset>> promise;
  auto future = promise.get_future();
  log.append(topic, PartitionId(0), message(std::move(value)),
             [&promise](Result<Offset> offset) { promise.set_value(std::move(offset)); });
  REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
  return future.get();
}

CommitResult commit(Owner& owner, Transaction transaction) {
  std::promise<CommitResult> promise;
  auto future = promise.get_future();
  owner.commit(std::move(transaction), [&promise](CommitResult result) { promise.set_value(std::move(result)); });
  REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
  return future.get();
}

void wait_ready(Reader& reader) {
  std::promise<void> promise;
  auto future = promise.get_future();
  reader.when_ready([&promise] { promise.set_value(); });
  const bool ready = future.wait_for(kPatience) == std::future_status::ready;
  reader.when_ready({});
  REQUIRE(ready);
}

// All values up to the end that readers may see. The end passes a committed transaction a moment after its commit
// was answered (the broker writes the markers then): so this waits until it has read `at_least` so many.
std::vector<std::string> values(Log& log, const std::string& topic, std::size_t at_least) {
  auto reader = log.read(topic, PartitionId(0), Offset(0)).value();
  std::vector<std::string> values;
  while (true) {
    const Batch batch = reader->poll(100, 1 << 20).value();
    for (const Entry& entry : batch.entries) values.emplace_back(entry.value);
    if (values.size() >= at_least && reader->position() >= log.range(topic, PartitionId(0)).value().end) return values;
    if (batch.entries.empty()) wait_ready(*reader);
  }
}

Transaction transaction(const std::string& topic, std::vector<std::string> outputs, std::uint64_t next,
                        std::string metadata = "") {
  Transaction transaction{.outputs = {}, .next = Offset(next), .metadata = std::move(metadata)};
  for (std::string& output : outputs) transaction.outputs.push_back({topic, PartitionId(0), message(std::move(output))});
  return transaction;
}

TEST_CASE("kafka: an address where nobody answers is Transient and says so") {
  KafkaSettings nowhere = settings();
  nowhere.bootstrap = "127.0.0.1:1";
  nowhere.connect_timeout = 1s;
  const auto log = connect_kafka(nowhere);
  REQUIRE(log.has_error());
  CHECK(log.error().kind == ErrorKind::Transient);
  CHECK(log.error().message.find("127.0.0.1:1") != std::string::npos);
}

TEST_CASE("kafka: a client property that librdkafka refuses is Permanent and named") {
  KafkaSettings wrong = settings();
  wrong.client_properties = {"no.such.setting=1"};
  const auto log = connect_kafka(wrong);
  REQUIRE(log.has_error());
  CHECK(log.error().kind == ErrorKind::Permanent);
  CHECK(log.error().message.find("no.such.setting") != std::string::npos);
}

TEST_CASE("kafka: ensure_topics names every difference of an existing topic") {
  auto log = connect();
  TopicConfig topic{.name = fresh_topic(*log, 2), .partitions = 2};
  REQUIRE(log->ensure_topics({&topic, 1}).has_value());
  topic.partitions = 3;
  topic.compacted = true;
  const auto result = log->ensure_topics({&topic, 1});
  REQUIRE(result.has_error());
  CHECK(result.error().kind == ErrorKind::Permanent);
  CHECK(result.error().message.find("partitions is 2, wanted is 3") != std::string::npos);
  CHECK(result.error().message.find("cleanup.policy is delete, wanted is compact") != std::string::npos);
}

TEST_CASE("kafka: an empty value is not a tombstone, and headers and keys come back as they were") {
  auto log = connect();
  const std::string topic = fresh_topic(*log);
  std::vector<Message> sent{{"k", "", {}, false}, {"k", "", {}, true}, {"", "v", {{"a", "1"}, {"a", ""}}, false}};
  for (const Message& one : sent) {
    std::promise<Result<Offset>> promise;
    log->append(topic, PartitionId(0), one, [&](Result<Offset> offset) { promise.set_value(std::move(offset)); });
    REQUIRE(promise.get_future().get().has_value());
  }
  auto reader = log->read(topic, PartitionId(0), Offset(0)).value();
  std::vector<Batch> batches;
  std::vector<Entry> entries;
  while (entries.size() < sent.size()) {
    wait_ready(*reader);
    batches.push_back(reader->poll(100, 1 << 20).value());
    entries.insert(entries.end(), batches.back().entries.begin(), batches.back().entries.end());
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    CHECK(entries[i].key == sent[i].key);
    CHECK(entries[i].value == sent[i].value);
    CHECK(entries[i].tombstone == sent[i].tombstone);
    REQUIRE(entries[i].headers.size() == sent[i].headers.size());
  }
  CHECK(entries[2].headers[0].second == "1");
  CHECK(entries[2].headers[1].second.empty());
  reader.reset();
  CHECK(entries[2].value == "v");  // the batch outlives its reader
}

TEST_CASE("kafka: outputs, offset and metadata travel together, and the log's end passes the control marker") {
  auto log = connect();
  const std::string in = fresh_topic(*log);
  const std::string out = fresh_topic(*log);
  auto membership = log->join("g-" + in, in, "member", {}).value();
  auto owner = membership->owner(PartitionId(0));
  const Committed before = owner->acquire().value();
  CHECK(!before.next);
  REQUIRE(commit(*owner, transaction(out, {"a", "b"}, 7, "epoch=1")).outcome == CommitOutcome::Committed);
  CHECK(values(*log, out, 2) == std::vector<std::string>{"a", "b"});
  const Committed after = owner->acquire().value();
  REQUIRE(after.next.has_value());
  CHECK(after.next->value() == 7);
  CHECK(after.metadata == "epoch=1");
}

TEST_CASE("kafka: a second owner fences the first, whose outputs are never seen") {
  auto log = connect();
  const std::string in = fresh_topic(*log);
  const std::string out = fresh_topic(*log);
  auto membership = log->join("g-" + in, in, "member", {}).value();
  auto first = membership->owner(PartitionId(0));
  REQUIRE(first->acquire().has_value());
  REQUIRE(commit(*first, transaction(out, {"first"}, 1)).outcome == CommitOutcome::Committed);
  auto second = membership->owner(PartitionId(0));
  CHECK(second->acquire().value().next == Offset(1));
  CHECK(commit(*first, transaction(out, {"zombie"}, 2)).outcome == CommitOutcome::Fenced);
  CHECK(commit(*first, transaction(out, {"zombie"}, 2)).outcome == CommitOutcome::Fenced);
  REQUIRE(commit(*second, transaction(out, {"second"}, 2)).outcome == CommitOutcome::Committed);
  CHECK(values(*log, out, 2) == std::vector<std::string>{"first", "second"});
}

TEST_CASE("kafka: a transaction that cannot be written is aborted, invisible, and the next one goes through") {
  auto log = connect();
  const std::string in = fresh_topic(*log);
  const std::string out = fresh_topic(*log);
  auto membership = log->join("g-" + in, in, "member", {}).value();
  auto owner = membership->owner(PartitionId(0));
  REQUIRE(owner->acquire().has_value());
  Transaction wrong = transaction(out, {"seen by nobody"}, 1);
  wrong.outputs.push_back({out, PartitionId(9), {.key = "k", .value = "v", .headers = {{"name", "value"}}}});
  CHECK(commit(*owner, std::move(wrong)).outcome == CommitOutcome::Aborted);
  REQUIRE(commit(*owner, transaction(out, {"seen"}, 1)).outcome == CommitOutcome::Committed);
  CHECK(values(*log, out, 1) == std::vector<std::string>{"seen"});
}

TEST_CASE("kafka: a member that leaves hands its partition over without waiting for the session timeout") {
  auto log = connect();
  const std::string in = fresh_topic(*log);
  std::promise<void> first_has, second_has;
  std::atomic<int> revoked{0};
  auto first = log->join("g-" + in, in, "a", {[&](PartitionId) { first_has.set_value(); },
                                             [&](PartitionId) { ++revoked; }}).value();
  REQUIRE(first_has.get_future().wait_for(kPatience) == std::future_status::ready);
  auto second = log->join("g-" + in, in, "b", {[&](PartitionId) { second_has.set_value(); }, {}}).value();
  const auto left = std::chrono::steady_clock::now();
  first.reset();
  CHECK(revoked >= 1);
  REQUIRE(second_has.get_future().wait_for(kPatience) == std::future_status::ready);
  INFO("handed over after " << std::chrono::duration<double>(std::chrono::steady_clock::now() - left).count() << " s");
}

TEST_CASE("kafka: killed in the middle of commits, a broker that comes back loses and doubles nothing") {
  auto& broker = test::KafkaBroker::instance();
  auto log = connect();
  const std::string in = fresh_topic(*log);
  const std::string out = fresh_topic(*log);
  auto membership = log->join("g-" + in, in, "member", {}).value();
  auto owner = membership->owner(PartitionId(0));
  REQUIRE(owner->acquire().has_value());
  constexpr std::uint64_t kTransactions = 400;
  std::atomic<std::uint64_t> next{0};
  std::thread chaos([&] {
    for (const std::uint64_t at : {50u, 150u}) {
      while (next < at) std::this_thread::sleep_for(1ms);
      broker.kill();
      broker.restart();
    }
  });
  std::vector<std::string> wanted;
  std::uint64_t doubts = 0;
  const auto deadline = std::chrono::steady_clock::now() + 4 * kPatience;
  while (next < kTransactions && std::chrono::steady_clock::now() < deadline) {
    const std::string value = "effect-" + std::to_string(next);
    const CommitResult result = commit(*owner, transaction(out, {value}, next + 1));
    if (result.outcome == CommitOutcome::Committed) ++next;
    INFO(result.detail);
    CHECK(result.outcome != CommitOutcome::Fenced);
    if (result.outcome == CommitOutcome::Fenced) break;
    if (result.outcome != CommitOutcome::Unknown) continue;
    ++doubts;
    auto committed = owner->acquire();
    while (!committed && std::chrono::steady_clock::now() < deadline) committed = owner->acquire();
    REQUIRE(committed.has_value());
    next = committed->next ? committed->next->value() : 0;
  }
  chaos.join();
  REQUIRE(next == kTransactions);
  for (std::uint64_t i = 0; i < kTransactions; ++i) wanted.push_back("effect-" + std::to_string(i));
  CHECK(values(*log, out, wanted.size()) == wanted);
  CHECK(doubts >= 1);
}

TEST_CASE("kafka: a topic that was there is not called missing while the broker is away or comes up") {
  auto& broker = test::KafkaBroker::instance();
  KafkaSettings impatient = settings();
  impatient.connect_timeout = 300ms;
  auto log = connect_kafka(impatient).value();
  const std::string topic = fresh_topic(*log);
  REQUIRE(log->range(topic, PartitionId(0)).has_value());
  std::atomic<bool> up{false};
  std::thread restart([&] {
    broker.stop();
    broker.restart();
    up = true;
  });
  while (!up) {
    const auto range = log->range(topic, PartitionId(0));
    if (!range) CHECK(range.error().kind == ErrorKind::Transient);
    const auto reader = log->read(topic, PartitionId(0), Offset(0));
    if (!reader) CHECK(reader.error().kind == ErrorKind::Transient);
  }
  restart.join();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!log->range(topic, PartitionId(0)) && std::chrono::steady_clock::now() < deadline) {
  }
  CHECK(log->range(topic, PartitionId(0)).has_value());
}

TEST_CASE("kafka: a member that lost its place while the broker stood still is not taken for a fenced one") {
  auto& broker = test::KafkaBroker::instance();
  auto log = connect();
  const std::string in = fresh_topic(*log);
  const std::string out = fresh_topic(*log);
  std::promise<void> lost;
  std::atomic<bool> was_lost{false};
  auto membership = log->join("g-" + in, in, "member", {{}, [&](PartitionId) {
                                                          if (!was_lost.exchange(true)) lost.set_value();
                                                        }}).value();
  auto owner = membership->owner(PartitionId(0));
  REQUIRE(owner->acquire().has_value());
  REQUIRE(commit(*owner, transaction(out, {"0"}, 1)).outcome == CommitOutcome::Committed);
  broker.pause();
  const bool noticed = lost.get_future().wait_for(kPatience) == std::future_status::ready;
  broker.resume();
  REQUIRE(noticed);
  std::uint64_t next = 1;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (next < 5 && std::chrono::steady_clock::now() < deadline) {
    const CommitResult result = commit(*owner, transaction(out, {std::to_string(next)}, next + 1));
    INFO(result.detail);
    REQUIRE(result.outcome != CommitOutcome::Fenced);
    if (result.outcome == CommitOutcome::Committed) ++next;
    if (result.outcome != CommitOutcome::Unknown) continue;
    const auto committed = owner->acquire();
    if (committed) next = committed->next->value();
  }
  REQUIRE(next == 5);
  CHECK(values(*log, out, 5) == std::vector<std::string>{"0", "1", "2", "3", "4"});
}

TEST_CASE("kafka: a member that another one of its name replaced waits, and comes back when that one is gone") {
  auto log = connect();
  const std::string in = fresh_topic(*log);
  std::atomic<int> first_has{0}, second_has{0};
  const auto becomes = [](std::atomic<int>& has, int wanted) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (has != wanted && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(10ms);
    return has == wanted;
  };
  auto first = log->join("g-" + in, in, "member", {[&](PartitionId) { ++first_has; }, [&](PartitionId) { --first_has; }}).value();
  REQUIRE(becomes(first_has, 1));
  auto other = connect();
  auto second = other->join("g-" + in, in, "member", {[&](PartitionId) { ++second_has; }, [&](PartitionId) { --second_has; }}).value();
  REQUIRE(becomes(second_has, 1));
  REQUIRE(becomes(first_has, 0));
  auto owner = first->owner(PartitionId(0));
  const auto refused = owner->acquire();
  REQUIRE(refused.has_error());
  CHECK(refused.error().kind == ErrorKind::Transient);
  second.reset();
  REQUIRE(becomes(first_has, 1));
  CHECK(owner->acquire().has_value());
}

TEST_CASE("kafka: a member is back in its place after a broker stood still for longer than its requests live") {
  auto& broker = test::KafkaBroker::instance();
  KafkaSettings quick = settings();
  quick.session_timeout = 3s;
  quick.transaction_timeout = 3s;
  auto log = connect_kafka(quick).value();
  const std::string in = fresh_topic(*log);
  std::atomic<int> has{0};
  auto membership = log->join("g-" + in, in, "member", {[&](PartitionId) { ++has; }, [&](PartitionId) { --has; }}).value();
  auto owner = membership->owner(PartitionId(0));
  REQUIRE(owner->acquire().has_value());
  broker.pause();
  std::this_thread::sleep_for(8s);  // requests to join are repeated meanwhile
  broker.resume();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  auto acquired = owner->acquire();
  while (!acquired && std::chrono::steady_clock::now() < deadline) acquired = owner->acquire();
  CHECK(acquired.has_value());
}

TEST_CASE("kafka: readers and appends go on after the broker was restarted") {
  auto log = connect();
  const std::string topic = fresh_topic(*log);
  auto reader = log->read(topic, PartitionId(0), Offset(0)).value();
  REQUIRE(append(*log, topic, "before").has_value());
  test::KafkaBroker::instance().stop();
  const auto while_down = append(*log, topic, "while down");
  REQUIRE(while_down.has_error());
  CHECK(while_down.error().kind == ErrorKind::Transient);
  test::KafkaBroker::instance().restart();
  Result<Offset> after = append(*log, topic, "after");
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!after && std::chrono::steady_clock::now() < deadline) after = append(*log, topic, "after");
  REQUIRE(after.has_value());
  std::string last;
  while (last != "after") {
    wait_ready(*reader);
    const Batch batch = reader->poll(100, 1 << 20).value();
    for (const Entry& entry : batch.entries) last = entry.value;
  }
}

TEST_CASE("kafka: more bytes than queued_bytes_max are refused at once, and the rest arrives") {
  KafkaSettings small = settings();
  small.queued_bytes_max = 1 << 20;
  auto log = connect_kafka(small).value();
  const std::string topic = fresh_topic(*log);
  test::KafkaBroker::instance().pause();
  std::atomic<int> refused{0}, done{0};
  const std::string value(100'000, 'x');
  for (int i = 0; i < 20; ++i)
    log->append(topic, PartitionId(0), message(value), [&](Result<Offset> offset) {
      if (!offset && offset.error().kind == ErrorKind::Transient) ++refused;
      ++done;
    });
  CHECK(refused == 10);
  CHECK(log->stats().queued_bytes <= small.queued_bytes_max);
  test::KafkaBroker::instance().resume();
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (done < 20 && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(5ms);
  REQUIRE(done == 20);
  CHECK(refused == 10);
  CHECK(log->stats().queued_bytes == 0);
}

}  // namespace
}  // namespace ioc::log
