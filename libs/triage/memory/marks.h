// What tells one thing from another beside its place and words: the bytes of photos, keyed hashes of number plates (DESIGN
// D9), the camera that saw it; addresses and types of further reports. An
// incident keeps the newest of them, each with the events that brought it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/event.h"

namespace ioc::triage {

enum class MarkKind : std::uint8_t { Photo = 1, Plate, Camera, Address, Type };

struct Mark {
  MarkKind kind = MarkKind::Photo;
  std::uint64_t value = 0;  // hash
  std::uint64_t event = 0;  // hash of the event's id; or kMoreEvents
  friend bool operator==(const Mark&, const Mark&) = default;
};
// One for each event that brought the thing, side by side: at most kEventsOfMark, then one that stands for all further events.
using Marks = std::vector<Mark>;
inline constexpr std::size_t kEventsOfMark = 4;
inline constexpr std::uint64_t kMoreEvents = 0;

// At most `most`: an event's first ones.
Marks marks_of(const Event& event, std::uint64_t most);
// At most `most` things, the oldest leave.
void add_mark(MarkKind kind, std::uint64_t value, const EventId& event, std::uint64_t most, Marks& to);
void add_marks(const Event& event, std::uint64_t most, Marks& to);
bool has_mark(MarkKind kind, std::uint64_t value, const Marks& in);
bool share_mark(MarkKind kind, const Marks& a, const Marks& b);
// What these events brought; it stays in `from` as well where others brought it, or may have.
Marks take_marks(const std::vector<EventId>& events, Marks& from);

// For the state and for a relocation; empty for none.
std::string encode_marks(const Marks& marks);
// False: damaged.
bool decode_marks(std::string_view bytes, Marks& into);

}  // namespace ioc::triage
