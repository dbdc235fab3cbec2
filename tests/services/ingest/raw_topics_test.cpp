#include <catch2/catch.hpp>

#include "libs/domain/topics.h"
#include "tests/services/ingest/samples.h"
#include "tests/services/ingest/world.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

const std::string kCameras = topics::raw("camera-alerts");

Config with_raw_topics() {
  Config config;
  config.raw_topics.enabled = true;
  config.replay_tokens = {"feeds"};
  config.sources = {{"", "camera-alerts", "cameras", "", true}};  // the samples' times are fixed
  return config;
}

struct RawWorld {
  explicit RawWorld(Config config = with_raw_topics()) : world(std::move(config), false) {
    world.log.add_topic(kCameras);
  }
  void begin() {
    world.log.add_topic(std::string(topics::kEvents));
    world.log.add_topic(std::string(topics::kDeadLetters));
    world.log.add_topic(std::string(topics::kBundles));
    REQUIRE(eventually([this] { return world.app->ready(); }));
  }
  World world;
};

MemoryLog::Stored raw(std::string_view body, const char* format = nullptr) {
  MemoryLog::Stored out{"cam", std::string(body), {}};
  if (format != nullptr) out.headers.push_back({"ioc-format", format});
  return out;
}

}  // namespace

TEST_CASE("raw topics: the same body has the same id as over HTTP where both are one source, and the header names the format") {
  RawWorld raw_world;
  World& world = raw_world.world;
  world.log.add(kCameras, raw(samples::kAlert));
  world.log.add(kCameras, raw(samples::kFrigateEvent, "frigate-event"));
  world.log.add(kCameras, raw(samples::kFrigateReview, "frigate-review"));
  raw_world.begin();
  REQUIRE(eventually([&] { return world.events().size() == 3; }));
  CHECK(world.log.committed(kCameras) == Offset(3));
  const auto from_topic = world.events();
  CHECK(world.post("/v1/camera-alerts", samples::kAlert, world.feeds_token).text("event_id") == from_topic[0].id.str());
  CHECK(world.post("/v1/frigate/events", samples::kFrigateEvent, world.feeds_token).text("event_id") == from_topic[1].id.str());
  CHECK(world.post("/v1/frigate/reviews", samples::kFrigateReview, world.feeds_token).text("event_id") == from_topic[2].id.str());
}

TEST_CASE("raw topics: of two headers that name a format the last counts") {
  RawWorld raw_world;
  World& world = raw_world.world;
  MemoryLog::Stored twice = raw(samples::kFrigateEvent, "camera-alert");
  twice.headers.push_back({"ioc-format", "frigate-event"});
  world.log.add(kCameras, twice);
  raw_world.begin();
  REQUIRE(eventually([&] { return world.log.committed(kCameras) == Offset(1); }));
  CHECK(world.events().size() == 1);
  CHECK(world.dead_letters().empty());
}

TEST_CASE("raw topics: what cannot be read is a dead letter with its origin, in the same transaction") {
  RawWorld raw_world;
  World& world = raw_world.world;
  world.log.add(kCameras, raw("nonsense"));
  world.log.add(kCameras, raw(samples::kAlert));
  world.log.add(kCameras, raw(samples::kAlert, "no-such-format"));
  world.log.add(kCameras, raw(samples::kReport, "citizen-report"));
  raw_world.begin();
  REQUIRE(eventually([&] { return world.log.committed(kCameras) == Offset(4); }));
  CHECK(world.events().size() == 1);
  const auto letters = world.dead_letters();
  REQUIRE(letters.size() == 3);
  CHECK(letters[0].reason == "not_json");
  CHECK(letters[0].origin_topic == kCameras);
  CHECK(letters[0].origin_offset == Offset(0));
  CHECK(letters[1].reason == "unknown_format");
  CHECK(letters[1].origin_offset == Offset(2));
  CHECK(letters[2].reason == "unknown_format");
  CHECK(world.log.commits() == 1);
  const auto listed = world.get("/v1/dead-letters?reason=not_json", world.admin_token);
  CHECK(listed.body.at("dead_letters").as_array().at(0).at("origin").at("offset") == 0);
}

TEST_CASE("raw topics: an aborted transaction is sent again, an unknown one is looked up, none is lost or doubled") {
  RawWorld raw_world;
  World& world = raw_world.world;
  world.log.commit_outcomes = {log::CommitOutcome::Aborted, log::CommitOutcome::Aborted, log::CommitOutcome::Unknown};
  world.log.add(kCameras, raw(samples::kAlert));
  raw_world.begin();
  REQUIRE(eventually([&] { return world.events().size() == 1; }));
  CHECK(world.log.commits() == 4);
  world.log.add(kCameras, raw(samples::kFrigateEvent, "frigate-event"));
  REQUIRE(eventually([&] { return world.events().size() == 2; }));
  CHECK(world.log.committed(kCameras) == Offset(2));
}

TEST_CASE("raw topics: one transaction holds at most as many records as configured") {
  Config config = with_raw_topics();
  config.raw_topics.transaction_records_max = 10;
  RawWorld raw_world(config);
  World& world = raw_world.world;
  for (int i = 0; i < 95; ++i)
    world.log.add(kCameras, raw(R"({"alert_id":"a)" + std::to_string(i) + R"(","camera":"c","kind":"k"})"));
  raw_world.begin();
  REQUIRE(eventually([&] { return world.events().size() == 95; }));
  CHECK(world.log.commits() == 10);
}
