// The made-up day against what it is made for: ingest's formats, the units, the kinds of alerts that triage knows.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "libs/geo/units.h"
#include "services/ingest/formats/format.h"
#include "services/simulator/day.h"
#include "services/simulator/places.h"

namespace ioc::simulator {
namespace {

const std::string kConfig = std::string(IOC_SOURCE_DIR) + "/deploy/config";

std::string content_of(const std::filesystem::path& path) {
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

std::shared_ptr<const geo::Units> units() {
  static const std::shared_ptr<const geo::Units> all = [] {
    std::vector<std::pair<std::string, std::string>> files;
    for (const auto& entry : std::filesystem::directory_iterator(kConfig + "/units")) {
      const std::string name = entry.path().filename().string();
      if (geo::Units::reads(name)) files.emplace_back(name, content_of(entry.path()));
    }
    std::vector<std::string> problems;
    auto parsed = geo::Units::parse(files, problems);
    for (const std::string& problem : problems) UNSCOPED_INFO(problem);
    REQUIRE(parsed != nullptr);
    return parsed;
  }();
  return all;
}

EventTime time_of(const char* text) { return EventTime::from_ms(parse_time(text)->ms); }

std::string unit_at(const Point& point, EventTime when) {
  const auto found = units()->at(Position{static_cast<std::int32_t>(point.lat_e7), static_cast<std::int32_t>(point.lon_e7), 0}, when);
  return found && found->state == PlaceState::Inside ? found->unit->name : "no unit";
}

std::string lower_first(std::string name) {
  name[0] = static_cast<char>(name[0] | 0x20);
  return name;
}

}  // namespace

TEST_CASE("places: a whole circle lies in the unit it names, before and after July 2025") {
  for (const Place& place : places()) {
    INFO(place.unit);
    // Metres to degrees by hand: 1e7 / 111,320 north, 1e7 / 103,575 east at 21.5° N.
    const std::int64_t north = place.radius_m * 89, east = place.radius_m * 96;
    for (const Point& point : {place.centre, Point{place.centre.lat_e7 + north, place.centre.lon_e7}, Point{place.centre.lat_e7 - north, place.centre.lon_e7},
                               Point{place.centre.lat_e7, place.centre.lon_e7 + east}, Point{place.centre.lat_e7, place.centre.lon_e7 - east}}) {
      CHECK_THAT(lower_first(unit_at(point, time_of("2025-08-01T12:00:00+07:00"))) + ";", Catch::Contains(std::string(place.unit_new)));
      CHECK(unit_at(point, time_of("2021-10-18T12:00:00+07:00")) != "no unit");
    }
    CHECK(lower_first(unit_at(place.centre, time_of("2024-06-01T12:00:00+07:00"))) == place.unit);
  }
}

TEST_CASE("sources: every camera and checkpoint stands in a unit") {
  const auto sources = read_sources(kConfig + "/bundle");
  REQUIRE(sources.has_value());
  for (const Camera& camera : sources->cameras) {
    INFO(camera.id);
    CHECK(unit_at(camera.at, time_of("2025-08-01T12:00:00+07:00")) != "no unit");
  }
  for (const Checkpoint& checkpoint : sources->checkpoints) {
    INFO(checkpoint.id);
    CHECK(unit_at(checkpoint.at, time_of("2021-10-18T12:00:00+07:00")) != "no unit");
  }
}

TEST_CASE("day: ingest's formats take every message of a day") {
  const auto sources = read_sources(kConfig + "/bundle");
  REQUIRE(sources.has_value());
  Day day({20211018, WallTime::from_ms(1'634'515'200'000), 1000}, *sources);
  const ingest::Identity identity(std::string(32, 'k'));
  const ingest::Limits limits;
  const std::vector<ingest::FrigateKind> frigate_kinds;
  const ingest::ParseContext context{identity, limits, frigate_kinds};
  std::set<std::string> alert_kinds;
  for (int i = 0; i < 12'000; ++i) {
    const Message message = day.next();
    const ingest::Format* format = ingest::format_at(path_of(message.kind));
    REQUIRE(format != nullptr);
    const auto parsed = ingest::parse_bytes(*format, message.body, context);
    if (const auto* refusal = std::get_if<ingest::Refusal>(&parsed)) {
      FAIL(message.body << "\nis refused: " << refusal->field << " " << refusal->detail);
    }
    const auto& event = std::get<ingest::Parsed>(parsed).event;
    if (const auto* alert = std::get_if<CameraAlert>(&event.body)) alert_kinds.insert(alert->kind);
  }
  const std::string known = content_of(kConfig + "/bundle/kinds.yaml");
  CHECK(alert_kinds.size() >= 8);
  for (const std::string& kind : alert_kinds) CHECK_THAT(known, Catch::Contains("{id: " + kind + ","));
}

}  // namespace ioc::simulator
