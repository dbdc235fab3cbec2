// Frigate's `frigate/events`: one tracked object, `new`, `update`s and `end` under one id.
#include "services/ingest/formats/frigate_event/frigate_event.h"

#include <cmath>

#include "services/ingest/formats/frigate.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kSecondsMax = 7'258'118'400.0;  // the year 2200

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
  Fields message(object, notes, context.limits);
  Parsed parsed;
  CameraAlert alert;
  alert.state = frigate_type(message);
  const json::object state = frigate_state(message);
  Fields fields(state, notes, context.limits, "after.");
  parsed.event.object = ObjectId(fields.required_name("id"));
  alert.camera = fields.required_name("camera");
  SeenObject seen;
  seen.label = fields.name("label");
  // A plate may also stand in sub_label, once a plate has been recognised: it is not read.
  const std::string plate = fields.name("recognized_license_plate");
  if (!plate.empty()) parsed.plates.push_back(plate);
  seen.plate_hash = context.identity.plate_hash(plate);
  alert.confidence_permille = static_cast<std::uint32_t>(std::lround(fields.share("top_score") * 1000));
  const auto zones = frigate_names(fields, "entered_zones");
  alert.kind = frigate_kind(context.frigate_kinds, zones, {seen.label}, "detection", alert.zone);
  const bool false_positive = fields.yes("false_positive");
  if (false_positive) {  // Frigate takes it back: what it opened ends
    alert.state = AlertState::End;
    alert.confidence_permille = 0;
  }
  const auto started = fields.number("start_time", 0, kSecondsMax);
  const auto ended = fields.number("end_time", 0, kSecondsMax);
  const auto frame = fields.number("frame_time", 0, kSecondsMax);
  const auto at = frame ? frame : ended ? ended : started;
  if (at && *at > 0) {
    parsed.own_time_ms = std::llround(*at * 1000);
    parsed.event.revision = revision_of(*at, alert.state);
    parsed.revision_is_identity = frame.has_value();
  }
  alert.started_at = EventTime::from_ms(std::llround(started.value_or(at.value_or(0)) * 1000));
  alert.objects.push_back(std::move(seen));
  alert.detector = "frigate";
  parsed.own_time_field = "after.frame_time";
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
