// Decisions, incidents and feed entries as Protobuf bytes without Protobuf's objects: triage writes one or more of them for
// every event, and building the objects first was a third of step(). The bytes are those that Protobuf itself would
// write (fields in order, defaults absent); tests/libs/domain/wire_encode_test.cpp compares the two.
#include <cstring>
#include <string>
#include <string_view>

#include "libs/domain/wire.h"

namespace ioc::wire {
namespace {

// Written into a buffer that grows and is kept, and copied out once at its true length.
class Message {
 public:
  explicit Message(std::string& buffer) : x_buffer(buffer) {}

  void number(unsigned field, std::uint64_t value) {
    if (value == 0) return;
    char* at = room(kHeadBytes);
    at = varint(at, std::uint64_t{field} << 3);
    x_used = used_at(varint(at, value));
  }
  void zigzag(unsigned field, std::int64_t value) {
    number(field, (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  template <class Enum>
  void choice(unsigned field, Enum value) {
    number(field, static_cast<std::uint64_t>(value));
  }
  void text(unsigned field, std::string_view value) {
    if (!value.empty()) item(field, value);
  }
  template <class Id>
  void texts(unsigned field, const std::vector<Id>& values) {
    for (const Id& value : values) item(field, value.str());
  }
  // A message within: its length is known behind it. Longer than 127 bytes, it is moved.
  template <class Write>
  void within(unsigned field, Write&& write) {
    char* at = varint(room(kHeadBytes), std::uint64_t{field} << 3 | 2);
    x_used = used_at(at) + 1;
    const std::size_t from = x_used;
    write(*this);
    const std::size_t size = x_used - from;
    char length[kHeadBytes];
    const auto bytes = static_cast<std::size_t>(varint(length, size) - length);
    if (bytes > 1) {
      room(bytes);
      std::memmove(x_buffer.data() + from - 1 + bytes, x_buffer.data() + from, size);
      x_used += bytes - 1;
    }
    std::memcpy(x_buffer.data() + from - 1, length, bytes);
  }
  [[nodiscard]] std::string bytes() const { return x_buffer.substr(0, x_used); }

 private:
  static constexpr std::size_t kHeadBytes = 20;  // a field's tag and its number or length

  // That much can be written at the place returned.
  char* room(std::size_t bytes) {
    if (x_buffer.size() < x_used + bytes) x_buffer.resize(2 * (x_used + bytes));
    return x_buffer.data() + x_used;
  }
  [[nodiscard]] std::size_t used_at(const char* at) const { return static_cast<std::size_t>(at - x_buffer.data()); }
  void item(unsigned field, std::string_view value) {
    char* at = room(kHeadBytes + value.size());
    at = varint(at, std::uint64_t{field} << 3 | 2);
    at = varint(at, value.size());
    std::memcpy(at, value.data(), value.size());
    x_used = used_at(at) + value.size();
  }
  static char* varint(char* at, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
    *at++ = static_cast<char>(value);
    return at;
  }

  std::string& x_buffer;
  std::size_t x_used = 0;
};

std::string& buffer_of_thread() {
  constexpr std::size_t kFirstBytes = 4096, kKeptBytes = 1 << 20;
  thread_local std::string buffer(kFirstBytes, '\0');
  if (buffer.size() > kKeptBytes) buffer = std::string(kFirstBytes, '\0');
  return buffer;
}

template <class Write>
std::string written(Write&& write) {
  Message message(buffer_of_thread());
  write(message);
  return message.bytes();
}

void write(Message& to, const Overruled& from) {
  to.text(1, from.by);
  to.text(2, from.category.str());
  to.texts(3, from.further_categories);
  if (from.severity) to.choice(4, *from.severity);
  to.number(5, from.emergency ? 1 : 0);
  to.number(6, from.emergency.value_or(false) ? 1 : 0);
  if (from.triage_severity) to.choice(7, *from.triage_severity);
  to.text(8, from.sub_kind.str());
}

void write(Message& to, const Incident& from) {
  to.text(1, from.id.str());
  to.number(2, from.version);
  to.number(3, from.revision);
  to.choice(4, from.state);
  if (from.acknowledged_at) to.zigzag(5, from.acknowledged_at->ms());
  to.text(6, from.acknowledged_by);
  to.text(7, from.category.str());
  to.texts(8, from.further_categories);
  to.text(9, from.sender_category);
  to.choice(10, from.severity);
  to.number(11, from.emergency ? 1 : 0);
  to.text(12, from.title);
  to.text(13, from.summary);
  if (from.position) {
    to.number(14, 1);
    to.zigzag(15, from.position->lat_e7);
    to.zigzag(16, from.position->lon_e7);
  }
  to.choice(17, from.position_source);
  to.choice(18, from.place_state);
  to.text(19, from.unit.str());
  to.text(20, from.unit_name);
  to.text(21, from.area.str());
  to.text(22, from.address);
  to.zigzag(23, from.opened_at.ms());
  to.zigzag(24, from.received_at.ms());
  to.zigzag(25, from.updated_at.ms());
  to.zigzag(26, from.last_event_at.ms());
  to.text(27, from.queue.str());
  to.text(28, from.assignee);
  to.texts(29, from.forwarded_units);
  for (const Clock& clock : from.clocks) {
    to.within(30, [&](Message& item) {
      item.choice(1, clock.kind);
      item.zigzag(2, clock.started_at.ms());
      item.zigzag(3, clock.warn_at.ms());
      item.zigzag(4, clock.due_at.ms());
      item.choice(5, clock.state);
    });
  }
  for (const SourceCount& source : from.sources) {
    to.within(31, [&](Message& item) {
      item.choice(1, source.feed);
      item.number(2, source.events);
    });
  }
  to.number(32, from.reports);
  to.number(33, from.events);
  to.number(34, from.occurrence);
  for (const Suggestion& suggestion : from.suggestions) {
    to.within(35, [&](Message& item) {
      item.text(1, suggestion.incident.str());
      item.number(2, suggestion.score_permille);
    });
  }
  to.texts(36, from.subscribers);
  to.texts(37, from.newest_events);
  to.text(38, from.outcome);
  to.text(39, from.merged_into.str());
  to.text(40, from.split_from.str());
  to.number(41, from.chattering ? 1 : 0);
  to.number(42, from.ended ? 1 : 0);
  to.text(43, from.route_rule);
  to.text(44, from.opened_by);
  to.text(45, from.relocated_to.str());
  to.text(46, from.relocated_from.str());
  to.texts(47, from.merged);
  if (from.overruled) to.within(48, [&](Message& item) { write(item, *from.overruled); });
  to.text(49, from.recurrence_of.str());
  to.text(50, from.sub_kind.str());
}

void write(Message& to, const Candidate& from) {
  to.text(1, from.incident.str());
  to.zigzag(2, from.score_permille);
  for (const ScorePart& part : from.parts) {
    to.within(3, [&](Message& item) {
      item.text(1, part.name);
      item.zigzag(2, part.points);
    });
  }
  to.text(4, from.verdict);
}

void write(Message& to, const CommandResult& from) {
  to.text(1, from.command.str());
  to.choice(2, from.status);
  to.text(3, from.incident.str());
  to.number(4, from.version);
  to.text(5, from.detail);
  to.texts(6, from.created);
}

void write(Message& to, const Decision& from) {
  to.number(1, from.partition.value());
  to.number(2, from.offset.value());
  to.number(3, from.index);
  to.zigzag(4, from.decided_at.ms());
  to.choice(5, from.kind);
  to.text(6, from.incident.str());
  to.text(7, from.event.str());
  if (from.feed) to.choice(8, *from.feed);
  to.text(9, from.reason);
  to.text(10, from.rule);
  to.text(11, from.bundle);
  to.text(12, from.actor);
  for (const Candidate& candidate : from.candidates) to.within(13, [&](Message& item) { write(item, candidate); });
  for (const Detail& detail : from.details) {
    to.within(14, [&](Message& item) {
      item.text(1, detail.name);
      item.text(2, detail.value);
    });
  }
  if (from.command_result) to.within(15, [&](Message& item) { write(item, *from.command_result); });
}

}  // namespace

std::string encode(const Incident& incident) {
  return written([&](Message& message) { write(message, incident); });
}

std::string encode(const Decision& decision) {
  return written([&](Message& message) { write(message, decision); });
}

std::string encode(const FeedEntry& entry) {
  return written([&](Message& message) {
    message.text(1, entry.subscriber.str());
    message.number(2, entry.partition.value());
    message.number(3, entry.number);
    message.within(4, [&](Message& item) { write(item, entry.incident); });
    message.zigzag(5, entry.at.ms());
  });
}

}  // namespace ioc::wire
