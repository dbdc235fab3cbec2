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
  const auto* list = fields.list("objects");
  if (list == nullptr) return out;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto& item = (*list)[i];
    const std::string prefix = "objects[" + std::to_string(i) + "].";
    if (!item.is_object()) {
      fields.refuse("wrong_type", prefix.substr(0, prefix.size() - 1), "object", std::string(kind_of(item)),
                    "a seen object has a label and perhaps a plate");
      return out;
    }
    Fields one(item.get_object(), notes, context.limits, prefix);
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
  parsed.event.object = ObjectId(fields.required_name("alert_id"));
  alert.camera = fields.required_name("camera");
  alert.kind = fields.required_name("kind");
  alert.state = fields.choice<AlertState>(
      "state", {{"start", AlertState::Start}, {"update", AlertState::Update}, {"end", AlertState::End}});
  if (alert.state == AlertState::Unspecified) alert.state = AlertState::Start;
  parsed.event.revision = fields.count("sequence", kSequenceMax);
  parsed.revision_is_identity = fields.find("sequence") != nullptr;
  alert.confidence_permille = static_cast<std::uint32_t>(std::lround(fields.number("confidence", 0, 1).value_or(0) * 1000));
  alert.zone = fields.name("zone");
  alert.objects = objects_of(fields, notes, context, parsed);
  alert.snapshot = fields.name("snapshot");
  alert.detector = fields.name("detector");
  parsed.event.position = fields.position("position");
  const auto started = fields.time("started_at");
  parsed.own_time_ms = fields.time("at");
  if (!parsed.own_time_ms) parsed.own_time_ms = started;
  alert.started_at = EventTime::from_ms(started.value_or(parsed.own_time_ms.value_or(0)));
  parsed.event.body = std::move(alert);
  return finish(std::move(parsed), notes);
}

}  // namespace ioc::ingest
