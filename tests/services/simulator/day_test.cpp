#include "services/simulator/day.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "services/simulator/simulate.h"
#include "services/simulator/topics.h"
#include "tests/services/simulator/fake_ioc.h"

namespace ioc::simulator {
namespace {

namespace json = boost::json;

const std::string kBundle = std::string(IOC_SOURCE_DIR) + "/deploy/config/bundle";
constexpr std::int64_t kHourMs = 3'600'000;
constexpr WallTime kStart = WallTime::from_ms(1'634'515'200'000);  // 18 October 2021, 07:00 in Thái Nguyên

const Sources& sources() {
  static const Sources all = read_sources(kBundle).value();
  return all;
}

std::vector<Message> messages(DayConfig config, std::int64_t hours) {
  Day day(config, sources());
  std::vector<Message> all;
  for (;;) {
    Message message = day.next();
    if (message.at_ms >= config.start.ms() + hours * kHourMs) return all;
    all.push_back(std::move(message));
  }
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

TEST_CASE("day: the same seed and start give the same bytes, another seed gives others") {
  const auto first = messages({7, kStart}, 3), again = messages({7, kStart}, 3), other = messages({8, kStart}, 3);
  REQUIRE(first.size() == again.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    REQUIRE(first[i].body == again[i].body);
    REQUIRE(first[i].at_ms == again[i].at_ms);
  }
  std::set<std::string> bodies;
  for (const Message& message : first) bodies.insert(message.body);
  for (const Message& message : other) CHECK_FALSE(bodies.contains(message.body));
}

TEST_CASE("day: begun at another moment it sends the same in the time that both have") {
  const auto early = messages({7, kStart}, 4);
  const auto late = messages({7, kStart + Millis(kHourMs + 12'345)}, 2);
  std::vector<std::string> shared;
  for (const Message& message : early) {
    if (message.at_ms >= kStart.ms() + kHourMs + 12'345 && message.at_ms < kStart.ms() + 3 * kHourMs + 12'345) shared.push_back(message.body);
  }
  REQUIRE(late.size() == shared.size());
  for (std::size_t i = 0; i < late.size(); ++i) REQUIRE(late[i].body == shared[i]);
}

TEST_CASE("day: messages come in order of sending and nothing is sent before it happened") {
  std::int64_t before = 0;
  for (const Message& message : messages({3, kStart}, 6)) {
    CHECK(message.at_ms >= before);
    before = message.at_ms;
    const json::object body = json::parse(message.body).as_object();
    for (const char* key : {"occurred_at", "at", "started_at", "sent_at"}) {
      if (const std::string text = text_of(body, key); !text.empty()) {
        REQUIRE(parse_time(text).has_value());
        CHECK(parse_time(text)->ms <= message.at_ms);
      }
    }
  }
}

TEST_CASE("day: an ordinary day has everything that the demo shows") {
  const auto all = messages({20211018, kStart}, 24);
  CHECK(static_cast<std::int64_t>(all.size()) > kMessagesADay * 7 / 10);
  CHECK(static_cast<std::int64_t>(all.size()) < kMessagesADay * 13 / 10);
  std::map<MessageKind, int> kinds;
  std::set<std::string> report_ids, categories, cameras, results, camera_kinds;
  std::map<std::string, std::vector<std::string>> states;
  int folded = 0, without_position = 0, fire_reports = 0, flood_reports = 0, long_queues = 0;
  std::map<std::string, std::int64_t> last_status, longest_silence;
  for (const Message& message : all) {
    ++kinds[message.kind];
    const json::object body = json::parse(message.body).as_object();
    switch (message.kind) {
      case MessageKind::Report: {
        CHECK(report_ids.insert(text_of(body, "report_id")).second);
        categories.insert(text_of(body, "category"));
        const std::string text = text_of(body, "text");
        CHECK(text.find('{') == std::string::npos);
        CHECK(text.find('}') == std::string::npos);
        folded += std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
        without_position += !body.contains("position");
        fire_reports += text.find("cháy") != std::string::npos || text.find("chay") != std::string::npos;
        flood_reports += text.find("ngập") != std::string::npos || text.find("ngap") != std::string::npos;
        break;
      }
      case MessageKind::CameraAlert:
        cameras.insert(text_of(body, "camera"));
        camera_kinds.insert(text_of(body, "kind"));
        states[text_of(body, "alert_id")].push_back(text_of(body, "state"));
        break;
      case MessageKind::Passage: results.insert(text_of(body, "result")); break;
      case MessageKind::CheckpointStatus: {
        const std::string id = text_of(body, "checkpoint");
        if (last_status.contains(id)) longest_silence[id] = std::max(longest_silence[id], message.at_ms - last_status[id]);
        last_status[id] = message.at_ms;
        for (const Checkpoint& checkpoint : sources().checkpoints) {
          long_queues += checkpoint.id == id && body.at("queue_vehicles").as_int64() > checkpoint.queue_long;
        }
        break;
      }
      default: break;
    }
  }
  CHECK(kinds.size() == kMessageKinds);
  CHECK(kinds[MessageKind::Report] > 150);
  CHECK(categories.size() >= 10);
  CHECK(cameras.size() == sources().cameras.size());
  CHECK(camera_kinds.contains("accident"));
  CHECK(results == std::set<std::string>{"pass", "turned_back", "quarantine", "evaded"});
  CHECK(folded > 10);
  CHECK(without_position > 3);
  CHECK(fire_reports >= 12);
  CHECK(flood_reports >= 25);
  CHECK(long_queues > 0);
  CHECK(std::any_of(longest_silence.begin(), longest_silence.end(), [](const auto& one) { return one.second > 45 * 60'000; }));
  int complete = 0;
  for (const auto& [id, of_alert] : states) complete += of_alert.front() == "start" && of_alert.back() == "end";
  CHECK(complete > static_cast<int>(states.size()) * 95 / 100);
}

TEST_CASE("day: more intensity gives that many more messages") {
  const auto ordinary = messages({5, kStart}, 1), tenfold = messages({5, kStart, 10'000}, 1);
  CHECK(tenfold.size() > ordinary.size() * 6);
  CHECK(tenfold.size() < ordinary.size() * 14);
}

TEST_CASE("day: every topic's sentences are whole, in all registers") {
  for (const Topic& one : topics()) {
    INFO(one.name);
    CHECK_FALSE(one.title.empty());
    CHECK((!one.formal.empty() && !one.hotline.empty() && !one.chat.empty()));
  }
}

TEST_CASE("sources: the example's cameras and checkpoints can be read, and a mistake names the place") {
  CHECK(sources().cameras.size() == 40);
  CHECK(sources().checkpoints.size() == 8);
  CHECK(read_sources("/nowhere").has_error());
}

TEST_CASE("places: distances are in metres and a drawn point stays within its circle") {
  Random random(1);
  for (const Place& place : places()) {
    for (int i = 0; i < 20; ++i) CHECK(distance_m(near(place.centre, place.radius_m, random), place.centre) <= place.radius_m);
  }
  CHECK(distance_m({215'942'000, 1'058'482'000}, {214'780'000, 1'058'460'000}) == Approx(12'936).margin(60));
  CHECK(degrees(215'942'000) == "21.5942000");
  CHECK(degrees(-5) == "-0.0000005");
}

TEST_CASE("simulate: a day is filled in through ingest and every message is counted") {
  FakeIoc server;
  SimulateConfig config;
  config.url = server.url();
  config.bundle_folder = kBundle;
  config.fill = Millis(2 * kHourMs);
  config.quiet = true;
  config.token = "simulator";  // large bodies are read from known callers alone
  SimulateCounts counts;
  const auto simulated = simulate(config, {}, counts);
  INFO((simulated ? std::string() : simulated.error().message));
  REQUIRE(simulated.has_value());
  CHECK(counts.total().sent > 300);
  CHECK(counts.total().accepted == counts.total().sent);
  CHECK(server.bodies().size() >= 5);
}

}  // namespace ioc::simulator
