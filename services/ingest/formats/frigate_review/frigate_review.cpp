// Frigate's `frigate/reviews`: one camera, many objects; the severity can rise from detection to alert.
#include "services/ingest/formats/frigate_review/frigate_review.h"

#include <cmath>

#include "services/ingest/formats/frigate.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kSecondsMax = 7'258'118'400.0;  // the year 2200

// A review carries no time of its change. Its severity only rises and its lists only grow, so they order its
// messages; what identifies a message is its content.
std::uint64_t revision_of(AlertState state, bool is_alert, std::size_t detections, std::size_t others) {
  const auto bounded = [](std::size_t count) { return static_cast<std::uint64_t>(std::min<std::size_t>(count, 0xFFFF)); };
  return 1 + (state == AlertState::End ? 1ULL << 40U : 0) + (is_alert ? 1ULL << 36U : 0) + (bounded(detections) << 18U) +
         bounded(others);
}

}  // namespace

ParseResult parse_frigate_review(const json::object& object, const ParseContext& context) {
  Notes notes;
  Fields message(object, notes, context.limits);
  Parsed parsed;
  CameraAlert alert;
  alert.state = frigate_type(message);
  const json::object state = frigate_state(message);
  Fields fields(state, notes, context.limits, "after.");
  parsed.event.object = ObjectId(fields.required_name("id"));
  alert.camera = fields.required_name("camera");
  const std::string severity = fields.name("severity");
  if (severity != "alert" && severity != "detection")
    fields.refuse("unknown_value", "severity", "alert, detection", severity, "the value is none of those that are known");
  const json::object none;
  const auto* found = fields.object("data");
  Fields data(found != nullptr ? *found : none, notes, context.limits, "after.data.");
  const auto labels = frigate_names(data, "objects");
  const auto zones = frigate_names(data, "zones");
  const auto detections = frigate_names(data, "detections");
  const std::string otherwise = severity == "alert" ? "review_alert" : "review_detection";
  alert.kind = frigate_kind(context.frigate_kinds, zones, labels, otherwise, alert.zone);
  for (const auto& label : labels) alert.objects.push_back({label, ""});
  alert.snapshot = fields.name("thumb_path");
  alert.detector = "frigate";
  parsed.own_time_field = "after.start_time";
  const auto started = fields.number("start_time", 0, kSecondsMax);
  const auto ended = fields.number("end_time", 0, kSecondsMax);
  const auto at = ended ? ended : started;
  if (at && *at > 0) parsed.own_time_ms = std::llround(*at * 1000);
  alert.started_at = EventTime::from_ms(std::llround(started.value_or(at.value_or(0)) * 1000));
  parsed.event.revision = revision_of(alert.state, severity == "alert", detections.size(), labels.size() + zones.size());
  parsed.further_content = detections;
  parsed.further_content.push_back(severity);
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
