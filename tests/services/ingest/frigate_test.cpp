// Frigate's messages as its program makes them (frigate/track/tracked_object.py, frigate/review/maintainer.py,
// frigate/data_processing/post/review_descriptions.py at e3fa7018); values are made up.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <chrono>

#include "services/ingest/formats/format.h"
#include "services/ingest/formats/frigate.h"

using namespace ioc;
using namespace ioc::ingest;
namespace json = boost::json;

namespace {

struct World {
  World() { config.frigate_kinds = {{"no_stop", "car", "illegal_stop"}, {"", "person", "crowd"}, {"", "car", "congestion"}}; }
  ParseResult parse(std::string_view format, const json::value& message) const {
    return parse_bytes(*format_named(format), json::serialize(message), {identity, config.limits, config.frigate_kinds});
  }
  Parsed good(std::string_view format, const json::value& message) const {
    auto result = parse(format, message);
    if (const auto* refusal = std::get_if<Refusal>(&result)) FAIL(refusal->reason << " " << refusal->field << " " << refusal->detail);
    return std::get<Parsed>(std::move(result));
  }
  Parsed event(const json::value& message) const { return good("frigate-event", message); }
  Parsed review(const json::value& message) const { return good("frigate-review", message); }
  std::string refused_field(std::string_view format, const json::value& message) const {
    auto result = parse(format, message);
    INFO(json::serialize(message));
    REQUIRE(std::holds_alternative<Refusal>(result));
    return std::get<Refusal>(result).field;
  }
  Identity identity{std::string(32, 'k')};
  Config config;
};

const CameraAlert& alert_of(const Parsed& parsed) { return std::get<CameraAlert>(parsed.event.body); }

// TrackedObject.to_dict().
json::object tracked(double frame, json::array zones = {}) {
  return {{"id", "1792289500.41-q7w8e9"},
          {"camera", "tn_bac_kan_02"},
          {"frame_time", frame},
          {"snapshot", {{"frame_time", 1792289501.2}, {"box", {10, 20, 110, 90}}, {"area", 7000}, {"region", {0, 0, 320, 320}}, {"score", 0.71}, {"attributes", json::array()},
                        {"current_estimated_speed", 0}, {"velocity_angle", 0}, {"path_data", json::array()}, {"recognized_license_plate", nullptr}}},
          {"snapshot_clean", true},
          {"label", "car"},
          {"sub_label", nullptr},
          {"top_score", 0.83},
          {"false_positive", false},
          {"start_time", 1792289500.41},
          {"end_time", nullptr},
          {"score", 0.8},
          {"computed_score", 0.8},
          {"box", {10, 20, 110, 90}},
          {"area", 7000},
          {"ratio", 1.4},
          {"region", {0, 0, 320, 320}},
          {"active", true},
          {"stationary", false},
          {"motionless_count", 0},
          {"position_changes", 2},
          {"current_zones", zones},
          {"entered_zones", zones},
          {"has_clip", true},
          {"has_snapshot", true},
          {"attributes", json::object()},
          {"current_attributes", json::array()},
          {"pending_loitering", false},
          {"max_severity", "alert"},
          {"current_estimated_speed", 0},
          {"average_estimated_speed", 0},
          {"velocity_angle", 0},
          {"path_data", {{{0.5, 0.6}, 1792289500.9}}},
          {"recognized_license_plate", nullptr}};
}

json::object said(std::string_view type, const json::object& after, const json::object& before = {}) {
  return {{"type", type}, {"before", before.empty() ? after : before}, {"after", after}};
}

json::object with(json::object object, std::string_view name, json::value value) {
  object[name] = std::move(value);
  return object;
}

// PendingReviewSegment.get_data().
json::object segment(std::string_view severity, json::array detections, json::array objects, json::array zones, json::value end = nullptr) {
  return {{"id", "1792289500.41-zx3cv5"},
          {"camera", "tn_bac_kan_02"},
          {"start_time", 1792289500.41},
          {"end_time", std::move(end)},
          {"severity", severity},
          {"thumb_path", "/media/frigate/clips/review/thumb-tn_bac_kan_02-1792289500.41-zx3cv5.webp"},
          {"data",
           {{"detections", std::move(detections)}, {"objects", std::move(objects)}, {"verified_objects", json::array()}, {"sub_labels", json::array()},
            {"zones", std::move(zones)}, {"audio", json::array()}, {"thumb_time", 1792289501.7}, {"metadata", nullptr}}}};
}

}  // namespace

TEST_CASE("frigate event: a plate and a sub-label are taken as text and as [text, score]") {
  const World world;
  const auto plain = world.event(said("update", with(tracked(1792289503.1), "recognized_license_plate", "20C55521")));
  const json::object read = with(with(tracked(1792289503.1), "recognized_license_plate", {"20C55521", 0.88}), "sub_label", {"Xe nhà", 0.9});
  for (const char* type : {"update", "end"}) {
    const auto pair = world.event(said(type, read));
    CHECK(pair.plates == std::vector<std::string>{"20C55521"});
    CHECK(alert_of(pair).objects.at(0).plate_hash == alert_of(plain).objects.at(0).plate_hash);
  }
  for (const json::value& none : {json::value(json::array()), json::value({0.88, "x"}), json::value(true), json::value(json::object())})
    CHECK(world.event(said("update", with(tracked(1792289503.1), "recognized_license_plate", none))).plates.empty());
}

TEST_CASE("frigate: labels of danger are kinds without any configuration, and rules come first") {
  World world;
  for (const char* label : {"fire", "smoke", "fire_alarm", "scream", "gunshot"}) {
    INFO(label);
    CHECK(alert_of(world.event(said("new", with(tracked(1792289503.1), "label", label)))).kind == label);
  }
  CHECK(alert_of(world.event(said("new", with(tracked(1792289503.1), "label", "cat")))).kind == "detection");
  world.config.frigate_kinds = {{"", "fire", "campfire"}};
  CHECK(alert_of(world.event(said("new", with(tracked(1792289503.1), "label", "fire")))).kind == "campfire");
}

TEST_CASE("frigate event: only type, id and camera refuse; any other value of a wrong type is left out") {
  const World world;
  const json::object whole = tracked(1792289503.1, {"no_stop"});
  for (const auto& [key, value] : whole) {
    for (const json::value& wrong : {json::value(-17), json::value("x"), json::value(true), json::value(json::array{1, nullptr}), json::value(json::object{}), json::value(1e300)}) {
      if (key == "id" || key == "camera") continue;
      INFO(key << " " << json::serialize(wrong));
      const auto parsed = world.event(said("end", with(whole, key, wrong), whole));
      CHECK(parsed.event.object.str() == "1792289500.41-q7w8e9");
      CHECK(alert_of(parsed).state == AlertState::End);
    }
  }
  CHECK(world.event({{"type", "new"}, {"before", 7}, {"after", whole}}).event.object.str() == "1792289500.41-q7w8e9");
  CHECK(world.refused_field("frigate-event", said("new", with(whole, "id", json::array()))) == "after.id");
  CHECK(world.refused_field("frigate-event", said("new", with(whole, "camera", nullptr))) == "after.camera");
  CHECK(world.refused_field("frigate-event", said("gone", whole)) == "type");
  CHECK(world.refused_field("frigate-event", {{"after", whole}}) == "type");
  CHECK(world.refused_field("frigate-event", {{"type", "new"}, {"after", 7}}) == "after");
  CHECK(world.refused_field("frigate-event", {{"type", "new"}}) == "after");
}

TEST_CASE("frigate event: later frames have higher revisions, and the end the highest of a frame") {
  const World world;
  const auto update = world.event(said("update", tracked(1792289503.1, {"lane_1", "no_stop"})));
  const auto end = world.event(said("end", tracked(1792289503.1, {"lane_1", "no_stop"})));
  CHECK(alert_of(update).kind == "illegal_stop");
  CHECK(alert_of(update).zone == "no_stop");
  CHECK(alert_of(update).confidence_permille == 830);
  CHECK(alert_of(update).started_at.ms() == 1792289500410);
  CHECK(update.own_time_ms == 1792289503100);
  CHECK(end.event.revision > update.event.revision);
  CHECK(world.event(said("update", tracked(1792289503.3))).event.revision > end.event.revision);
}

TEST_CASE("frigate event: an update of what has an end time is an end, so that one behind the end opens nothing") {
  const World world;
  const auto late = world.event(said("update", with(tracked(1792289504.1), "end_time", 1792289503.9)));
  CHECK(alert_of(late).state == AlertState::End);
  for (const json::value& open : {json::value(nullptr), json::value(0), json::value(-1), json::value(INT64_MAX)})
    CHECK(alert_of(world.event(said("update", with(tracked(1792289504.1), "end_time", open)))).state == AlertState::Update);
}

TEST_CASE("frigate event: what Frigate takes back as a false positive is accepted as an end") {
  const auto alert = alert_of(World().event(said("update", with(tracked(1792289503.1), "false_positive", true))));
  CHECK(alert.state == AlertState::End);
  CHECK(alert.confidence_permille == 0);
}

TEST_CASE("frigate: the message is found within what a bridge wraps around it") {
  const World world;
  const json::object message = said("new", tracked(1792289503.1));
  const auto bare = world.event(message);
  const std::string text = json::serialize(message);
  for (const json::object& wrapped : {json::object{{"topic", "frigate/events"}, {"qos", 0}, {"payload", message}}, json::object{{"topic", "frigate/events"}, {"payload", text}},
                                      json::object{{"platform", "mqtt"}, {"payload", 7}, {"payload_json", message}}, json::object{{"message", message}}}) {
    INFO(json::serialize(wrapped));
    const auto parsed = world.event(wrapped);
    CHECK(parsed.event.object == bare.event.object);
    CHECK(parsed.event.revision == bare.event.revision);
  }
  std::string deep = "[";
  for (int i = 0; i < 60; ++i) deep += "[";
  CHECK(world.refused_field("frigate-event", {{"payload", deep}}) == "type");
}

TEST_CASE("frigate: a label of a known object follows the rules of its kind, and a name behind it stays behind") {
  const World world;
  const auto verified = world.review(said("new", segment("alert", {"a"}, {"car-verified"}, {"no_stop"})));
  CHECK(alert_of(verified).kind == "illegal_stop");
  CHECK(alert_of(verified).objects.at(0).label == "car");
  CHECK(alert_of(world.review(said("new", segment("alert", {"a"}, {"person-verified"}, {})))).kind == "crowd");
  const auto both = world.review(said("new", segment("alert", {"a", "b"}, {"car-verified", "car"}, {})));
  CHECK(alert_of(both).objects.size() == 1);
  const auto manual = world.review(said("new", segment("alert", {"a"}, {"car: 20C55521"}, {"no_stop"})));
  CHECK(alert_of(manual).kind == "illegal_stop");
  CHECK(alert_of(manual).objects.at(0).label == "car");
  World named;
  named.config.frigate_kinds = {{"", "car-verified", "illegal_stop"}};
  CHECK(alert_of(named.review(said("new", segment("alert", {"a"}, {"car"}, {})))).kind == "illegal_stop");
}

TEST_CASE("frigate review: a rule's label may be a sound") {
  World world;
  world.config.frigate_kinds = {{"", "fire_alarm", "fire"}};
  json::object after = segment("alert", {}, {}, {});
  after["data"].as_object()["audio"] = json::array{"speech", "fire_alarm"};
  const auto parsed = world.review(said("new", after));
  CHECK(alert_of(parsed).kind == "fire");
  CHECK(alert_of(parsed).objects.empty());
}

TEST_CASE("frigate review: any number of detections is taken, and every list is bounded without refusing") {
  const World world;
  json::array many, zones;
  for (int i = 0; i < 2000; ++i) {
    many.emplace_back("1792289500." + std::to_string(i) + "-aaaaaa");
    zones.emplace_back("zone_" + std::to_string(i));
  }
  for (const char* type : {"update", "end"}) {
    const auto parsed = world.review(said(type, segment("alert", many, many, zones)));
    CHECK(alert_of(parsed).objects.size() == world.config.limits.list_items_max);
  }
  const std::string long_name(5000, 'z');
  CHECK(alert_of(world.review(said("new", segment("alert", {"a"}, {long_name, "car"}, {long_name})))).objects.size() == 2);
}

TEST_CASE("frigate review: only type, id and camera refuse") {
  const World world;
  const json::object whole = segment("alert", {"a"}, {"car"}, {"no_stop"}, 1792289530.5);
  for (const json::value& wrong : {json::value(-17), json::value("x"), json::value(true), json::value(json::array{1, nullptr}), json::value(json::object{})}) {
    for (const auto& [key, value] : whole) {
      if (key == "id" || key == "camera") continue;
      INFO(key << " " << json::serialize(wrong));
      CHECK(alert_of(world.review(said("end", with(whole, key, wrong), whole))).state == AlertState::End);
    }
    for (const auto& [key, value] : whole.at("data").as_object()) {
      json::object changed = whole;
      changed["data"].as_object()[key] = wrong;
      CHECK(alert_of(world.review(said("end", changed))).state == AlertState::End);
    }
  }
  CHECK(world.refused_field("frigate-review", said("new", with(whole, "id", nullptr))) == "after.id");
  CHECK(world.refused_field("frigate-review", said("summary", whole)) == "type");
}

TEST_CASE("frigate review: the order of its lists tells no two messages apart, for Frigate's lists are sets") {
  const World world;
  const auto one = world.review(said("update", segment("alert", {"a", "b"}, {"car", "person"}, {"no_stop"})));
  const auto other = world.review(said("update", segment("alert", {"b", "a"}, {"person", "car"}, {"no_stop"})));
  CHECK(one.event.body == other.event.body);
  CHECK(one.further_content == other.further_content);
  CHECK(one.event.revision == other.event.revision);
}

TEST_CASE("frigate review: what grows orders its messages; with as much, arrival does; the end is last") {
  const World world;
  const auto revision = [&](std::string_view type, const json::object& after) { return world.review(said(type, after)).event.revision; };
  const auto first = revision("new", segment("detection", {"a"}, {"car"}, {"lane_1"}));
  const auto raised = revision("update", segment("alert", {"a"}, {"car"}, {"lane_1"}));
  const auto other_zone = revision("update", segment("alert", {"a"}, {"car"}, {"no_stop"}));
  const auto named = revision("update", segment("alert", {"a"}, {"car-verified"}, {"no_stop"}));
  const auto fallen = revision("update", segment("detection", {"a"}, {"car"}, {"no_stop"}));
  const auto grown = revision("update", segment("detection", {"a", "b"}, {"car"}, {"no_stop"}));
  const auto described = revision("genai", segment("alert", {"a"}, {"car"}, {"no_stop"}, 1792289530.5));
  const auto end = revision("end", segment("alert", {"a"}, {"car"}, {"no_stop"}, 1792289530.5));
  CHECK(first < raised);
  CHECK(raised == other_zone);
  CHECK(raised == named);
  CHECK(raised == fallen);
  CHECK(raised < grown);
  CHECK(grown < described);
  CHECK(described < end);
  for (const auto any : {first, raised, grown, described, end}) CHECK(any >= kArrivalOrder);
  json::array many;
  for (int i = 0; i < 5000; ++i) many.emplace_back("d" + std::to_string(i));
  CHECK(revision("update", segment("alert", many, {"car"}, many)) < described);
}

TEST_CASE("frigate review: a description, which Frigate sends behind the end, ends what the end did not") {
  const World world;
  json::object after = segment("alert", {"a"}, {"car"}, {"no_stop"}, 1792289530.5);
  after["data"].as_object()["metadata"] = json::object{{"title", "Xe dừng"}, {"scene", "…"}, {"confidence", 0.8}, {"potential_threat_level", 1}};
  const auto parsed = world.review(said("genai", after));
  CHECK(alert_of(parsed).state == AlertState::End);
  CHECK(alert_of(parsed).kind == "illegal_stop");
  CHECK(parsed.own_time_ms == 1792289530500);
}

TEST_CASE("frigate review: a review that was cut off while an event was held open ends, though its end time is none") {
  const World world;
  const auto parsed = world.review(said("end", segment("alert", {"a"}, {"car"}, {"no_stop"}, INT64_MAX)));
  CHECK(alert_of(parsed).state == AlertState::End);
  CHECK(parsed.own_time_ms == 1792289500410);
}

TEST_CASE("frigate: a message of 256 KiB of lists takes no longer than its size") {
  const World world;
  json::array many;
  for (int i = 0; i < 8000; ++i) many.emplace_back("1792289500." + std::to_string(i) + "-abcdef");
  const auto begun = std::chrono::steady_clock::now();
  (void)world.review(said("update", segment("alert", many, {"car"}, {}), json::object{{"id", "x"}}));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  CHECK(took.count() < 2);
}
