// The bytes on disk are as libs/log/embedded/README.md says: a log of today is read by the program of tomorrow.
#include <catch2/catch.hpp>

#include "libs/log/embedded/block.h"
#include "libs/log/embedded/layout.h"

using namespace ioc;
using namespace ioc::log;
using namespace ioc::log::embedded;

namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char each : bytes) {
    text.push_back("0123456789abcdef"[each >> 4]);
    text.push_back("0123456789abcdef"[each & 15]);
  }
  return text;
}

constexpr std::int64_t kTime = 1634517600000;

std::shared_ptr<const Block> example() {
  BlockBuilder builder;
  builder.start({3, 0}, 1000, kTime);
  Message hello;
  hello.key = "cam-7";
  hello.value = "hello";
  builder.add(1000, kTime, hello);
  Message gone;
  gone.key = "cam-8";
  gone.tombstone = true;
  gone.headers = {{"h", "1"}};
  builder.add(1001, kTime, gone);
  return builder.finish(1001, kTime);
}

}  // namespace

TEST_CASE("embedded layout: the documented block is written byte for byte") {
  CHECK(hex(offset_key({3, 0}, 1000)) == "000000030000000000000000000003e8");
  CHECK(hex(example()->bytes) ==
        "01e903000000000000020000000047d7907c0100000047d7907c0100008d1a0908"
        "100000000723541e000000" "0563616d2d37" "0568656c6c6f" "00"
        "0f0000004ddea188010001" "0563616d2d38" "00" "01" "0168" "0131");
}

TEST_CASE("embedded layout: a block is read back as it was written") {
  const auto written = example();
  const auto block = parse_block(offset_key({3, 0}, 1000), written->bytes).value();
  CHECK(block.first == 1000);
  CHECK(block.last == 1001);
  CHECK(block.records == 2);
  BlockReader records(block);
  Entry entry;
  REQUIRE(records.next(entry, "t/0").has_value());
  CHECK(entry.value == "hello");
  CHECK(entry.appended_at.ms() == kTime);
  REQUIRE(records.next(entry, "t/0").has_value());
  CHECK(entry.tombstone);
  CHECK(entry.headers.size() == 1);
  CHECK(records.at_end());
}

TEST_CASE("embedded layout: a block that was cut off or prolonged is Corrupt at any length") {
  const auto bytes = example()->bytes;
  const auto readable = [](const std::string& stored) {
    const auto block = parse_block(offset_key({3, 0}, 1000), stored);
    if (!block) return false;
    Entry entry;
    for (BlockReader records(*block); !records.at_end();) {
      if (!records.next(entry, "t/0")) return false;
    }
    return true;
  };
  CHECK(readable(bytes));
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(readable(bytes.substr(0, size)));
  CHECK_FALSE(readable(bytes + "x"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK_FALSE(readable(flipped));
  }
}

TEST_CASE("embedded layout: descriptions and committed offsets are sealed") {
  const auto segment = encode(Segment{1000, 1001, 2, 80, kTime, kTime});
  CHECK(hex(segment) == "e90702" "50" "808edd86c92f" "808edd86c92f" "e460a786" "5e6476c5");
  CHECK(parse_segment(1000, segment)->bytes == 80);
  CommitState state;
  state.epoch = 2;
  state.next = 1002;
  state.metadata = "h";
  const auto committed = encode(state);
  CHECK(hex(committed) == "0201ea07016867" "51ce24317" "7ad20");
  CHECK(parse_commit(committed)->next == 1002U);
  for (std::size_t at = 0; at < committed.size(); ++at) {
    auto flipped = committed;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK_FALSE(parse_commit(flipped).has_value());
  }
  CHECK(hex(commit_key("ioc-triage", {3, 0})) == "0000000300000000696f632d747269616765");
  const auto parsed = parse_topic("t", encode(StoredTopic{7, {"t", 2, true, Millis(5000), 4096}}));
  REQUIRE(parsed.has_value());
  CHECK(parsed->number == 7);
  CHECK(parsed->config.compacted);
  CHECK(parsed->config.retention_time == Millis(5000));
}
