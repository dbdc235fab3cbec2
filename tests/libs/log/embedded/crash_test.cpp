// kill -9 in the middle of group commits, again and again: what was answered is there, nothing is torn.
#include <catch2/catch.hpp>

#include <fcntl.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <map>
#include <thread>

#include "libs/log/embedded/embedded_log.h"
#include "libs/log/embedded/verify.h"
#include "tests/libs/log/contract/steps.h"
#include "tests/libs/log/embedded/settings.h"
#include "tests/libs/store/child.h"
#include "tests/libs/store/folder.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::contract;

namespace {

constexpr int kWriters = 3;

// Lines of this size are written whole or, by the last one, not at all: pipes and files take them in one call.
struct Acknowledged {
  char kind;  // 'a': append of writer `who`, number `count`; 't': transaction number `count`
  std::uint8_t who;
  std::uint64_t count;
  std::uint64_t offset;
};

std::vector<Acknowledged> read_journal(const std::string& path) {
  std::vector<Acknowledged> all;
  std::ifstream file(path, std::ios::binary);
  Acknowledged one{};
  while (file.read(reinterpret_cast<char*>(&one), sizeof one)) all.push_back(one);
  return all;
}

int kills() {
  const char* wanted = std::getenv("IOC_CRASH_KILLS");
  return wanted != nullptr ? std::atoi(wanted) : 25;
}

std::vector<TopicConfig> topics() {
  std::vector<TopicConfig> made(3);
  made[0].name = "plain";
  made[1].name = "out";
  made[1].partitions = 2;
  made[2].name = "compacted";
  made[2].compacted = true;
  return made;
}

std::uint64_t next_number(Log& log, const std::string& topic, const std::string& key) {
  const auto range = log.range(topic, kFirst).value();
  auto reader = log.read(topic, kFirst, range.first).value();
  std::uint64_t next = 0;
  while (reader->position() < range.end) {
    for (const auto& entry : reader->poll(10000, 8 << 20).value().entries) {
      if (entry.key == key) next = std::stoull(std::string(entry.value)) + 1;
    }
  }
  return next;
}

}  // namespace

TEST_CASE("child: appends and commits until it is killed", "[.child]") {
  const auto folder = test::child_folder();
  auto log = open_embedded(folder + "/log", test::small_log_settings()).value();
  REQUIRE(log->ensure_topics(topics()).has_value());
  const int journal = ::open((folder + "/journal").c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  REQUIRE(journal >= 0);
  const auto write_down = [journal](Acknowledged line) {
    if (::write(journal, &line, sizeof line) != static_cast<ssize_t>(sizeof line)) std::abort();
  };
  std::vector<std::thread> writers;
  for (std::uint8_t w = 0; w < kWriters; ++w) {
    const auto first = next_number(*log, "plain", std::to_string(w));
    writers.emplace_back([&, w, first] {
      for (auto count = first;; ++count) {
        log->append("compacted", kFirst, text("k" + std::to_string(count % 10), std::string(300, 'c')), [](auto) {});
        log->append("plain", kFirst, text(std::to_string(w), std::to_string(count)), [&, w, count](Result<Offset> done) {
          if (done) write_down({'a', w, count, done->value()});
        });
        if (log->stats().queued_bytes > (1 << 16)) std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    });
  }
  auto member = log->join("group", "plain", "m", {[](PartitionId) {}, [](PartitionId) {}}).value();
  auto owner = member->owner(kFirst);
  const auto committed = owner->acquire().value();
  for (std::uint64_t count = committed.next ? committed.next->value() : 0;; ++count) {
    Transaction transaction;
    transaction.outputs = {output("out", kFirst, "k", std::to_string(count)),
                           output("out", kSecond, "k", std::to_string(count))};
    transaction.next = Offset(count + 1);
    transaction.metadata = std::to_string(count);
    std::atomic<int> outcome{-1};
    owner->commit(std::move(transaction), [&](CommitResult result) {
      if (result.outcome == CommitOutcome::Committed) write_down({'t', 0, count, 0});
      outcome = static_cast<int>(result.outcome);
      outcome.notify_one();
    });
    outcome.wait(-1);
    if (outcome != static_cast<int>(CommitOutcome::Committed)) std::abort();
  }
}

namespace {

// All that was ever answered is there at its offset, each writer's numbers have no gap, transactions are whole.
void check_after_kill(const std::string& folder) {
  const auto report = verify_embedded(folder + "/log", [](auto, auto) {}).value();
  for (const auto& partition : report.partitions) {
    for (const auto& fault : partition.faults) FAIL(partition.name << ": " << fault);
  }
  REQUIRE(report.fault_count() == 0);
  auto log = open_embedded(folder + "/log", test::small_log_settings()).value();
  std::map<std::uint64_t, std::pair<std::string, std::string>> plain;
  std::map<std::string, std::uint64_t> next;
  bool in_order = true;
  const auto range = log->range("plain", kFirst).value();
  auto reader = log->read("plain", kFirst, Offset(0)).value();
  while (reader->position() < range.end) {
    for (const auto& entry : reader->poll(10000, 8 << 20).value().entries) {
      const std::string key(entry.key);
      const std::string value(entry.value);
      in_order = in_order && value == std::to_string(next[key]++);
      plain[entry.offset.value()] = {key, value};
    }
  }
  CHECK(in_order);
  std::uint64_t transactions = 0;
  std::uint64_t lost = 0;
  for (const auto& line : read_journal(folder + "/journal")) {
    if (line.kind == 't') {
      transactions = std::max(transactions, line.count + 1);
    } else {
      const auto found = plain.find(line.offset);
      if (found == plain.end() || found->second.first != std::to_string(line.who) ||
          found->second.second != std::to_string(line.count)) {
        ++lost;
      }
    }
  }
  CHECK(lost == 0);
  auto member = log->join("group", "plain", "m", {[](PartitionId) {}, [](PartitionId) {}}).value();
  const auto committed = member->owner(kFirst)->acquire().value();
  const auto count = committed.next ? committed.next->value() : 0;
  CHECK(count >= transactions);
  CHECK(log->range("out", kFirst).value().end == Offset(count));
  CHECK(log->range("out", kSecond).value().end == Offset(count));
}

}  // namespace

TEST_CASE("embedded log: kill -9 in the middle of group commits loses nothing acknowledged and tears nothing") {
  const test::Folder folder;
  std::size_t acknowledged = 0;
  for (int i = 0; i < kills(); ++i) {
    test::Child child("child: appends and commits until it is killed", folder.path());
    // Killed once it has acknowledged some more, after a time that differs from round to round.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (read_journal(folder.path() + "/journal").size() <= acknowledged + 20) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(i * 37 % 60));
    child.kill();
    CHECK(child.wait() == -SIGKILL);
    acknowledged = read_journal(folder.path() + "/journal").size();
    check_after_kill(folder.path());
  }
  WARN("kills: " << kills() << ", acknowledged and found again: " << acknowledged);
}
