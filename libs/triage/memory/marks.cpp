#include "libs/triage/memory/marks.h"

#include <algorithm>
#include <iterator>

#include "libs/base/hash.h"
#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

std::uint64_t hash_of(const EventId& event) { return hash128(event.str()).low; }

bool same_thing(const Mark& a, const Mark& b) { return a.kind == b.kind && a.value == b.value; }

// Those of one thing stand together.
Marks::iterator end_of_thing(Marks& marks, Marks::iterator first) {
  return std::find_if(first, marks.end(), [&](const Mark& one) { return !same_thing(one, *first); });
}

std::uint64_t things_in(Marks& marks) {
  std::uint64_t things = 0;
  for (auto at = marks.begin(); at != marks.end(); at = end_of_thing(marks, at)) ++things;
  return things;
}

void add_bringer(Marks& to, Marks::iterator first, const Mark& mark) {
  const auto last = end_of_thing(to, first);
  const bool told = std::any_of(first, last, [&](const Mark& one) { return one.event == mark.event || one.event == kMoreEvents; });
  if (told) return;
  const bool room = static_cast<std::size_t>(last - first) < kEventsOfMark;
  to.insert(last, {mark.kind, mark.value, room ? mark.event : kMoreEvents});
}

void add_one(const Mark& mark, std::uint64_t most, Marks& to) {
  const auto known = std::find_if(to.begin(), to.end(), [&](const Mark& one) { return same_thing(one, mark); });
  if (known != to.end()) return add_bringer(to, known, mark);
  while (things_in(to) >= most) to.erase(to.begin(), end_of_thing(to, to.begin()));
  to.push_back(mark);
}

}  // namespace

Marks marks_of(const Event& event, std::uint64_t most) {
  Marks marks;
  const auto add = [&](MarkKind kind, std::string_view what, std::string_view whose = {}) {
    if (what.empty() || marks.size() >= most) return;
    marks.push_back({kind, hash128(what, whose.empty() ? 0 : hash128(whose).low).low, hash_of(event.id)});
  };
  if (const auto* report = std::get_if<CitizenReport>(&event.body)) {
    for (const Media& media : report->media) add(MarkKind::Photo, media.sha256);
  } else if (const auto* alert = std::get_if<CameraAlert>(&event.body)) {
    add(MarkKind::Camera, alert->camera, event.source.str());
    for (const SeenObject& object : alert->objects) add(MarkKind::Plate, object.plate_hash);
  } else if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) {
    add(MarkKind::Plate, passage->plate_hash);
  }
  return marks;
}

void add_mark(MarkKind kind, std::uint64_t value, const EventId& event, std::uint64_t most, Marks& to) {
  if (most > 0) add_one({kind, value, hash_of(event)}, most, to);
}

void add_marks(const Event& event, std::uint64_t most, Marks& to) {
  for (const Mark& mark : marks_of(event, most)) add_one(mark, most, to);
}

bool has_mark(MarkKind kind, std::uint64_t value, const Marks& in) {
  return std::any_of(in.begin(), in.end(), [&](const Mark& one) { return one.kind == kind && one.value == value; });
}

bool share_mark(MarkKind kind, const Marks& a, const Marks& b) {
  return std::any_of(a.begin(), a.end(), [&](const Mark& one) {
    return one.kind == kind && std::any_of(b.begin(), b.end(), [&](const Mark& other) { return same_thing(one, other); });
  });
}

Marks take_marks(const std::vector<EventId>& events, Marks& from) {
  std::vector<std::uint64_t> hashes;
  for (const EventId& event : events) hashes.push_back(hash_of(event));
  std::sort(hashes.begin(), hashes.end());
  const auto goes = [&](const Mark& mark) { return std::binary_search(hashes.begin(), hashes.end(), mark.event); };
  Marks taken;
  for (auto at = from.begin(); at != from.end();) {
    const auto last = end_of_thing(from, at);
    const bool some_go = std::any_of(at, last, goes);
    std::copy_if(at, last, std::back_inserter(taken), [&](const Mark& mark) { return goes(mark) || (some_go && mark.event == kMoreEvents); });
    at = last;
  }
  std::erase_if(from, goes);
  return taken;
}

std::string encode_marks(const Marks& marks) {
  if (marks.empty()) return {};
  Writer out;
  out.number(marks.size());
  for (const Mark& mark : marks) {
    out.number(static_cast<std::uint64_t>(mark.kind));
    out.number(mark.value);
    out.number(mark.event);
  }
  return out.take();
}

bool decode_marks(std::string_view bytes, Marks& into) {
  into.clear();
  if (bytes.empty()) return true;
  Reader in(bytes);
  into.resize(in.count());
  bool known = true;
  for (Mark& mark : into) {
    const std::uint64_t kind = in.number();
    known = known && kind >= 1 && kind <= static_cast<std::uint64_t>(MarkKind::Type);
    mark.kind = static_cast<MarkKind>(kind);
    mark.value = in.number();
    mark.event = in.number();
  }
  return known && in.complete();
}

}  // namespace ioc::triage
