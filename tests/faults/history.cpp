#include "tests/faults/history.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ioc::faults {
namespace {

constexpr std::size_t kFindingsPerKind = 3;  // of each stream

using InputRecord = std::pair<std::uint32_t, std::uint64_t>;  // partition, offset

// Length of the longest strictly rising subsequence: what may stay where it is.
std::size_t longest_rising(const std::vector<std::size_t>& numbers) {
  std::vector<std::size_t> tails;
  for (const std::size_t number : numbers) {
    const auto at = std::lower_bound(tails.begin(), tails.end(), number);
    if (at == tails.end()) {
      tails.push_back(number);
    } else {
      *at = number;
    }
  }
  return tails.size();
}

class Checker {
 public:
  explicit Checker(const History& history) : x_history(history) {}

  Verdict run() {
    for (const Stream& stream : x_history.streams) check_committed(stream);
    for (const Stream& stream : x_history.streams) check_followed(stream);
    for (const Stream& stream : x_history.streams) check_numbers(stream);
    check_torn();
    check_sent();
    return std::move(x_verdict);
  }

 private:
  void check_committed(const Stream& stream);
  void check_followed(const Stream& stream);
  void check_numbers(const Stream& stream);
  void check_torn();
  void check_sent();
  void check_place(const Sent& sent, const std::string& event);
  bool compacted_away(const Stream& stream, const Seen& seen);
  void check_unused(const Stream& stream, const std::unordered_map<std::uint64_t, std::vector<std::size_t>>& places);
  void find(std::uint64_t& count, const std::string& where, const std::string& what, std::uint64_t by = 1);
  [[nodiscard]] std::uint64_t committed_of(const Stream& stream) const {
    const auto found = x_history.committed.find(stream.input_partition);
    return found == x_history.committed.end() ? 0 : found->second;
  }

  const History& x_history;
  Verdict x_verdict;
  std::map<std::pair<std::string, const std::uint64_t*>, std::size_t> x_found;
  std::map<const Stream*, std::unordered_set<std::uint64_t>> x_keys_there;  // of compacted streams
  std::map<const Stream*, std::unordered_map<std::uint64_t, std::uint64_t>> x_key_of;
  std::set<InputRecord> x_incomplete;  // inputs of which an output is missing
  std::set<InputRecord> x_ahead;       // inputs past the committed offset of which an output is there
};

void Checker::find(std::uint64_t& count, const std::string& where, const std::string& what, std::uint64_t by) {
  count += by;
  if (x_found[{where, &count}]++ < kFindingsPerKind) x_verdict.findings.push_back(where + ": " + what);
}

void Checker::check_committed(const Stream& stream) {
  const std::uint64_t committed = committed_of(stream);
  const auto same = [](const Expected& expected, const Seen& seen) { return expected.message == seen.message; };
  const auto [expected_at, seen_at] = std::mismatch(stream.expected.begin(), stream.expected.end(), stream.committed.begin(),
                                                    stream.committed.end(), same);
  const auto first = static_cast<std::size_t>(expected_at - stream.expected.begin());
  for (std::size_t i = 0; i < first; ++i) {
    if (stream.expected[i].input >= committed) x_ahead.insert({stream.input_partition, stream.expected[i].input});
  }
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> places;  // still unused, the last one first
  for (std::size_t i = stream.expected.size(); i-- > first;) places[stream.expected[i].message].push_back(i);
  std::set<std::uint64_t> once;  // before the first difference: a later one of these is a double
  if (seen_at != stream.committed.end()) {
    for (std::size_t i = 0; i < first; ++i) once.insert(stream.expected[i].message);
  }
  std::vector<std::size_t> order;
  for (auto seen = seen_at; seen != stream.committed.end(); ++seen) {
    const auto place = places.find(seen->message);
    const std::string at = "offset " + std::to_string(seen->offset);
    if (place == places.end() && !once.contains(seen->message)) {
      find(x_verdict.aborted_read, stream.name, at + " is no output of any input");
    } else if (place == places.end() || place->second.empty()) {
      find(x_verdict.duplicated, stream.name, at + " is there a second time");
    } else {
      order.push_back(place->second.back());
      place->second.pop_back();
      const Expected& expected = stream.expected[order.back()];
      if (expected.input >= committed) x_ahead.insert({stream.input_partition, expected.input});
    }
  }
  const std::size_t moved = order.size() - longest_rising(order);
  if (moved > 0) find(x_verdict.reordered, stream.name, std::to_string(moved) + " messages are not in order", moved);
  check_unused(stream, places);
}

// What was expected and is not there.
void Checker::check_unused(const Stream& stream, const std::unordered_map<std::uint64_t, std::vector<std::size_t>>& places) {
  const std::uint64_t committed = committed_of(stream);
  std::vector<bool> missing(stream.expected.size(), false);
  for (const auto& [message, unused] : places) {
    for (const std::size_t i : unused) missing[i] = true;
  }
  std::unordered_set<std::uint64_t>& later = x_keys_there[&stream];
  for (std::size_t i = stream.expected.size(); i-- > 0;) {
    const Expected& expected = stream.expected[i];
    if (stream.compacted && !missing[i]) later.insert(expected.key);
    if (!missing[i] || later.contains(expected.key)) continue;
    x_incomplete.insert({stream.input_partition, expected.input});
    if (expected.input >= committed) continue;
    find(x_verdict.lost, stream.name, "an output of input record " + std::to_string(expected.input) + " is missing");
  }
}

void Checker::check_followed(const Stream& stream) {
  std::vector<Seen> followed = stream.followed;
  const auto by_offset = [](const Seen& one, const Seen& other) { return one.offset < other.offset; };
  for (std::size_t i = 1; i < followed.size(); ++i) {
    if (followed[i].offset < followed[i - 1].offset) {
      find(x_verdict.reordered, stream.name, "a follower saw offset " + std::to_string(followed[i].offset) + " late");
    }
  }
  std::stable_sort(followed.begin(), followed.end(), by_offset);
  auto committed = std::lower_bound(stream.committed.begin(), stream.committed.end(), Seen{0, stream.followed_from}, by_offset);
  for (std::size_t i = 0; i < followed.size(); ++i) {
    const Seen& seen = followed[i];
    const std::string at = "offset " + std::to_string(seen.offset);
    if (i > 0 && seen.offset == followed[i - 1].offset) {
      find(x_verdict.duplicated, stream.name, "a follower saw " + at + " twice");
      continue;
    }
    for (; committed != stream.committed.end() && committed->offset < seen.offset; ++committed) {
      find(x_verdict.lost, stream.name, "a follower missed offset " + std::to_string(committed->offset));
    }
    if (committed != stream.committed.end() && committed->offset == seen.offset && committed->message == seen.message) {
      ++committed;
    } else if (!compacted_away(stream, seen)) {
      find(x_verdict.aborted_read, stream.name, "a follower saw " + at + ", which is not committed");
    }
  }
}

// A subscriber proves by the numbers alone that it has everything once.
void Checker::check_numbers(const Stream& stream) {
  std::uint64_t last = 0;
  for (const std::uint64_t number : stream.numbers) {
    const std::string entry = "entry " + std::to_string(number);
    if (number > last + 1) {
      const std::uint64_t gap = number - last - 1;
      find(x_verdict.lost, stream.name, std::to_string(gap) + " numbers are missing before " + entry, gap);
    } else if (number == last) {
      find(x_verdict.duplicated, stream.name, entry + " is there a second time");
    } else if (number < last) {
      find(x_verdict.reordered, stream.name, entry + " comes after entry " + std::to_string(last));
    }
    last = std::max(last, number);
  }
}

// Whatever a compacted stream gave, its key is there with something newer.
bool Checker::compacted_away(const Stream& stream, const Seen& seen) {
  if (!stream.compacted) return false;
  auto& key_of = x_key_of[&stream];
  if (key_of.empty()) {
    for (const Expected& expected : stream.expected) key_of[expected.message] = expected.key;
  }
  const auto key = key_of.find(seen.message);
  const bool is_there = std::binary_search(stream.committed.begin(), stream.committed.end(), seen,
                                           [](const Seen& one, const Seen& other) { return one.offset < other.offset; });
  return key != key_of.end() && !is_there && x_keys_there[&stream].contains(key->second);
}

void Checker::check_torn() {
  for (const auto& [partition, pair] : x_history.hashes) {
    if (pair.first == pair.second) continue;
    find(x_verdict.torn, "input " + std::to_string(partition),
         "the committed offset came with \"" + pair.first + "\", its records come to \"" + pair.second + "\"");
  }
  for (const InputRecord& record : x_ahead) {
    find(x_verdict.torn, "input " + std::to_string(record.first),
         "outputs of record " + std::to_string(record.second) + " are there, the committed offset is not past it");
  }
  if (x_incomplete.empty()) return;
  // Incomplete inputs with at least one output that is there.
  std::map<InputRecord, bool> some;
  for (const Stream& stream : x_history.streams) {
    std::unordered_map<std::uint64_t, std::size_t> there;
    for (const Seen& seen : stream.committed) ++there[seen.message];
    for (const Expected& expected : stream.expected) {
      const InputRecord record{stream.input_partition, expected.input};
      if (!x_incomplete.contains(record)) continue;
      const auto found = there.find(expected.message);
      some[record] |= found != there.end() && found->second > 0;
    }
  }
  for (const auto& [record, is_there] : some) {
    if (!is_there || x_ahead.contains(record)) continue;
    find(x_verdict.torn, "input " + std::to_string(record.first),
         "only some outputs of record " + std::to_string(record.second) + " are there");
  }
}

void Checker::check_sent() {
  for (std::size_t i = 0; i < x_history.events.size(); ++i) {
    const Sent& sent = x_history.events[i];
    const std::string event = "event " + std::to_string(i);
    if (sent.acknowledged && sent.in_log == 0) find(x_verdict.lost, "events", event + " was acknowledged and is not in the log");
    if (sent.acknowledged && sent.in_log > 0 && !sent.where_told) {
      find(x_verdict.lost, "events", event + " is not at the offset that its acknowledgement named");
    }
    if (sent.in_log > 0) check_place(sent, event);
    if (sent.in_log > sent.times) find(x_verdict.duplicated, "events", event + " is in the log more often than it was sent");
  }
}

// However often it was sent and handed over, it ends in one place.
void Checker::check_place(const Sent& sent, const std::string& event) {
  if (sent.places == 0) find(x_verdict.lost, "events", event + " is in the log and no partition decided on it");
  if (sent.places > 1) find(x_verdict.duplicated, "events", event + " was decided on in " + std::to_string(sent.places) + " partitions");
  if (sent.handed_over > 1) find(x_verdict.duplicated, "events", event + " was handed over " + std::to_string(sent.handed_over) + " times");
}

}  // namespace

Verdict check(const History& history) { return Checker(history).run(); }

}  // namespace ioc::faults
