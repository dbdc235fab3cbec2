// Frigate's `frigate/reviews`: one camera, many objects; the severity can rise from detection to alert, and fall.
#include "services/ingest/formats/frigate_review/frigate_review.h"

#include <algorithm>
#include <cmath>

#include "services/ingest/formats/frigate.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr std::uint64_t kEnd = 1ULL << 20U;

// A review carries no time of its change. While it lasts its detections, zones and sounds are only added to, so their number orders
// its messages; with the same number the later to arrive counts (severity, names and labels go both ways). `end` is above all of
// them, and its description below it: that comes behind the `end`, says the same, and stands in where the `end` was lost.
std::uint64_t revision_of(FrigateType type, AlertState state, std::size_t grown) {
  const std::uint64_t order = type == FrigateType::Described  ? kEnd - 1
                              : state == AlertState::End ? kEnd
                                                              : 2 * std::min<std::uint64_t>(grown, kEnd / 4) + (type == FrigateType::New ? 1 : 2);
  return kArrivalOrder + order;
}

// Frigate's lists come out of sets, in any order.
std::vector<std::string> in_order(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

enum class ReviewSeverity { Unspecified, Detection, Alert };

std::vector<std::string> labels_of(Fields& data) {
  std::vector<std::string> out;
  for (const auto& label : frigate_names(data, "objects")) out.push_back(frigate_label(label));
  return in_order(std::move(out));
}

}  // namespace

ParseResult parse_frigate_review(const json::object& object, const ParseContext& context) {
  const Limits& limits = context.limits;
  Notes notes;
  json::value unwrapped;
  Fields message(frigate_message(object, limits, unwrapped), notes, limits);
  Parsed parsed;
  CameraAlert alert;
  const FrigateType type = frigate_type(message);
  const json::object state = frigate_state(message);
  Fields fields(state, notes, limits, "after.");
  parsed.event.object = ObjectId(fields.required_name("id"));
  alert.camera = fields.required_name("camera");
  const auto started = frigate_seconds(fields, "start_time");
  const auto ended = frigate_seconds(fields, "end_time");
  alert.state = frigate_alert_state(type, ended.has_value());
  const auto severity = fields.choice<ReviewSeverity>("severity", {{"alert", ReviewSeverity::Alert}, {"detection", ReviewSeverity::Detection}});
  const json::object none;
  const auto* found = fields.object("data");
  Fields data(found != nullptr ? *found : none, notes, limits, "after.data.");
  const auto labels = labels_of(data);
  const auto zones = frigate_names(data, "zones");
  const auto sounds = in_order(frigate_names(data, "audio"));
  std::vector<std::string> seen_and_heard = labels;
  seen_and_heard.insert(seen_and_heard.end(), sounds.begin(), sounds.end());
  const std::string otherwise = severity == ReviewSeverity::Alert ? "review_alert" : "review_detection";
  alert.kind = frigate_kind(context.frigate_kinds, zones, seen_and_heard, otherwise, alert.zone);
  for (const auto& label : labels) alert.objects.push_back({label, ""});
  alert.snapshot = frigate_text(fields, "thumb_path", limits);
  alert.detector = "frigate";
  parsed.own_time_field = "after.start_time";
  parsed.unique_id = true;  // it holds the time at which Frigate saw the object first
  const auto at = ended ? ended : started;
  if (at) parsed.own_time_ms = std::llround(*at * 1000);
  alert.started_at = EventTime::from_ms(std::llround(started.value_or(at.value_or(0)) * 1000));
  const std::size_t detections = frigate_count(data, "detections");
  parsed.event.revision = revision_of(type, alert.state, detections + zones.size() + frigate_count(data, "audio"));
  parsed.further_content = {std::to_string(detections), severity == ReviewSeverity::Alert ? "alert" : ""};
  for (const auto* names : {&zones, &sounds}) {
    parsed.further_content.push_back(std::to_string(names->size()));
    parsed.further_content.insert(parsed.further_content.end(), names->begin(), names->end());
  }
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
