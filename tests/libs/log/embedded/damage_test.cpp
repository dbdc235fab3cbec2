// Damage below RocksDB: files cut short and bits flipped at drawn places. What can be read is what was written, or the place
// is named; nothing is passed over in silence.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

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

constexpr std::uint64_t kRecords = 400;
constexpr int kCuts = 40;
constexpr int kFlips = 80;

std::uint64_t draw(std::uint64_t number) {
  std::uint64_t x = number * 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

std::string value_of(std::uint64_t number) { return "value " + std::to_string(number) + std::string(number % 300, '.'); }

// What a reader of all three topics gets, or the first thing that stops it.
struct Content {
  std::vector<std::string> in, out_a, out_b;
  std::uint64_t committed = 0;
  std::optional<std::string> refused;
  friend bool operator==(const Content&, const Content&) = default;
};

std::optional<std::string> read_topic(Log& log, const std::string& topic, std::vector<std::string>& into) {
  const auto range = log.range(topic, kFirst);
  if (!range) return range.error().message;
  auto reader = log.read(topic, kFirst, range->first);
  if (!reader) return reader.error().message;
  while ((*reader)->position() < range->end) {
    const auto batch = (*reader)->poll(1000, 1 << 20);
    if (!batch) return batch.error().message;
    for (const auto& entry : batch->entries) into.emplace_back(entry.value);
    if (batch->entries.empty()) return topic + ": the end cannot be reached";
  }
  return std::nullopt;
}

Content read_content(const std::string& folder) {
  Content content;
  const auto log = open_embedded(folder, test::small_log_settings());
  if (!log) {
    content.refused = log.error().message;
    return content;
  }
  for (const auto& [topic, into] : {std::pair{"in", &content.in}, {"out-a", &content.out_a}, {"out-b", &content.out_b}}) {
    content.refused = read_topic(**log, topic, *into);
    if (content.refused) return content;
  }
  const auto member = (*log)->join("group", "in", "member", {}).value();
  const auto committed = member->owner(kFirst)->acquire();
  if (!committed) content.refused = committed.error().message;
  if (committed && committed->next) content.committed = committed->next->value();
  return content;
}

std::vector<std::filesystem::path> data_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    const auto name = each.path().filename().string();
    // RocksDB's own diary and lock hold nothing of ours.
    if (each.is_regular_file() && each.file_size() > 0 && !name.starts_with("LOG") && name != "LOCK") files.push_back(each.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::filesystem::path newest_wal(const std::string& folder) {
  std::filesystem::path newest;
  for (const auto& each : data_files(folder)) {
    if (each.extension() == ".log") newest = each;
  }
  return newest;
}

// A log that was killed: part of it in table files, the newest part in the write-ahead log.
const std::string& killed_log() {
  static const test::Folder folder;
  static const bool made = test::Child("child: writes a log and dies with it open", folder.path()).wait() == test::kChildDone;
  REQUIRE(made);
  static const std::string path = folder.path() + "/log";
  return path;
}

void copy_to(const std::string& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::copy(killed_log(), folder, std::filesystem::copy_options::recursive);
}

}  // namespace

TEST_CASE("child: writes a log and dies with it open", "[.child]") {
  auto settings = test::small_log_settings();
  settings.cleaning_interval = std::chrono::hours(1);
  for (const std::uint64_t until : {kRecords / 2, kRecords}) {
    auto log = open_embedded(test::child_folder() + "/log", settings).value();
    std::vector<TopicConfig> topics(3);
    topics[0].name = "in";
    topics[1].name = "out-a";
    topics[2].name = "out-b";
    REQUIRE(log->ensure_topics(topics).has_value());
    auto member = log->join("group", "in", "member", {}).value();
    auto owner = member->owner(kFirst);
    REQUIRE(owner->acquire().has_value());
    for (std::uint64_t i = until - kRecords / 2; i < until; ++i) {
      log->append("in", kFirst, text("k", value_of(i)), [](auto) {});
      Transaction transaction;
      transaction.outputs = {output("out-a", kFirst, "k", value_of(i)), output("out-b", kFirst, "k", value_of(i))};
      transaction.next = Offset(i + 1);
      Answer<CommitResult> answer;
      owner->commit(std::move(transaction), [answer](CommitResult result) mutable { answer.set(result); });
      REQUIRE(answer.wait(std::chrono::seconds(30))->outcome == CommitOutcome::Committed);
    }
    if (until == kRecords) ::_exit(test::kChildDone);
  }
}

TEST_CASE("embedded log: what is cut off its newest file is missed if it was acknowledged; without that knowledge what is left is whole") {
  const test::Folder work;
  const std::string folder = work.path() + "/log";
  copy_to(folder);
  const auto size = std::filesystem::file_size(newest_wal(folder));
  REQUIRE(size > 10'000);
  std::size_t shortened = 0;
  std::size_t missed = 0;
  for (int cut = 0; cut < kCuts; ++cut) {
    copy_to(folder);
    const auto left = draw(static_cast<std::uint64_t>(cut)) % size;
    std::filesystem::resize_file(newest_wal(folder), left);
    const bool knows = cut % 2 == 0;  // else as after a power cut that the count of acknowledged groups did not survive
    if (!knows) std::filesystem::remove(folder + "/acknowledged");
    INFO("cut to " << left << " of " << size << " bytes");
    const Content content = read_content(folder);
    if (content.refused) {
      CHECK(content.refused->find(folder) != std::string::npos);
      if (knows) CHECK(content.refused->find("are gone") != std::string::npos);
      missed += knows ? 1 : 0;
      continue;
    }
    CHECK((!knows || content.in.size() == kRecords));
    CHECK(content.out_a == content.out_b);
    CHECK(content.out_a.size() == content.committed);
    for (const auto* topic : {&content.in, &content.out_a}) {
      for (std::size_t i = 0; i < topic->size(); ++i) REQUIRE((*topic)[i] == value_of(i));
    }
    shortened += content.in.size() < kRecords ? 1 : 0;
  }
  CHECK(shortened > kCuts / 4);
  CHECK(missed > kCuts / 4);
}

TEST_CASE("embedded log: a bit flipped anywhere is refused with the place named, or changes nothing that can be read") {
  const test::Folder work;
  const std::string folder = work.path() + "/log";
  copy_to(folder);
  const Content whole = read_content(folder);
  REQUIRE_FALSE(whole.refused);
  REQUIRE(whole.in.size() == kRecords);
  int refused = 0;
  for (int flip = 0; flip < kFlips; ++flip) {
    copy_to(folder);
    const auto files = data_files(folder);
    const auto drawn = draw(1'000 + static_cast<std::uint64_t>(flip));
    const auto& file = files[drawn % files.size()];
    const auto at = (drawn >> 8) % std::filesystem::file_size(file);
    {
      std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
      stream.seekg(static_cast<std::streamoff>(at));
      const int byte = stream.get();
      stream.seekp(static_cast<std::streamoff>(at));
      stream.put(static_cast<char>(byte ^ (1 << (drawn >> 60) % 8)));
    }
    INFO("bit of byte " << at << " of " << file.filename().string());
    const auto report = verify_embedded(folder, [](auto, auto) {});
    const bool verify_finds = !report || report->fault_count() > 0;
    const Content content = read_content(folder);
    if (!content.refused) {
      CHECK(content == whole);
      continue;
    }
    ++refused;
    INFO(*content.refused);
    CHECK(verify_finds);
    const bool names_place = content.refused->find(folder) != std::string::npos || content.refused->find("offset") != std::string::npos;
    CHECK(names_place);
  }
  CHECK(refused > kFlips / 4);
}

TEST_CASE("embedded log: a store that lost its beginnings is refused, not begun anew") {
  const test::Folder work;
  const std::string folder = work.path() + "/log";
  copy_to(folder);
  for (const auto& each : data_files(folder)) {
    if (each.filename() != "acknowledged") std::filesystem::remove(each);
  }
  const auto opened = open_embedded(folder, test::small_log_settings());
  REQUIRE_FALSE(opened.has_value());
  CHECK(opened.error().kind == ErrorKind::Corrupt);
  CHECK(opened.error().message.find("are gone from " + folder) != std::string::npos);
}
