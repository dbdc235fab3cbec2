// Events as the desk shows them: what each feed said, field by field.
#include <array>

#include "services/desk/api/json.h"

namespace ioc::desk::api {
namespace {

namespace json = boost::json;

// Words of the wire formats (FORMATS 10); index = enumerator.
constexpr std::array kUrgency{"", "low", "normal", "urgent"};
constexpr std::array kAlertState{"", "start", "update", "end"};
constexpr std::array kDirection{"", "in", "out"};
constexpr std::array kVehicle{"", "motorbike", "car", "truck", "bus", "bicycle", "foot"};
constexpr std::array kResult{"", "pass", "turned_back", "quarantine", "evaded"};
constexpr std::array kCheckpointState{"", "open", "closed"};
constexpr std::array kTrend{"", "falling", "steady", "rising"};

template <std::size_t N, class Enum>
const char* word(const std::array<const char*, N>& words, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? words[index] : "";
}

void add(json::object& to, const CitizenReport& report) {
  json::array media;
  for (const Media& one : report.media) media.push_back(json::object{{"url", one.url}, {"kind", one.kind}});
  to["title"] = report.title;
  to["text"] = report.text;
  to["category"] = report.category;
  to["urgency"] = word(kUrgency, report.urgency);
  to["address"] = report.address;
  to["media"] = std::move(media);
  to["channel"] = report.channel;
  to["anonymous"] = report.anonymous;
  to["follows"] = report.follows;
}

void add(json::object& to, const CameraAlert& alert) {
  json::array labels;
  for (const SeenObject& object : alert.objects) labels.emplace_back(object.label);
  to["camera"] = alert.camera;
  to["kind"] = alert.kind;
  to["state"] = word(kAlertState, alert.state);
  to["started_at"] = format_time(alert.started_at);
  to["confidence"] = alert.confidence_permille / 1000.0;
  to["zone"] = alert.zone;
  to["labels"] = std::move(labels);
  to["snapshot"] = alert.snapshot;
  to["detector"] = alert.detector;
}

void add(json::object& to, const CheckpointPassage& passage) {
  to["checkpoint"] = passage.checkpoint;
  to["direction"] = word(kDirection, passage.direction);
  to["vehicle"] = word(kVehicle, passage.vehicle);
  to["people"] = passage.people;
  to["from_unit"] = passage.from_unit;
  to["to_unit"] = passage.to_unit;
  to["symptoms"] = passage.symptoms;
  to["contact"] = passage.contact;
  to["result"] = word(kResult, passage.result);
  to["officer_unit"] = passage.officer_unit;
}

void add(json::object& to, const CheckpointStatus& status) {
  to["checkpoint"] = status.checkpoint;
  to["state"] = word(kCheckpointState, status.state);
  to["queue_vehicles"] = status.queue_vehicles;
  to["staff"] = status.staff;
}

void add(json::object& to, const OnlineMention& mention) {
  json::array places;
  for (const std::string& place : mention.places) places.emplace_back(place);
  to["topic"] = mention.topic;
  to["places"] = std::move(places);
  to["volume"] = mention.volume;
  to["period_minutes"] = mention.period_minutes;
  to["trend"] = word(kTrend, mention.trend);
  to["sentiment"] = mention.sentiment_permille / 1000.0;
  to["link"] = mention.link;
}

void add(json::object& to, const Indicator& indicator) {
  to["code"] = indicator.code;
  to["unit"] = indicator.unit;
  to["period"] = indicator.period;
  to["value"] = static_cast<double>(indicator.value_e6) / 1e6;
  to["target"] = indicator.target_e6 ? json::value(static_cast<double>(*indicator.target_e6) / 1e6) : json::value(nullptr);
  to["measure"] = indicator.measure;
  to["as_of"] = indicator.as_of;
}

}  // namespace

json::object to_json(const view::StoredEvent& stored) {
  const Event& event = stored.event;
  json::array flags;
  for (const EventFlag flag : event.flags) flags.emplace_back(name_of(flag));
  json::array value_flags;
  for (const ValueFlag& flag : event.value_flags) {
    value_flags.push_back(json::object{{"field", flag.field}, {"reason", name_of(flag.reason)}});
  }
  json::object out{{"event_id", event.id.str()},
                   {"feed", name_of(event.feed)},
                   {"source", event.source.str()},
                   {"object_id", event.object.str()},
                   {"revision", event.revision},
                   {"occurred_at", format_time(event.occurred_at)},
                   {"received_at", format_time(event.received_at)},
                   {"flags", std::move(flags)},
                   {"value_flags", std::move(value_flags)},
                   {"value_flags_more", event.value_flags_more},
                   {"position", nullptr}};
  if (event.position) {
    out["position"] = json::object{{"lat", event.position->lat_e7 / 1e7},
                                   {"lon", event.position->lon_e7 / 1e7},
                                   {"accuracy_m", event.position->accuracy_m}};
  }
  std::visit([&](const auto& body) { add(out, body); }, event.body);
  return out;
}

}  // namespace ioc::desk::api
