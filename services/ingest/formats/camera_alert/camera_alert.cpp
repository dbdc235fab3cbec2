#include "services/ingest/formats/camera_alert/camera_alert.h"

#include <cmath>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {
namespace json = boost::json;
namespace {

// Nanoseconds since 1970, in 2100: above what any counter or clock of a camera shows.
constexpr std::uint64_t kSequenceMax = 4'102'444'800'000'000'000;
static_assert(kSequenceMax < kArrivalOrder);

std::vector<SeenObject> objects_of(Fields& fields, Notes& notes, const ParseContext& context, Parsed& parsed) {
  std::vector<SeenObject> out;
  const auto items = fields.items("objects");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string path = "objects[" + std::to_string(i) + "]";
    const auto& item = items[i];
    if (item.is_string()) {  // a label alone
      const json::object alone{{"label", item}};
      Fields one(alone, notes, context.limits, path + ".");
      fields.converted(path);
      out.push_back({one.name("label"), ""});
      continue;
    }
    if (!item.is_object()) {
      fields.drop(path, ValueReason::WrongType, item);
      continue;
    }
    Fields one(item.get_object(), notes, context.limits, path + ".");
    SeenObject seen;
    seen.label = one.name("label");
    const std::string plate = one.name("plate");
    if (!plate.empty()) parsed.plates.push_back(plate);
    seen.plate_hash = context.identity.plate_hash(plate);
    out.push_back(std::move(seen));
  }
  return out;
}

}  // namespace

ParseResult parse_camera_alert(const json::object& object, const ParseContext& context) {
  Notes notes;
  Fields fields(object, notes, context.limits);
  Parsed parsed;
  CameraAlert alert;
  const std::string alert_id = fields.required_id("alert_id");
  alert.camera = fields.required_name("camera");
  // Recorders count the alerts of each camera by itself.
  parsed.event.object = ObjectId(alert.camera + "/" + alert_id);
  alert.kind = fields.required_name("kind");
  alert.state = fields.choice_or_yes<AlertState>(
      "state", {{"start", AlertState::Start}, {"update", AlertState::Update}, {"end", AlertState::End},
                {"started", AlertState::Start}, {"active", AlertState::Start}, {"updated", AlertState::Update},
                {"ended", AlertState::End}, {"stop", AlertState::End}, {"stopped", AlertState::End},
                {"inactive", AlertState::End}, {"cleared", AlertState::End}, {"resolved", AlertState::End},
                {"off", AlertState::End}, {"closed", AlertState::End}, {"finished", AlertState::End}, {"idle", AlertState::End},
                {"false", AlertState::End}, {"0", AlertState::End}, {"kết thúc", AlertState::End}, {"on", AlertState::Start}, {"true", AlertState::Start},
                {"1", AlertState::Start}});
  if (alert.state == AlertState::Unspecified) alert.state = AlertState::Start;
  const auto sequence = fields.whole("sequence", kSequenceMax);
  parsed.event.revision = sequence.value_or(0);
  parsed.revision_is_identity = sequence.has_value();
  alert.confidence_permille = static_cast<std::uint32_t>(std::lround(fields.share("confidence") * 1000));
  alert.zone = fields.name("zone");
  alert.objects = objects_of(fields, notes, context, parsed);
  alert.snapshot = fields.link("snapshot");
  alert.detector = fields.name("detector");
  parsed.event.position = fields.position("position");
  const auto started = fields.time("started_at");
  parsed.own_time_ms = fields.time("at");
  if (!parsed.own_time_ms && started) {
    parsed.own_time_ms = started;
    parsed.own_time_field = "started_at";
  } else if (started) {
    parsed.other_times.push_back({"started_at", *started});
  }
  alert.started_at = EventTime::from_ms(started.value_or(parsed.own_time_ms.value_or(0)));
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
