// What only the embedded log promises: damage is named, a full disk stops and resumes, restarts are quick.
#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "libs/log/embedded/block.h"
#include "libs/log/embedded/embedded_log.h"
#include "libs/log/embedded/layout.h"
#include "libs/log/embedded/verify.h"
#include "libs/store/store.h"
#include "tests/libs/log/contract/steps.h"
#include "tests/libs/log/embedded/settings.h"
#include "tests/libs/store/child.h"
#include "tests/libs/store/folder.h"
#include "tests/libs/store/small_disk.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::contract;

namespace {

std::unique_ptr<Log> open_in(const std::string& folder, const EmbeddedSettings& settings = test::small_log_settings()) {
  auto opened = open_embedded(folder, settings);
  if (!opened) FAIL(opened.error().message);
  return std::move(*opened);
}

std::unique_ptr<store::Store> open_store(const std::string& folder) {
  store::Options options;
  options.families = embedded::family_names();
  return store::Store::open(folder, options).value();
}

Result<Offset> append_now(Log& log, const std::string& topic, Message message) {
  Answer<Result<Offset>> answer;
  log.append(topic, kFirst, std::move(message), [answer](Result<Offset> result) mutable { answer.set(result); });
  const auto result = answer.wait(std::chrono::seconds(30));
  if (!result) FAIL("no answer to an append");
  return *result;
}

// Replaces the value of the block with this first offset by what `change` makes of it.
template <class Change>
void change_block(const std::string& folder, std::uint64_t first, Change change) {
  auto store = open_store(folder);
  const auto key = embedded::offset_key({1, 0}, first);
  auto value = store->get(embedded::kBlocks, key).value();
  REQUIRE(value.has_value());
  store::Batch batch;
  change(batch, key, *value);
  REQUIRE(store->write(batch, store::Sync::Yes).has_value());
}

// Ten blocks of one record each, closed.
void make_ten(const std::string& folder) {
  auto log = open_in(folder);
  ensure(*log, "t");
  for (int i = 0; i < 10; ++i) REQUIRE(append_now(*log, "t", text("key", "value " + std::to_string(i))).has_value());
}

std::string all_faults(const std::string& folder) {
  const auto report = verify_embedded(folder, [](auto, auto) {});
  if (!report) return report.error().message;
  std::string all;
  for (const auto& each : report->faults) all += each + "\n";
  for (const auto& partition : report->partitions) {
    for (const auto& each : partition.faults) all += partition.name + ": " + each + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("embedded log: any flipped bit of a block is found on reading and named with topic, partition and offset") {
  const test::Folder folder;
  make_ten(folder.path());
  std::size_t size = 0;
  change_block(folder.path(), 5, [&](store::Batch& batch, const std::string& key, const std::string& value) {
    size = value.size();
    batch.put(embedded::kBlocks, key, value);
  });
  // One byte of the header's check, one of every part of the record.
  for (const std::size_t at : {std::size_t{0}, std::size_t{3}, std::size_t{30}, std::size_t{34}, std::size_t{40}, size - 2}) {
    const auto flip = [at](store::Batch& batch, const std::string& key, std::string value) {
      value[at] = static_cast<char>(value[at] ^ 4);
      batch.put(embedded::kBlocks, key, value);
    };
    change_block(folder.path(), 5, flip);
    INFO("byte " << at);
    auto opened = open_embedded(folder.path(), test::small_log_settings());
    if (opened) {
      auto reader = (*opened)->read("t", kFirst, Offset(0)).value();
      const auto before = reader->poll(100, 1 << 20);
      REQUIRE(before.has_value());
      CHECK(before->entries.size() == 5);
      const auto damaged = reader->poll(100, 1 << 20);
      REQUIRE_FALSE(damaged.has_value());
      CHECK(damaged.error().kind == ErrorKind::Corrupt);
      CHECK(damaged.error().message.find("t/0") != std::string::npos);
      CHECK(damaged.error().message.find("offset 5") != std::string::npos);
    } else {
      CHECK(opened.error().kind != ErrorKind::Transient);
      CHECK(opened.error().message.find("t/0") != std::string::npos);
      CHECK(opened.error().message.find("offset 5") != std::string::npos);
    }
    opened = permanent("closed");
    CHECK(all_faults(folder.path()).find("offset 5") != std::string::npos);
    change_block(folder.path(), 5, flip);
  }
  CHECK(all_faults(folder.path()).empty());
}

TEST_CASE("embedded log: a block that was lost or lies in another's place is found, never passed over") {
  const test::Folder folder;
  make_ten(folder.path());
  SECTION("lost") {
    change_block(folder.path(), 5, [](store::Batch& batch, const std::string& key, const std::string&) {
      batch.erase(embedded::kBlocks, key);
    });
    const auto opened = open_embedded(folder.path(), test::small_log_settings());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().kind == ErrorKind::Corrupt);
    CHECK(opened.error().message.find("offset 5") != std::string::npos);
    CHECK(all_faults(folder.path()).find("offsets 5 to 5 are missing") != std::string::npos);
  }
  SECTION("in another's place") {
    change_block(folder.path(), 6, [&](store::Batch& batch, const std::string&, const std::string& value) {
      batch.put(embedded::kBlocks, embedded::offset_key({1, 0}, 5), value);
    });
    CHECK(all_faults(folder.path()).find("offset 5") != std::string::npos);
  }
}

TEST_CASE("embedded log: verify finds a committed offset past the end and records of no topic") {
  const test::Folder folder;
  make_ten(folder.path());
  CHECK(all_faults(folder.path()).empty());
  {
    auto store = open_store(folder.path());
    store::Batch batch;
    embedded::CommitState state;
    state.next = 11;
    batch.put(embedded::kCommits, embedded::commit_key("g", {1, 0}), embedded::encode(state));
    batch.put(embedded::kBlocks, embedded::offset_key({9, 0}, 0), "x");
    REQUIRE(store->write(batch, store::Sync::Yes).has_value());
  }
  const auto faults = all_faults(folder.path());
  CHECK(faults.find("group g has committed offset 11") != std::string::npos);
  CHECK(faults.find("topic number 9") != std::string::npos);
}

TEST_CASE("embedded log: verify leaves a log alone that a process has open, and says so where there is none") {
  const test::Folder folder;
  const auto none = verify_embedded(folder.path() + "/log", [](auto, auto) {});
  REQUIRE_FALSE(none.has_value());
  CHECK(none.error().kind == ErrorKind::Permanent);
  CHECK_FALSE(std::filesystem::exists(folder.path() + "/log"));
  // Locks are between processes: the one that has it open is another.
  {
    test::Child child("child: holds a log open", folder.path());
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!std::filesystem::exists(folder.path() + "/open") && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const auto held = verify_embedded(folder.path() + "/log", [](auto, auto) {});
    REQUIRE_FALSE(held.has_value());
    CHECK(held.error().kind == ErrorKind::Transient);
  }
  CHECK(all_faults(folder.path() + "/log").empty());
}

TEST_CASE("child: holds a log open", "[.child]") {
  const auto log = open_in(test::child_folder() + "/log");
  std::ofstream(test::child_folder() + "/open") << "open";
  for (;;) ::pause();
}

TEST_CASE("embedded log: append times wait for a clock that went back a little while it was closed, and follow one that was set") {
  const test::Folder folder;
  const bool was_set = GENERATE(false, true);
  const auto ahead = wall_now().ms() + (was_set ? 3'600'000 : 50'000);
  make_ten(folder.path());
  {
    // As a log looks whose machine's clock was ahead.
    auto store = open_store(folder.path());
    embedded::BlockBuilder builder;
    builder.start({1, 0}, 10, ahead);
    builder.add(10, ahead, text("key", "from the future"));
    const auto block = builder.finish(10, ahead);
    store::Batch batch;
    batch.put(embedded::kBlocks, embedded::offset_key({1, 0}, 10), block->bytes);
    REQUIRE(store->write(batch, store::Sync::Yes).has_value());
  }
  auto log = open_in(folder.path());
  REQUIRE(append_now(*log, "t", text("key", "after")).value() == Offset(11));
  auto reader = log->read("t", kFirst, Offset(10)).value();
  const auto batch = reader->poll(10, 1000).value();
  REQUIRE(batch.entries.size() == 2);
  if (was_set) CHECK(batch.entries[1].appended_at.ms() < ahead - 3'500'000);
  else CHECK(batch.entries[1].appended_at.ms() == ahead);
  CHECK(log->range("t", kFirst).value().end == Offset(12));
  reader.reset();
  log.reset();
  CHECK(all_faults(folder.path()).empty());
}

TEST_CASE("embedded log: below its reserve of free disk it stops taking in, keeps reading and goes on by itself") {
  const test::SmallDisk disk(48 << 20);
  if (!disk.mounted()) {
    WARN("not allowed to mount a small disk: this test needs root");
    return;
  }
  auto settings = test::small_log_settings();
  settings.segment_bytes = 1 << 20;
  SECTION("with a reserve") { settings.reserve_bytes = 8 << 20; }
  SECTION("without a reserve: the disk itself refuses") { settings.reserve_bytes = 0; }
  std::vector<Offset> kept;
  {
    auto log = open_in(disk.path() + "/log", settings);
    ensure(*log, "t");
    auto member = log->join("g", "t", "m", {[](PartitionId) {}, [](PartitionId) {}}).value();
    auto owner = member->owner(kFirst);
    REQUIRE(owner->acquire().has_value());
    std::string value(100000, 0);
    std::uint64_t x = 1;
    std::optional<Error> refused;
    for (int i = 0; i < 2000 && !refused; ++i) {
      for (auto& each : value) each = static_cast<char>((x = x * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
      const auto done = append_now(*log, "t", text("k", value));
      if (done) kept.push_back(*done);
      if (!done) refused = done.error();
    }
    REQUIRE(refused.has_value());
    CHECK(refused->kind == ErrorKind::Transient);
    if (settings.reserve_bytes > 0) {
      CHECK(refused->message.find("reserve_bytes") != std::string::npos);
      // RocksDB gives old files back when it pleases, also while the commit is on its way: then it is taken, and asked again
      // with what was given back filled.
      std::ofstream ballast(disk.path() + "/ballast", std::ios::binary);
      CommitOutcome outcome = CommitOutcome::Committed;
      for (std::uint64_t attempt = 1; attempt <= 20 && outcome == CommitOutcome::Committed; ++attempt) {
        for (std::uint64_t free = std::filesystem::space(disk.path()).available; free > settings.reserve_bytes / 4; free -= 1 << 20) {
          ballast << std::string(1 << 20, 'b') << std::flush;
        }
        Transaction transaction;
        transaction.outputs = {output("t", kFirst, "k", "v")};
        transaction.next = Offset(attempt);
        Answer<CommitResult> answer;
        owner->commit(std::move(transaction), [answer](CommitResult result) mutable { answer.set(result); });
        outcome = answer.wait(std::chrono::seconds(30))->outcome;
        if (outcome == CommitOutcome::Committed) kept.push_back(Offset(kept.size()));
      }
      CHECK(outcome == CommitOutcome::Aborted);
    }
    CHECK(log->range("t", kFirst).value().end == Offset(kept.size()));
    auto reader = log->read("t", kFirst, Offset(0)).value();
    CHECK(reader->poll(1, 1000).value().entries.size() == 1);
    test::SmallDisk::resize(disk.path(), 128 << 20);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    auto done = append_now(*log, "t", text("k", "after"));
    while (!done && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      done = append_now(*log, "t", text("k", "after"));
    }
    REQUIRE(done.has_value());
    CHECK(done.value() == Offset(kept.size()));
    kept.push_back(*done);
  }
  CHECK(all_faults(disk.path() + "/log").empty());
  auto log = open_in(disk.path() + "/log", settings);
  CHECK(log->range("t", kFirst).value().end == Offset(kept.size()));
}

TEST_CASE("embedded log: a message over the limit is Permanent and a name that cannot be a topic is refused") {
  const test::Folder folder;
  auto settings = test::small_log_settings();
  settings.message_bytes_max = 10000;
  auto log = open_in(folder.path(), settings);
  ensure(*log, "t");
  const auto done = append_now(*log, "t", text("k", std::string(20000, 'v')));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().kind == ErrorKind::Permanent);
  TopicConfig bad;
  bad.name = "a/b";
  bad.partitions = 0;
  const auto refused = log->ensure_topics(std::span(&bad, 1));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("letters") != std::string::npos);
  CHECK(refused.error().message.find("partitions") != std::string::npos);
}

TEST_CASE("embedded log: a second member takes the group over, the first is told and its owners are fenced") {
  const test::Folder folder;
  auto log = open_in(folder.path());
  ensure(*log, "t", 2);
  std::atomic<int> first_has{0};
  std::atomic<int> second_has{0};
  std::atomic<bool> overlapped{false};
  Answer<bool> first_full;
  Answer<bool> second_full;
  auto first = log->join("g", "t", "one", {[&](PartitionId) { if (++first_has == 2) first_full.set(true); },
                                           [&](PartitionId) { --first_has; }}).value();
  REQUIRE(first_full.wait(std::chrono::seconds(10)).has_value());
  auto old_owner = first->owner(kFirst);
  REQUIRE(old_owner->acquire().has_value());
  auto second = log->join("g", "t", "two", {[&](PartitionId) {
                                              if (first_has != 0) overlapped = true;
                                              if (++second_has == 2) second_full.set(true);
                                            },
                                            [&](PartitionId) { --second_has; }}).value();
  REQUIRE(second_full.wait(std::chrono::seconds(10)).has_value());
  CHECK_FALSE(overlapped);
  CHECK(first_has == 0);
  Answer<CommitResult> answer;
  old_owner->commit({}, [answer](CommitResult result) mutable { answer.set(result); });
  CHECK(answer.wait(std::chrono::seconds(10))->outcome == CommitOutcome::Fenced);
  CHECK_FALSE(old_owner->acquire().has_value());
  CHECK(second->owner(kFirst)->acquire().has_value());
}

TEST_CASE("embedded log: what waits when the log is closed is made durable and answered") {
  const test::Folder folder;
  std::atomic<int> done{0};
  {
    auto log = open_in(folder.path());
    ensure(*log, "t");
    for (int i = 0; i < 1000; ++i) {
      log->append("t", kFirst, text("k", std::string(100, 'v')), [&](Result<Offset> result) { done += result ? 1 : 0; });
    }
  }
  CHECK(done == 1000);
  CHECK(open_in(folder.path())->range("t", kFirst).value().end == Offset(1000));
}

TEST_CASE("embedded log: writers share syncs") {
  const test::Folder folder;
  auto log = open_in(folder.path());
  ensure(*log, "t");
  const auto before = log->stats();
  std::atomic<int> done{0};
  std::vector<std::thread> writers;
  for (int w = 0; w < 4; ++w) {
    writers.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) log->append("t", kFirst, text("k", "v"), [&](Result<Offset>) { ++done; });
    });
  }
  for (auto& each : writers) each.join();
  append_now(*log, "t", text("last", ""));
  const auto after = log->stats();
  CHECK(after.appended - before.appended == 8001);
  CHECK(after.syncs - before.syncs < 4000);
  CHECK(after.disk_bytes > 0);
  CHECK(after.queued_bytes_max == test::small_log_settings().queued_bytes_max);
}

TEST_CASE("embedded log: readers behind the tail and on it see the same records") {
  const test::Folder folder;
  auto log = open_in(folder.path());
  ensure(*log, "t");
  constexpr int kRecords = 3000;
  std::atomic<int> done{0};
  auto slow = log->read("t", kFirst, Offset(0)).value();
  for (int i = 0; i < kRecords; ++i) {
    log->append("t", kFirst, text("k", std::to_string(i) + std::string(200, '.')), [&](Result<Offset>) { ++done; });
    if (i % 100 == 0) slow->poll(7, 1 << 20).value();
  }
  append_now(*log, "t", text("last", ""));
  std::uint64_t expected = slow->position().value();
  bool right = true;
  while (slow->position().value() <= kRecords) {
    const auto batch = slow->poll(13, 1 << 20).value();
    REQUIRE_FALSE(batch.entries.empty());
    for (const auto& entry : batch.entries) {
      if (entry.key == "last") break;
      right = right && entry.offset.value() == expected &&
              entry.value.starts_with(std::to_string(expected) + ".");
      ++expected;
    }
  }
  CHECK(right);
  CHECK(expected == kRecords);
}
