// Contract of libs/log/log.h: appending, reading, following.
#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <thread>

#include "tests/libs/log/contract/steps.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::contract;

TEST_CASE("contract: offsets of a partition ascend in the order of appending and partitions are apart") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("order");
  ensure(log, topic, 2);
  std::vector<std::uint64_t> offsets;
  for (int i = 0; i < 20; ++i) {
    offsets.push_back(append(*fixture, log, topic, kFirst, text("k", std::to_string(i))).value());
  }
  append(*fixture, log, topic, kSecond, text("other", "x"));
  CHECK(std::adjacent_find(offsets.begin(), offsets.end(), std::greater_equal<>()) == offsets.end());
  const auto seen = read_all(*fixture, log, topic, kFirst);
  REQUIRE(seen.size() == 20);
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i].offset == offsets[i]);
    CHECK(seen[i].value == std::to_string(i));
  }
  CHECK(read_all(*fixture, log, topic, kSecond).size() == 1);
}

TEST_CASE("contract: key, value, headers, empty values and tombstones are read as they were appended") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("content");
  ensure(log, topic);
  Message full = text(std::string("k\0y", 3), std::string("v\0\xff", 3));
  full.headers = {{"ioc-format", "frigate"}, {"empty", ""}, {"ioc-format", "again"}};
  append(*fixture, log, topic, kFirst, full);
  append(*fixture, log, topic, kFirst, text("key only", ""));
  Message gone = text("key only", "");
  gone.tombstone = true;
  append(*fixture, log, topic, kFirst, gone);
  append(*fixture, log, topic, kFirst, text("", "no key"));
  const auto seen = read_all(*fixture, log, topic, kFirst);
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].key == full.key);
  CHECK(seen[0].value == full.value);
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"ioc-format", "frigate"}, {"empty", ""}, {"ioc-format", "again"}};
  CHECK(seen[0].headers == headers);
  CHECK_FALSE(seen[0].tombstone);
  CHECK(seen[1].value.empty());
  CHECK_FALSE(seen[1].tombstone);
  CHECK(seen[2].tombstone);
  CHECK(seen[2].key == "key only");
  CHECK(seen[3].key.empty());
  CHECK(seen[3].value == "no key");
}

TEST_CASE("contract: append times are the log's clock at appending") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("times");
  ensure(log, topic);
  append(*fixture, log, topic, kFirst, text("warm", "up"));
  const auto before = wall_now().ms();
  append(*fixture, log, topic, kFirst, text("k", "v"));
  const auto after = wall_now().ms();
  const auto seen = read_all(*fixture, log, topic, kFirst);
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].appended_at.ms() >= before - 1);
  CHECK(seen[1].appended_at.ms() <= after + 1);
}

TEST_CASE("contract: what was answered with an offset is readable at once, at that offset") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("visible");
  ensure(log, topic);
  for (int i = 0; i < 20; ++i) {
    const auto offset = append(*fixture, log, topic, kFirst, text("k", std::to_string(i)));
    const auto range = log.range(topic, kFirst);
    REQUIRE(range.has_value());
    CHECK(range->end.value() > offset.value());
    const auto seen = read_all(*fixture, log, topic, kFirst, offset);
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].offset == offset.value());
    CHECK(seen[0].value == std::to_string(i));
  }
}

TEST_CASE("contract: an empty partition has an empty range and a reader with nothing to say") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("empty");
  ensure(log, topic);
  const auto range = log.range(topic, kFirst).value();
  CHECK(range.first == range.end);
  auto reader = log.read(topic, kFirst, range.first).value();
  const auto batch = reader->poll(10, 1000).value();
  CHECK(batch.entries.empty());
  CHECK(batch.next == range.first);
}

TEST_CASE("contract: a follower is woken by an append, once for each asking") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("follow");
  ensure(log, topic);
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  REQUIRE(reader->poll(10, 1000).value().entries.empty());
  for (int i = 0; i < 10; ++i) {
    Answer<bool> ready;
    reader->when_ready([ready]() mutable { ready.set(true); });
    append(*fixture, log, topic, kFirst, text("k", std::to_string(i)));
    REQUIRE(ready.wait(fixture->patience()).has_value());
    const auto seen = read_count(*fixture, *reader, 1);
    CHECK(seen.front().value == std::to_string(i));
    CHECK(ready.calls() == 1);
  }
}

TEST_CASE("contract: asking a reader that has something to say is answered without another append") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("behind");
  ensure(log, topic);
  append(*fixture, log, topic, kFirst, text("k", "1"));
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  CHECK(wait_ready(*fixture, *reader));
}

TEST_CASE("contract: a request to be woken that was taken back does not fire") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("taken-back");
  ensure(log, topic);
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  Answer<bool> first;
  Answer<bool> second;
  reader->when_ready([first]() mutable { first.set(true); });
  reader->when_ready({});
  // A second request replaces the first.
  Answer<bool> replaced;
  reader->when_ready([replaced]() mutable { replaced.set(true); });
  reader->when_ready([second]() mutable { second.set(true); });
  append(*fixture, log, topic, kFirst, text("k", "1"));
  REQUIRE(second.wait(fixture->patience()).has_value());
  CHECK(first.calls() == 0);
  CHECK(replaced.calls() == 0);
}

TEST_CASE("contract: taking back while appends rush in never leaves a call running") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("race");
  ensure(log, topic);
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) append(*fixture, log, topic, kFirst, text("k", "v"));
  });
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  bool late = false;
  for (int i = 0; i < 2000; ++i) {
    auto alive = std::make_shared<std::atomic<bool>>(true);
    auto called_after = std::make_shared<std::atomic<bool>>(false);
    reader->when_ready([alive, called_after] {
      if (!*alive) *called_after = true;
    });
    reader->when_ready({});
    *alive = false;
    late = late || *called_after;
    if (i % 50 == 0) {
      while (!reader->poll(1000, 1 << 20).value().entries.empty()) {
      }
    }
  }
  stop = true;
  writer.join();
  CHECK_FALSE(late);
}

TEST_CASE("contract: a poll keeps to its limits but returns at least one entry") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("limits");
  ensure(log, topic);
  for (int i = 0; i < 10; ++i) append(*fixture, log, topic, kFirst, text("k", std::string(1000, 'v')));
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  REQUIRE(wait_ready(*fixture, *reader));
  std::size_t seen = 0;
  while (seen < 6) {
    const auto batch = reader->poll(3, 1 << 20).value();
    CHECK(batch.entries.size() <= 3);
    seen += batch.entries.size();
    if (batch.entries.empty()) wait_ready(*fixture, *reader);
  }
  std::size_t polls = 0;
  while (seen < 10) {
    const auto batch = reader->poll(100, 10).value();
    CHECK(batch.entries.size() <= 1);
    seen += batch.entries.size();
    if (batch.entries.empty()) wait_ready(*fixture, *reader);
    REQUIRE(++polls < 1000);
  }
}

TEST_CASE("contract: a reader seeks back and forth") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("seek");
  ensure(log, topic);
  std::vector<Offset> offsets;
  for (int i = 0; i < 5; ++i) offsets.push_back(append(*fixture, log, topic, kFirst, text("k", std::to_string(i))));
  auto reader = log.read(topic, kFirst, offsets[3]).value();
  CHECK(read_count(*fixture, *reader, 1).front().value == "3");
  reader->seek(offsets[1]);
  CHECK(reader->position() == offsets[1]);
  CHECK(read_count(*fixture, *reader, 1).front().value == "1");
}

TEST_CASE("contract: views of a batch stay good while the batch is held") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("views");
  ensure(log, topic);
  append(*fixture, log, topic, kFirst, text("key", "value"));
  std::optional<Batch> batch;
  {
    auto reader = log.read(topic, kFirst, Offset(0)).value();
    REQUIRE(wait_ready(*fixture, *reader));
    while (!batch || batch->entries.empty()) batch = reader->poll(10, 1000).value();
  }
  for (int i = 0; i < 100; ++i) append(*fixture, log, topic, kFirst, text("another", std::string(10000, 'x')));
  CHECK(batch->entries.front().key == "key");
  CHECK(batch->entries.front().value == "value");
}

TEST_CASE("contract: a message of 1 MiB goes through between small ones") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("huge");
  ensure(log, topic);
  std::string huge(1 << 20, 'h');
  huge.back() = '!';
  append(*fixture, log, topic, kFirst, text("a", "small"));
  append(*fixture, log, topic, kFirst, text("b", huge));
  append(*fixture, log, topic, kFirst, text("c", "small"));
  const auto seen = read_all(*fixture, log, topic, kFirst);
  REQUIRE(seen.size() == 3);
  CHECK(seen[1].value == huge);
  CHECK(seen[2].key == "c");
}

TEST_CASE("contract: many writers are each answered once, and each keeps its order") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("writers");
  ensure(log, topic, 2);
  constexpr int kWriters = 4;
  constexpr int kEach = 500;
  std::atomic<int> answered{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        log.append(topic, kFirst, text(std::to_string(w), std::to_string(i)), [&](Result<Offset> result) {
          if (!result) ++failed;
          ++answered;
        });
      }
    });
  }
  for (auto& each : writers) each.join();
  auto reader = log.read(topic, kFirst, Offset(0)).value();
  const auto seen = read_count(*fixture, *reader, kWriters * kEach);
  CHECK(seen.size() == kWriters * kEach);
  // Every append before this one was answered or will be before it.
  append(*fixture, log, topic, kFirst, text("last", ""));
  CHECK(answered == kWriters * kEach);
  CHECK(failed == 0);
  std::map<std::string, int> next;
  for (const auto& each : seen) CHECK(each.value == std::to_string(next[each.key]++));
}

TEST_CASE("contract: when too much waits already an append is answered at once with Transient") {
  auto fixture = make_fixture();
  auto log = fixture->log_with_queue(64 << 10);
  const auto topic = fixture->unique("pressure");
  ensure(*log, topic);
  constexpr int kAppends = 2000;
  std::atomic<int> refused{0};
  std::atomic<int> other{0};
  std::atomic<int> done{0};
  Answer<bool> all;
  for (int i = 0; i < kAppends; ++i) {
    log->append(topic, kFirst, text("k", std::string(8000, 'v')), [&, all](Result<Offset> result) mutable {
      if (!result) ++(result.error().kind == ErrorKind::Transient ? refused : other);
      if (++done == kAppends) all.set(true);
    });
  }
  REQUIRE(all.wait(fixture->patience()).has_value());
  CHECK(refused > 0);
  CHECK(other == 0);
  CHECK(log->stats().queued_bytes_max > 0);
  // And it goes on: what was accepted is there, no more and no less.
  append(*fixture, *log, topic, kFirst, text("after", ""));
  CHECK(read_all(*fixture, *log, topic, kFirst).size() == static_cast<std::size_t>(kAppends - refused + 1));
}

TEST_CASE("contract: appending to what does not exist is Permanent") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto topic = fixture->unique("exists");
  ensure(log, topic);
  for (const auto& [name, partition] : {std::pair(fixture->unique("missing"), kFirst), std::pair(topic, PartitionId(7))}) {
    Answer<Result<Offset>> answer;
    log.append(name, partition, text("k", "v"), [answer](Result<Offset> result) mutable { answer.set(result); });
    const auto result = answer.wait(fixture->patience() * 3);
    REQUIRE(result.has_value());
    REQUIRE_FALSE(result->has_value());
    CHECK(result->error().kind == ErrorKind::Permanent);
  }
  CHECK_FALSE(log.partitions_of(fixture->unique("missing")).value().has_value());
  CHECK(log.partitions_of(topic).value() == 1U);
  CHECK_FALSE(log.range(topic, PartitionId(7)).has_value());
}

TEST_CASE("contract: topics that exist with other partition counts are refused, each named") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  const auto one = fixture->unique("one");
  const auto two = fixture->unique("two");
  const auto fresh = fixture->unique("fresh");
  ensure(log, one, 1);
  ensure(log, two, 2);
  ensure(log, two, 2);
  std::vector<TopicConfig> wrong(3);
  wrong[0].name = one;
  wrong[0].partitions = 3;
  wrong[1].name = two;
  wrong[1].partitions = 5;
  wrong[2].name = fresh;
  const auto refused = log.ensure_topics(wrong);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::Permanent);
  CHECK(refused.error().message.find(one) != std::string::npos);
  CHECK(refused.error().message.find(two) != std::string::npos);
}

TEST_CASE("contract: a log keeps its id and its records over reopening and goes on behind them") {
  auto fixture = make_fixture();
  const auto topic = fixture->unique("reopen");
  ensure(fixture->log(), topic);
  const auto id = fixture->log().id();
  CHECK_FALSE(id.empty());
  std::vector<Seen> before;
  for (int i = 0; i < 50; ++i) append(*fixture, fixture->log(), topic, kFirst, text("k", std::to_string(i)));
  before = read_all(*fixture, fixture->log(), topic, kFirst);
  fixture->reopen();
  CHECK(fixture->log().id() == id);
  CHECK(fixture->log().partitions_of(topic).value() == 1U);
  const auto offset = append(*fixture, fixture->log(), topic, kFirst, text("k", "after"));
  CHECK(offset.value() > before.back().offset);
  const auto after = read_all(*fixture, fixture->log(), topic, kFirst);
  REQUIRE(after.size() == 51);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(after[i].offset == before[i].offset);
    CHECK(after[i].value == before[i].value);
    CHECK(after[i].appended_at == before[i].appended_at);
  }
  CHECK(after.back().value == "after");
}
