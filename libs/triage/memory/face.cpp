#include "libs/triage/memory/face.h"

#include "libs/domain/wire.h"

namespace ioc::triage {

void copy_face(const Incident& from, Incident& to) {
  to.category = from.category;
  to.sub_kind = from.sub_kind;
  to.further_categories = from.further_categories;
  to.sender_category = from.sender_category;
  to.severity = from.severity;
  to.emergency = from.emergency;
  to.title = from.title;
  to.summary = from.summary;
  to.position = from.position;
  to.position_source = from.position_source;
  to.place_state = from.place_state;
  to.unit = from.unit;
  to.unit_name = from.unit_name;
  to.address = from.address;
  to.overruled = from.overruled;
}

std::string encode_face(const Incident& face) {
  Incident kept;
  kept.id = IncidentId("face");  // an incident without id cannot be read
  copy_face(face, kept);
  return wire::encode(kept);
}

bool apply_face(std::string_view bytes, Incident& to) {
  if (bytes.empty()) return false;
  const auto face = wire::decode_incident(bytes);
  if (!face) return false;
  copy_face(face.value(), to);
  return true;
}

}  // namespace ioc::triage
