// What tells one thing from another beside its place and words: the bytes of photos, keyed hashes of number plates (DESIGN
// D9), the camera that saw it. An incident keeps the newest of them, each with the event that it came with.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/event.h"

namespace ioc::triage {

enum class MarkKind : std::uint8_t { Photo = 1, Plate, Camera };

struct Mark {
  MarkKind kind = MarkKind::Photo;
  std::uint64_t value = 0;  // hash
  std::uint64_t event = 0;  // hash of the event's id
  friend bool operator==(const Mark&, const Mark&) = default;
};
using Marks = std::vector<Mark>;

// At most `most`: an event's first ones.
Marks marks_of(const Event& event, std::uint64_t most);
// Each thing once, the oldest leave when there are more than `most`.
void add_marks(const Event& event, std::uint64_t most, Marks& to);
bool share_mark(MarkKind kind, const Marks& a, const Marks& b);
// The marks of these events leave `from`.
Marks take_marks(const std::vector<EventId>& events, Marks& from);

// For the state and for a relocation; empty for none.
std::string encode_marks(const Marks& marks);
// False: damaged.
bool decode_marks(std::string_view bytes, Marks& into);

}  // namespace ioc::triage
