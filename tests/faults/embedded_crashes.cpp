#include "tests/faults/embedded_crashes.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "libs/base/hash.h"
#include "libs/log/embedded/embedded_log.h"
#include "libs/log/embedded/verify.h"
#include "tests/faults/process.h"
#include "tests/faults/reference.h"
#include "tests/faults/workload.h"

namespace ioc::faults {
namespace {

constexpr PartitionId kPartition{0};
constexpr std::uint64_t kWriters = 3;
constexpr std::uint64_t kKillsPerFolder = 25;
const std::string kIn = "in";
const std::array<std::string, 2> kOut = {"out-a", "out-b"};

// Written whole or not at all: files take such lines in one call.
struct Line {
  enum class Kind : std::uint64_t { Acknowledged, Read } kind;
  std::uint64_t number;  // of the event; of the topic that was read
  std::uint64_t offset, message;
};

log::EmbeddedSettings small() {
  log::EmbeddedSettings settings;
  settings.segment_bytes = 64 << 10;
  settings.tail_bytes_max = 32 << 10;
  settings.memtable_bytes = 1 << 20;
  settings.cache_bytes = 1 << 20;
  settings.reserve_bytes = 0;
  settings.cleaning_interval = Millis(50);
  return settings;
}

std::vector<log::TopicConfig> topics() {
  std::vector<log::TopicConfig> made(4);
  made[0].name = kIn;
  made[1].name = kOut[0];
  made[2].name = kOut[1];
  made[3].name = "compacted";  // nobody reads it: the cleaner is at work when the process dies
  made[3].compacted = true;
  return made;
}

// Events are numbered writer + kWriters * count; a writer goes on after its newest in the log.
std::array<std::uint64_t, kWriters> next_counts(log::Log& log) {
  std::array<std::uint64_t, kWriters> next{};
  read_all(log, kIn, kPartition, [&](const log::Entry& entry) {
    const std::uint64_t number = std::stoull(std::string(entry.value));
    next[number % kWriters] = number / kWriters + 1;
  });
  return next;
}

class Child {
 public:
  explicit Child(const std::string& folder) : x_log(log::open_embedded(folder + "/log", small()).value()) {
    x_log->ensure_topics(topics()).value();
    x_journal = ::open((folder + "/journal").c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (x_journal < 0) std::abort();
  }

  [[noreturn]] void run() {
    std::vector<std::thread> threads;
    const auto next = next_counts(*x_log);
    for (std::uint64_t writer = 0; writer < kWriters; ++writer) threads.emplace_back([this, writer, first = next[writer]] { append(writer, first); });
    threads.emplace_back([this] { follow(); });
    copy();
  }

 private:
  void write_down(Line line) const {
    if (::write(x_journal, &line, sizeof line) != static_cast<ssize_t>(sizeof line)) std::abort();
  }

  [[noreturn]] void append(std::uint64_t writer, std::uint64_t first) {
    for (std::uint64_t count = first;; ++count) {
      const std::uint64_t number = count * kWriters + writer;
      x_log->append("compacted", kPartition, {"k" + std::to_string(count % 10), std::string(300, 'c'), {}, false}, [](auto) {});
      x_log->append(kIn, kPartition, {std::to_string(writer), std::to_string(number), {}, false}, [this, number](Result<Offset> done) {
        if (done) write_down({Line::Kind::Acknowledged, number, done->value(), 0});
      });
      if (x_log->stats().queued_bytes > (1 << 14)) std::this_thread::sleep_for(std::chrono::microseconds(500));
    }
  }

  [[noreturn]] void follow() {
    std::vector<std::unique_ptr<log::Reader>> readers;
    for (const std::string& topic : kOut) readers.push_back(x_log->read(topic, kPartition, x_log->range(topic, kPartition).value().end).value());
    for (;;) {
      for (std::uint64_t topic = 0; topic < readers.size(); ++topic) {
        const log::Batch batch = readers[topic]->poll(100, 1 << 20).value();
        for (const log::Entry& entry : batch.entries) write_down({Line::Kind::Read, topic, entry.offset.value(), hash_of(entry.key, entry.value)});
      }
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    }
  }

  // Every input record leads to one message in each output topic, in transactions of some records.
  [[noreturn]] void copy() {
    auto member = x_log->join("group", kIn, "member", {[](PartitionId) {}, [](PartitionId) {}}).value();
    auto owner = member->owner(kPartition);
    auto reader = x_log->read(kIn, kPartition, owner->acquire().value().next.value_or(Offset(0))).value();
    for (;;) {
      const log::Batch batch = reader->poll(20, 1 << 20).value();
      if (batch.entries.empty()) continue;
      log::Transaction transaction;
      for (const log::Entry& entry : batch.entries) {
        for (const std::string& topic : kOut) {
          transaction.outputs.push_back({topic, kPartition, {std::string(entry.key), std::string(entry.value), {}, false}});
        }
      }
      transaction.next = batch.next;
      std::atomic<int> outcome{-1};
      owner->commit(std::move(transaction), [&outcome](log::CommitResult result) {
        outcome = static_cast<int>(result.outcome);
        outcome.notify_one();
      });
      outcome.wait(-1);
      if (outcome != static_cast<int>(log::CommitOutcome::Committed)) std::abort();
    }
  }

  std::unique_ptr<log::Log> x_log;
  int x_journal = -1;
};

std::vector<Line> read_journal(const std::string& folder) {
  std::vector<Line> all;
  std::ifstream file(folder + "/journal", std::ios::binary);
  Line one{};
  while (file.read(reinterpret_cast<char*>(&one), sizeof one)) all.push_back(one);
  return all;
}

std::uint64_t lines_in(const std::string& folder) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(folder + "/journal", failed);
  return failed ? 0 : size / sizeof(Line);
}

// The log as a start finds it: nothing damaged, all that was told and read is there.
Verdict check_folder(const std::string& folder, std::uint64_t& acknowledged) {
  const auto report = log::verify_embedded(folder + "/log", [](auto, auto) {}).value();
  Verdict verdict;
  for (const auto& partition : report.partitions) {
    for (const auto& fault : partition.faults) verdict.findings.push_back(partition.name + ": " + fault);
  }
  verdict.torn = report.fault_count();
  const auto log = log::open_embedded(folder + "/log", small()).value();
  History history;
  history.streams = {{kOut[0], 0, {}, {}, {}, 0, false}, {kOut[1], 0, {}, {}, {}, 0, false}};
  std::array<std::uint64_t, kWriters> next{};
  std::vector<std::uint64_t> offset_of;
  read_all(*log, kIn, kPartition, [&](const log::Entry& entry) {
    const std::uint64_t number = std::stoull(std::string(entry.value));
    if (number >= offset_of.size()) {
      offset_of.resize(number + 1);
      history.events.resize(number + 1, Sent{1, false, 0, true});
    }
    ++history.events[number].in_log;
    offset_of[number] = entry.offset.value();
    if (number / kWriters != next[number % kWriters]++) ++verdict.reordered;
    for (Stream& stream : history.streams) stream.expected.push_back({hash_of(entry.key, entry.value), entry.offset.value(), 0});
  });
  for (Stream& stream : history.streams) {
    read_all(*log, stream.name, kPartition, [&](const log::Entry& entry) {
      stream.committed.push_back({hash_of(entry.key, entry.value), entry.offset.value()});
    });
  }
  acknowledged = 0;
  for (const Line& line : read_journal(folder)) {
    if (line.kind == Line::Kind::Read) {
      history.streams[line.number].followed.push_back({line.message, line.offset});
      continue;
    }
    ++acknowledged;
    if (line.number >= history.events.size()) history.events.resize(line.number + 1, Sent{1, false, 0, true});
    Sent& sent = history.events[line.number];
    sent.acknowledged = true;
    sent.where_told = sent.in_log == 0 || offset_of[line.number] == line.offset;
  }
  // Between two lives nobody follows: what was seen is checked record by record.
  for (Stream& stream : history.streams) {
    std::vector<Seen> gaps;
    std::vector<Seen>& seen = stream.followed;
    std::size_t at = 0;
    for (const Seen& one : stream.committed) {
      if (at < seen.size() && seen[at].offset == one.offset) {
        ++at;
      } else if (at < seen.size() && one.offset < seen[at].offset) {
        gaps.push_back(one);
      }
    }
    seen.insert(seen.end(), gaps.begin(), gaps.end());
    std::stable_sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) { return a.offset < b.offset; });
  }
  const auto member = log->join("group", kIn, "member", {[](PartitionId) {}, [](PartitionId) {}}).value();
  history.committed[0] = member->owner(kPartition)->acquire().value().next.value_or(Offset(0)).value();
  merge(verdict, check(history));
  return verdict;
}

}  // namespace

void append_until_killed(const std::string& folder) { Child(folder).run(); }

Outcome crash_embedded(const std::string& self, const std::string& folder, std::uint64_t kills, std::uint64_t seed) {
  Outcome outcome;
  for (std::uint64_t kill = 0; kill < kills; ++kill) {
    const std::string here = folder + "/" + std::to_string(kill / kKillsPerFolder);
    std::filesystem::create_directories(here);
    const std::uint64_t before = lines_in(here);
    Process child({self, "--append-until-killed", here}, folder + "/children.log");
    wait_until(60, "the appending process acknowledges more", [&] {
      if (!child.running()) throw Broken("the appending process ended by itself: see " + folder + "/children.log");
      return lines_in(here) > before + 20;
    });
    std::this_thread::sleep_for(Millis(static_cast<std::int64_t>(draw(seed, kill, 5) % 60)));
    child.kill();
    std::uint64_t acknowledged = 0;
    merge(outcome.verdict, check_folder(here, acknowledged));
    ++outcome.faults;
    const bool last = kill + 1 == kills || (kill + 1) % kKillsPerFolder == 0;
    if (last) {
      outcome.events += acknowledged;
      say(fmt::format("{} kills in the middle of group commits, {} acknowledged events found again", kill + 1, outcome.events));
      if (outcome.verdict.clean()) std::filesystem::remove_all(here);
    }
  }
  return outcome;
}

}  // namespace ioc::faults
