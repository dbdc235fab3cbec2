// What a run left behind, and whether it is right: outputs must be exactly those that the input log gives when one
// undisturbed machine steps it (DESIGN D1), in order, seen by read-committed readers only once they are committed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace ioc::faults {

// Messages by a hash over key and value: they are unique by what they hold (offset and index, revision, number).
struct Expected {
  std::uint64_t message = 0;
  std::uint64_t input = 0;  // offset of the input record that it comes from
  std::uint64_t key = 0;    // hash of its key
};
struct Seen {
  std::uint64_t message = 0;
  std::uint64_t offset = 0;
};

// The outputs of one input partition in one partition of one topic. What an area hands over to another is a stream of its
// own: in the events topic, of one input partition and one target.
struct Stream {
  std::string name;
  std::uint32_t input_partition = 0;
  std::vector<Expected> expected;  // in the order of the input
  std::vector<Seen> committed;     // read_committed from the start, when all was over
  std::vector<Seen> followed;      // what a read-committed reader saw while it went on; from followed_from on
  std::uint64_t followed_from = 0;
  bool compacted = false;  // a message may be gone when a later one of its key is there
  std::vector<std::uint64_t> numbers{};  // of a subscriber's committed entries: without gaps from 1. Empty: not numbered
};

// What a sender was told and what the input log holds.
struct Sent {
  std::uint64_t times = 0;     // handed to the log, again after each error
  bool acknowledged = false;
  std::uint64_t in_log = 0;    // records with this event
  bool where_told = true;      // one of them at the offset that the acknowledgement named
  std::uint32_t handed_over = 0;  // transfers of it in the log
  std::uint32_t places = 1;       // partitions that decided on it, but for the word that it was handed over or met before
};

struct History {
  std::vector<Stream> streams;
  std::map<std::uint32_t, std::uint64_t> committed;  // input partition → committed offset
  // What was committed with that offset, and what the undisturbed machine comes to there: hash over records and effects.
  std::map<std::uint32_t, std::pair<std::string, std::string>> hashes;
  std::vector<Sent> events;
};

struct Verdict {
  std::uint64_t lost = 0;          // acknowledged events and expected outputs that are not there, or that a follower missed
  std::uint64_t duplicated = 0;    // there more often than expected
  std::uint64_t reordered = 0;     // to be moved for the order to be right
  std::uint64_t aborted_read = 0;  // seen by a follower and not committed, or committed and no output of any input
  std::uint64_t torn = 0;          // input records with some of their outputs, or with outputs past the committed offset
  std::vector<std::string> findings;  // the first ones of each kind and stream, for people

  [[nodiscard]] bool clean() const { return lost + duplicated + reordered + aborted_read + torn == 0; }
};

[[nodiscard]] Verdict check(const History& history);

}  // namespace ioc::faults
