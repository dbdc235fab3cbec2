#include "services/simulator/operators.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace ioc::simulator {
namespace {

constexpr WallTime kNow = WallTime::from_ms(1'634'515'200'000);

DeskIncident incident(const std::string& id, Millis age, std::uint64_t reports = 1) {
  DeskIncident one;
  one.id = id;
  one.state = "new";
  one.severity = "medium";
  one.category = "ha-tang";
  one.unit = "05443";
  one.version = 7;
  one.reports = reports;
  one.opened_ms = (kNow - age).ms();
  return one;
}

}  // namespace

TEST_CASE("operators: what is a moment old waits, what is a day old is acknowledged, forwarded and resolved in turn") {
  for (int i = 0; i < 200; ++i) {
    DeskIncident one = incident("0-20211018-" + std::to_string(i), Millis(5'000));
    CHECK_FALSE(next_step(1, one, kNow));
    one.opened_ms -= 86'400'000;
    for (const char* expected : {"acknowledge", "forward", "resolve"}) {
      const auto step = next_step(1, one, kNow);
      REQUIRE(step);
      CHECK(step->kind == expected);
      const auto body = boost::json::parse(step->body).as_object();
      CHECK(body.at("kind").as_string() == expected);
      CHECK(body.at("version").as_int64() == 7);
      one.acknowledged = true;
      if (step->kind == "forward") one.state = "forwarded";
      if (step->kind == "resolve") CHECK_FALSE(body.at("outcome").as_string().empty());
    }
    one.state = "resolved";
    CHECK_FALSE(next_step(1, one, kNow));
  }
}

TEST_CASE("operators: the same seed decides the same, and an incident is in work for a while") {
  std::size_t acknowledged = 0, in_work = 0;
  for (int i = 0; i < 300; ++i) {
    const DeskIncident one = incident("0-" + std::to_string(i), Millis(2 * 3'600'000));
    DeskIncident taken = one;
    taken.acknowledged = true;
    taken.state = "forwarded";
    const auto first = next_step(3, one, kNow), again = next_step(3, one, kNow);
    REQUIRE(first.has_value() == again.has_value());
    if (first) CHECK(first->body == again->body);
    if (first && first->kind == "acknowledge") ++acknowledged;
    if (!next_step(3, taken, kNow)) ++in_work;
  }
  CHECK(acknowledged == 300);
  CHECK(in_work > 150);
  CHECK(in_work < 300);
}

TEST_CASE("operators: info that only a sensor saw is left to close by itself, a citizen's is not") {
  DeskIncident one = incident("0-a", Millis(86'400'000), 0);
  one.severity = "info";
  CHECK_FALSE(next_step(1, one, kNow));
  one.reports = 1;
  CHECK(next_step(1, one, kNow));
}

TEST_CASE("operators: an incident without a unit is not forwarded") {
  DeskIncident one = incident("0-a", Millis(86'400'000));
  one.unit.clear();
  one.acknowledged = true;
  const auto step = next_step(1, one, kNow);
  REQUIRE(step);
  CHECK(step->kind == "resolve");
}

TEST_CASE("operators: the desk's JSON is read, what is none is not") {
  const auto one = desk_incident(R"({"id":"0-x","version":3,"state":"new","severity":"high","category":"giao-thong","reports":2,
      "acknowledged_at":null,"unit":{"code":"05443","name":"Phan Đình Phùng"},"opened_at":"2021-10-18T07:00:00.000+07:00"})");
  REQUIRE(one);
  CHECK(one->version == 3);
  CHECK(one->reports == 2);
  CHECK(one->unit == "05443");
  CHECK_FALSE(one->acknowledged);
  CHECK(one->opened_ms == 1'634'515'200'000);
  CHECK_FALSE(desk_incident("[]"));
  CHECK_FALSE(desk_incident("{"));
  CHECK_FALSE(desk_incident(R"({"id":"0-x","state":"new"})"));
}

}  // namespace ioc::simulator
