// Frigate's `frigate/events`: one tracked object, `new`, `update`s and `end` under one id.
#include "services/ingest/formats/frigate_event/frigate_event.h"

#include <cmath>

#include "services/ingest/formats/frigate.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

// Frames of one object are ordered by their time; of messages about one frame `end` is the last. Microseconds times 4
// stay below 2^55 until 2200.
std::uint64_t revision_of(double frame_seconds, AlertState state) {
  const auto micros = static_cast<std::uint64_t>(std::llround(frame_seconds * 1e6));
  const std::uint64_t rank = state == AlertState::End ? 2 : state == AlertState::Update ? 1 : 0;
  return micros * 4 + rank;
}

}  // namespace

ParseResult parse_frigate_event(const json::object& object, const ParseContext& context) {
  Notes notes;
  json::value unwrapped;
  Fields message(frigate_message(object, context.limits, unwrapped), notes, context.limits);
  Parsed parsed;
  CameraAlert alert;
  const FrigateType type = frigate_type(message);
  const json::object state = frigate_state(message);
  Fields fields(state, notes, context.limits, "after.");
  parsed.event.object = ObjectId(fields.required_name("id"));
  alert.camera = fields.required_name("camera");
  const auto started = frigate_seconds(fields, "start_time");
  const auto ended = frigate_seconds(fields, "end_time");
  const auto frame = frigate_seconds(fields, "frame_time");
  alert.state = frigate_alert_state(type, ended.has_value());
  SeenObject seen;
  seen.label = frigate_label(frigate_text(fields, "label", context.limits));
  // A plate may also stand in sub_label, once a plate has been recognised: it is not read.
  const std::string plate = frigate_text(fields, "recognized_license_plate", context.limits);
  if (!plate.empty()) parsed.plates.push_back(plate);
  seen.plate_hash = context.identity.plate_hash(plate);
  alert.confidence_permille = static_cast<std::uint32_t>(std::lround(fields.share("top_score") * 1000));
  const auto zones = frigate_names(fields, "entered_zones");
  alert.kind = frigate_kind(context.frigate_kinds, zones, {seen.label}, "detection", alert.zone);
  if (fields.yes("false_positive")) {  // Frigate takes it back: what it opened ends
    alert.state = AlertState::End;
    alert.confidence_permille = 0;
  }
  const auto at = frame ? frame : ended ? ended : started;
  if (at) {
    parsed.own_time_ms = std::llround(*at * 1000);
    parsed.event.revision = revision_of(*at, alert.state);
    parsed.revision_is_identity = frame.has_value();
  }
  alert.started_at = EventTime::from_ms(std::llround(started.value_or(at.value_or(0)) * 1000));
  alert.objects.push_back(std::move(seen));
  alert.detector = "frigate";
  parsed.own_time_field = "after.frame_time";
  parsed.unique_id = true;  // it holds the time at which Frigate saw the object first
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
