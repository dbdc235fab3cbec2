// Contract of libs/log/log.h: retention by time and size, compaction, and what readers and range() say after both.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "tests/libs/log/contract/steps.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::contract;

namespace {

// Cleaning happens in its own time, so it is waited for, with something appended now and then as a live topic has it.
template <class Done>
bool wait_cleaned(LogFixture& fixture, Done done) {
  const auto deadline = std::chrono::steady_clock::now() + fixture.cleaning_patience();
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

void fill(LogFixture& fixture, const std::string& topic, std::uint64_t bytes) {
  const std::string value(std::max<std::uint64_t>(1000, fixture.segment_bytes() / 16), 'f');
  for (std::uint64_t sent = 0; sent < bytes; sent += value.size()) {
    append(fixture, fixture.log(), topic, kFirst, text("filler", value));
  }
}

TopicConfig topic_of(const std::string& name) {
  TopicConfig config;
  config.name = name;
  return config;
}

void check_range_is_readable(LogFixture& fixture, const std::string& topic) {
  Log& log = fixture.log();
  // Retention may move the start between the question and the reading.
  REQUIRE(wait_cleaned(fixture, [&] {
    const auto range = log.range(topic, kFirst).value();
    auto reader = log.read(topic, kFirst, range.first);
    if (!reader) return false;
    return (*reader)->poll(10, 1 << 20).has_value();
  }));
  auto reader = log.read(topic, kFirst, Offset(0));
  if (reader) {
    Result<Batch> batch = (*reader)->poll(10, 1 << 20);
    for (int i = 0; i < 100 && batch && batch->entries.empty(); ++i) {
      wait_ready(fixture, **reader);
      batch = (*reader)->poll(10, 1 << 20);
    }
    REQUIRE_FALSE(batch.has_value());
    CHECK(batch.error().kind == ErrorKind::Permanent);
  } else {
    CHECK(reader.error().kind == ErrorKind::Permanent);
  }
}

}  // namespace

TEST_CASE("contract: retention by size moves the start on, and older positions are Permanent errors") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  auto config = topic_of(fixture->unique("by-size"));
  config.retention_bytes = 4 * fixture->segment_bytes();
  fixture->make_quickly_cleaned(config);
  fill(*fixture, config.name, 12 * fixture->segment_bytes());
  const auto last = append(*fixture, log, config.name, kFirst, text("last", ""));
  REQUIRE(wait_cleaned(*fixture, [&] { return log.range(config.name, kFirst).value().first.value() > 0; }));
  const auto range = log.range(config.name, kFirst).value();
  CHECK(range.end.value() > last.value());
  CHECK(range.first < last);
  check_range_is_readable(*fixture, config.name);
  CHECK(read_all(*fixture, log, config.name, kFirst, last).size() == 1);
}

TEST_CASE("contract: retention by time removes what is old and keeps offsets going") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  auto config = topic_of(fixture->unique("by-time"));
  config.retention_time = Millis(1500);
  fixture->make_quickly_cleaned(config);
  fill(*fixture, config.name, 2 * fixture->segment_bytes());
  const auto old_end = log.range(config.name, kFirst).value().end;
  REQUIRE(wait_cleaned(*fixture, [&] {
    append(*fixture, log, config.name, kFirst, text("young", std::string(1000, 'y')));
    const auto range = log.range(config.name, kFirst).value();
    return range.first.value() > 0 && range.first.value() + 100 > old_end.value();
  }));
  const auto newest = append(*fixture, log, config.name, kFirst, text("newest", ""));
  CHECK(newest.value() >= old_end.value());
  check_range_is_readable(*fixture, config.name);
}

TEST_CASE("contract: changed retention of an existing topic is applied") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  auto config = topic_of(fixture->unique("changed"));
  fixture->make_quickly_cleaned(config);
  fill(*fixture, config.name, 8 * fixture->segment_bytes());
  CHECK(log.range(config.name, kFirst).value().first == Offset(0));
  config.retention_bytes = 2 * fixture->segment_bytes();
  REQUIRE(log.ensure_topics(std::span(&config, 1)).has_value());
  CHECK(wait_cleaned(*fixture, [&] { return log.range(config.name, kFirst).value().first.value() > 0; }));
}

TEST_CASE("contract: compaction keeps the newest of every key, in order, and removes what a tombstone removed") {
  auto fixture = make_fixture();
  Log& log = fixture->log();
  auto config = topic_of(fixture->unique("compacted"));
  config.compacted = true;
  fixture->make_quickly_cleaned(config);
  constexpr int kKeys = 20;
  constexpr int kRounds = 20;
  std::map<std::string, std::uint64_t> newest;
  for (int round = 0; round < kRounds; ++round) {
    for (int key = 0; key < kKeys; ++key) {
      const auto name = "key-" + std::to_string(key);
      newest[name] =
          append(*fixture, log, config.name, kFirst, text(name, std::to_string(round) + std::string(500, '.'))).value();
    }
  }
  Message gone = text("key-7", "");
  gone.tombstone = true;
  append(*fixture, log, config.name, kFirst, gone);
  newest.erase("key-7");
  fill(*fixture, config.name, 3 * fixture->segment_bytes());
  std::vector<Seen> seen;
  const bool cleaned = wait_cleaned(*fixture, [&] {
    append(*fixture, log, config.name, kFirst, text("filler", std::string(1000, 'f')));
    seen = read_all(*fixture, log, config.name, kFirst);
    std::size_t records = 0;
    for (const auto& each : seen) records += each.key.starts_with("key-") && !each.tombstone ? 1 : 0;
    return records == newest.size();
  });
  CHECK(cleaned);
  std::map<std::string, std::uint64_t> found;
  std::uint64_t previous = 0;
  for (const auto& each : seen) {
    CHECK((previous == 0 || each.offset > previous));
    previous = each.offset;
    if (each.key.starts_with("key-") && !each.tombstone) found[each.key] = each.offset;
  }
  CHECK(found == newest);
  const auto range = log.range(config.name, kFirst).value();
  CHECK(range.first.value() <= seen.front().offset);
  CHECK(range.end.value() > seen.back().offset);
}
