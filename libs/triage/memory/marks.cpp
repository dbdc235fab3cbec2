#include "libs/triage/memory/marks.h"

#include <algorithm>

#include "libs/base/hash.h"
#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

std::uint64_t hash_of(const EventId& event) { return hash128(event.str()).low; }

bool same_thing(const Mark& a, const Mark& b) { return a.kind == b.kind && a.value == b.value; }

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

void add_marks(const Event& event, std::uint64_t most, Marks& to) {
  for (const Mark& mark : marks_of(event, most)) {
    const auto known = std::find_if(to.begin(), to.end(), [&](const Mark& one) { return same_thing(one, mark); });
    if (known != to.end()) continue;
    while (to.size() >= most) to.erase(to.begin());
    to.push_back(mark);
  }
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
  const auto left = std::stable_partition(from.begin(), from.end(), [&](const Mark& mark) {
    return !std::binary_search(hashes.begin(), hashes.end(), mark.event);
  });
  Marks taken(left, from.end());
  from.erase(left, from.end());
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
    known = known && kind >= 1 && kind <= static_cast<std::uint64_t>(MarkKind::Camera);
    mark.kind = static_cast<MarkKind>(kind);
    mark.value = in.number();
    mark.event = in.number();
  }
  return known && in.complete();
}

}  // namespace ioc::triage
