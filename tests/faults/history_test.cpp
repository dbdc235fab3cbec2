// The checker finds what it is there for: histories in memory, each with one planted fault.
#include "tests/faults/history.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace ioc::faults;

namespace {

constexpr std::uint64_t kInputs = 50;
constexpr std::uint64_t kPerInput = 3;

// Two streams; each input record has three outputs in the first and one in the second. Offsets leave room for markers.
History good() {
  History history;
  history.streams = {{"decisions/0", 0, {}, {}, {}, 0, false}, {"incidents/0", 0, {}, {}, {}, 0, false}};
  for (std::uint64_t input = 0; input < kInputs; ++input) {
    for (std::uint64_t i = 0; i < kPerInput; ++i) history.streams[0].expected.push_back({1000 + input * kPerInput + i, input, i});
    history.streams[1].expected.push_back({5000 + input, input, input % 7});
  }
  for (Stream& stream : history.streams) {
    std::uint64_t offset = 0;
    for (const Expected& one : stream.expected) stream.committed.push_back({one.message, offset += one.input % 5 == 0 ? 2 : 1});
    stream.followed = stream.committed;
  }
  history.committed[0] = kInputs;
  history.events.assign(kInputs, Sent{1, true, 1, true});
  return history;
}

void erase_input(Stream& stream, std::uint64_t input) {
  for (const Expected& one : stream.expected) {
    if (one.input != input) continue;
    std::erase_if(stream.committed, [&](const Seen& seen) { return seen.message == one.message; });
  }
  stream.followed = stream.committed;
}

struct Counts {
  std::uint64_t lost = 0, duplicated = 0, reordered = 0, aborted_read = 0, torn = 0;
  friend bool operator==(const Counts&, const Counts&) = default;
};
Counts counts(const History& history) {
  const Verdict verdict = check(history);
  CHECK(verdict.clean() == verdict.findings.empty());
  return {verdict.lost, verdict.duplicated, verdict.reordered, verdict.aborted_read, verdict.torn};
}

}  // namespace

TEST_CASE("history: one that is right has nothing to find") {
  CHECK(check(good()).clean());
  CHECK(check({}).clean());
}

TEST_CASE("history: what was sent again and is twice in the input log is no fault") {
  History history = good();
  history.events[7] = {3, true, 2, true};
  CHECK(check(history).clean());
}

TEST_CASE("history: what is not committed yet may be missing") {
  History history = good();
  history.committed[0] = kInputs - 1;
  for (Stream& stream : history.streams) erase_input(stream, kInputs - 1);
  CHECK(check(history).clean());
}

TEST_CASE("history: a planted loss is found") {
  History history = good();
  for (Stream& stream : history.streams) erase_input(stream, 20);
  CHECK(counts(history) == Counts{.lost = kPerInput + 1});
}

TEST_CASE("history: the last transaction is missed like any other") {
  History history = good();
  for (Stream& stream : history.streams) erase_input(stream, kInputs - 1);
  CHECK(counts(history) == Counts{.lost = kPerInput + 1});
}

TEST_CASE("history: an acknowledged event that is not in the log is a loss") {
  History history = good();
  history.events[3].in_log = 0;
  CHECK(counts(history) == Counts{.lost = 1});
  history.events[3] = {1, true, 1, false};
  CHECK(counts(history) == Counts{.lost = 1});
  history.events[3] = {1, false, 0, true};
  CHECK(check(history).clean());
}

TEST_CASE("history: a planted double is found, next to its original and much later") {
  for (const std::size_t distance : {std::size_t{1}, std::size_t{60}}) {
    History history = good();
    auto& stream = history.streams[0];
    const Seen copy{stream.committed[30].message, 0};
    stream.committed.insert(stream.committed.begin() + 30 + static_cast<std::ptrdiff_t>(distance), copy);
    for (std::size_t i = 0; i < stream.committed.size(); ++i) stream.committed[i].offset = i;
    stream.followed = stream.committed;
    CHECK(counts(history) == Counts{.duplicated = 1});
  }
}

TEST_CASE("history: an event that the log holds more often than it was sent is a double") {
  History history = good();
  history.events[3].in_log = 2;
  CHECK(counts(history) == Counts{.duplicated = 1});
}

TEST_CASE("history: a planted swap is found") {
  History history = good();
  auto& committed = history.streams[0].committed;
  std::swap(committed[10].message, committed[11].message);
  history.streams[0].followed = committed;
  CHECK(counts(history) == Counts{.reordered = 1});
}

TEST_CASE("history: a block that comes late counts once for each of its messages") {
  History history = good();
  auto& committed = history.streams[1].committed;
  std::rotate(committed.begin() + 10, committed.begin() + 13, committed.begin() + 30);
  for (std::size_t i = 0; i < committed.size(); ++i) committed[i].offset = i;
  history.streams[1].followed = committed;
  CHECK(counts(history) == Counts{.reordered = 3});
}

TEST_CASE("history: a planted aborted read is found") {
  History history = good();
  auto& followed = history.streams[1].followed;
  // Offset 6 was of a transaction that was aborted: the same message was sent again and is at another offset.
  followed.insert(followed.begin() + 5, Seen{5020, history.streams[1].committed[4].offset + 1});
  CHECK(counts(history) == Counts{.aborted_read = 1});
}

TEST_CASE("history: a committed message that no input gives is found") {
  History history = good();
  history.streams[1].committed.push_back({77, 900});
  history.streams[1].followed = history.streams[1].committed;
  CHECK(counts(history) == Counts{.aborted_read = 1});
}

TEST_CASE("history: a planted torn transaction is found, within a topic and between topics") {
  History history = good();
  SECTION("one of three outputs is missing") {
    auto& committed = history.streams[0].committed;
    committed.erase(committed.begin() + 31);
    history.streams[0].followed = committed;
    CHECK(counts(history) == Counts{.lost = 1, .torn = 1});
  }
  SECTION("the outputs in one topic are missing") {
    erase_input(history.streams[1], 20);
    CHECK(counts(history) == Counts{.lost = 1, .torn = 1});
  }
  SECTION("the offset was committed with another history's hash") {
    history.hashes[0] = {"hash=1", "hash=1"};
    CHECK(check(history).clean());
    history.hashes[0].second = "hash=2";
    CHECK(counts(history) == Counts{.torn = 1});
  }
  SECTION("the outputs are there, the offset is not") {
    history.committed[0] = kInputs - 2;
    CHECK(counts(history) == Counts{.torn = 2});
  }
  SECTION("some of the outputs are there, the offset is not") {
    history.committed[0] = kInputs - 1;
    erase_input(history.streams[1], kInputs - 1);
    CHECK(counts(history) == Counts{.torn = 1});
  }
}

TEST_CASE("history: a follower that misses, repeats or goes back is found") {
  History history = good();
  auto& followed = history.streams[0].followed;
  SECTION("misses") {
    followed.erase(followed.begin() + 9);
    CHECK(counts(history) == Counts{.lost = 1});
  }
  SECTION("repeats") {
    followed.insert(followed.begin() + 9, followed[8]);
    CHECK(counts(history) == Counts{.duplicated = 1});
  }
  SECTION("goes back") {
    std::swap(followed[8], followed[9]);
    CHECK(counts(history) == Counts{.reordered = 1});
  }
  SECTION("stopped early, which is no fault") {
    followed.resize(20);
    CHECK(check(history).clean());
  }
  SECTION("began late, which is no fault") {
    history.streams[0].followed_from = followed[9].offset;
    followed.erase(followed.begin(), followed.begin() + 9);
    CHECK(check(history).clean());
  }
}

namespace {

// Of every fifth input of partition 0 an event goes to partition 1, where the input of the same number receives it.
History two_areas() {
  History history = good();
  history.streams.push_back({"events/1 from 0", 0, {}, {}, {}, 0, false});
  history.streams.push_back({"decisions/1", 1, {}, {}, {}, 0, false});
  Stream& handed_over = history.streams[2];
  Stream& there = history.streams[3];
  for (std::uint64_t input = 0; input < kInputs; input += 5) {
    handed_over.expected.push_back({7000 + input, input, 0});
    handed_over.committed.push_back({7000 + input, 2 * input});
    there.expected.push_back({8000 + input, input, 0});
    there.committed.push_back({8000 + input, 3 * input});
    history.events[input].handed_over = 1;
  }
  for (Stream* stream : {&handed_over, &there}) stream->followed = stream->committed;
  history.committed[1] = kInputs;
  return history;
}

void erase_at(Stream& stream, std::size_t at) {
  stream.committed.erase(stream.committed.begin() + static_cast<std::ptrdiff_t>(at));
  stream.followed = stream.committed;
}

}  // namespace

TEST_CASE("history: a planted loss of an event that went to another area is found") {
  History history = two_areas();
  CHECK(check(history).clean());
  SECTION("it never came there: home says that it went, nobody decided on it") {
    erase_at(history.streams[2], 4);
    history.streams[3].expected.erase(history.streams[3].expected.begin() + 4);
    erase_at(history.streams[3], 4);
    history.events[20].handed_over = 0;
    history.events[20].places = 0;
    CHECK(counts(history) == Counts{.lost = 2, .torn = 1});
  }
  SECTION("it came there and the output is missing") {
    erase_at(history.streams[3], 4);
    history.events[20].places = 0;
    CHECK(counts(history) == Counts{.lost = 2});
  }
}

TEST_CASE("history: a planted double of an event that went to another area is found") {
  History history = two_areas();
  auto& handed_over = history.streams[2].committed;
  SECTION("it came there twice: the undisturbed machine there takes the second for a repetition") {
    handed_over.insert(handed_over.begin() + 5, {handed_over[4].message, handed_over[4].offset + 1});
    history.streams[2].followed = handed_over;
    CHECK(counts(history) == Counts{.duplicated = 1});
    history.events[20].handed_over = 2;
    CHECK(counts(history) == Counts{.duplicated = 2});
  }
  SECTION("home and target decided on it") {
    history.events[20].places = 2;
    CHECK(counts(history) == Counts{.duplicated = 1});
  }
}

TEST_CASE("history: a planted swap and a planted aborted read between areas are found") {
  History history = two_areas();
  Stream& handed_over = history.streams[2];
  SECTION("swap") {
    std::swap(handed_over.committed[3].message, handed_over.committed[4].message);
    handed_over.followed = handed_over.committed;
    CHECK(counts(history) == Counts{.reordered = 1});
  }
  SECTION("a live reader saw what was aborted and sent again") {
    handed_over.followed.insert(handed_over.followed.begin() + 4, {handed_over.committed[4].message, handed_over.committed[3].offset + 1});
    CHECK(counts(history) == Counts{.aborted_read = 1});
  }
  SECTION("an event came there that home never sent") {
    handed_over.committed.push_back({99, 900});
    handed_over.followed = handed_over.committed;
    CHECK(counts(history) == Counts{.aborted_read = 1});
  }
  SECTION("it went there, the offset of home is not past it") {
    history.committed[0] = 45;
    erase_input(history.streams[0], 45);
    erase_input(history.streams[1], 45);
    for (std::uint64_t input = 46; input < kInputs; ++input) {
      erase_input(history.streams[0], input);
      erase_input(history.streams[1], input);
    }
    CHECK(counts(history) == Counts{.torn = 1});
  }
}

TEST_CASE("history: an event that the log holds and nobody decided on is a loss") {
  History history = good();
  history.events[3].places = 0;
  CHECK(counts(history) == Counts{.lost = 1});
}

TEST_CASE("history: a subscriber's numbers have no gap, no double and go up") {
  History history = good();
  auto& numbers = history.streams[1].numbers;
  for (std::uint64_t i = 1; i <= kInputs; ++i) numbers.push_back(i);
  CHECK(check(history).clean());
  SECTION("a gap") {
    numbers.erase(numbers.begin() + 7, numbers.begin() + 9);
    CHECK(counts(history) == Counts{.lost = 2});
  }
  SECTION("the first ones") {
    numbers.erase(numbers.begin());
    CHECK(counts(history) == Counts{.lost = 1});
  }
  SECTION("a double") {
    numbers.insert(numbers.begin() + 7, numbers[7]);
    CHECK(counts(history) == Counts{.duplicated = 1});
  }
  SECTION("a swap") {
    std::swap(numbers[7], numbers[8]);
    CHECK(counts(history) == Counts{.lost = 1, .reordered = 1});
  }
}

TEST_CASE("history: a compacted topic may miss what a later message of its key replaced, and nothing else") {
  History history = good();
  Stream& stream = history.streams[1];
  stream.compacted = true;
  stream.committed.erase(stream.committed.begin() + 3, stream.committed.begin() + 20);
  CHECK(check(history).clean());
  SECTION("the newest of a key") {
    stream.committed.pop_back();
    stream.followed = stream.committed;
    CHECK(counts(history) == Counts{.lost = 1, .torn = 1});
  }
  SECTION("a follower saw another message where a committed one is") {
    stream.followed.back().message = stream.followed[2].message;
    CHECK(counts(history).aborted_read == 1);
  }
}
