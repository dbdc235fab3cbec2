#include <catch2/catch.hpp>

#include "libs/triage/memory/open_incident.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

std::string detail(const Decision& decision, std::string_view name) {
  for (const Detail& one : decision.details) {
    if (one.name == name) return one.value;
  }
  return "";
}

Event with_address(Event event, std::string_view address) {
  std::get<CitizenReport>(event.body).address = address;
  return event;
}

// The decision about where it is, and the incident that it opened.
struct Located {
  Decision decision;
  Incident incident;
};

Located locate_one(Bench& bench, const Event& event) {
  const auto decisions = bench.step(event);
  const Decision* located = find(decisions, DecisionKind::Located);
  REQUIRE(located != nullptr);
  return {*located, bench.incidents.at(located->incident.str())};
}

Located locate_one(const Event& event) {
  Bench bench;
  return locate_one(bench, event);
}

constexpr Position kQuangTrung{215942000, 1058482000, 0};

}  // namespace

TEST_CASE("locate: latitude and longitude that changed places are put right, with a note") {
  const auto right = locate_one(report("r1", "đèn đường hỏng", kQuangTrung));
  REQUIRE(detail(right.decision, "position_note").empty());
  const auto swapped = locate_one(report("r1", "đèn đường hỏng", Position{kQuangTrung.lon_e7, kQuangTrung.lat_e7, 0}));
  REQUIRE(detail(swapped.decision, "position_note") == "lat_lon_swapped");
  REQUIRE(swapped.incident.unit == right.incident.unit);
  REQUIRE(swapped.incident.position == right.incident.position);
}

TEST_CASE("locate: 0,0 is no position, and said to be that") {
  const auto found = locate_one(report("r1", "đèn đường hỏng", Position{0, 0, 0}));
  REQUIRE(detail(found.decision, "position_note") == "zero");
  REQUIRE_FALSE(found.incident.position.has_value());
  REQUIRE(found.incident.place_state == PlaceState::Unknown);
}

TEST_CASE("locate: a position outside is noted; a unit in the text then says where") {
  const Position outside{102900000, 1067000000, 0};
  const auto alone = locate_one(report("r1", "đèn đường hỏng", outside));
  REQUIRE(detail(alone.decision, "how") == "outside_all_units");
  const auto named = locate_one(report("r1", "đèn đường hỏng ở phường Quang Trung", outside));
  REQUIRE(detail(named.decision, "how") == "named_in_text");
  REQUIRE(detail(named.decision, "position_note") == "outside_all_units");
  REQUIRE(detail(named.decision, "text_says") == "phường Quang Trung");
  REQUIRE(named.incident.place_state == PlaceState::Named);
  REQUIRE(named.incident.position_source == PositionSource::PlaceName);
}

TEST_CASE("locate: a text that names another unit is noted, and the position stays") {
  const auto agree = locate_one(report("r1", "đèn đường hỏng", kQuangTrung));
  const auto against = locate_one(report("r1", "đèn đường hỏng ở xã Phúc Xuân", kQuangTrung));
  REQUIRE(detail(agree.decision, "disagree").empty());
  REQUIRE(detail(against.decision, "disagree") == "position_and_text");
  REQUIRE(detail(against.decision, "text_says") == "xã Phúc Xuân");
  REQUIRE(detail(against.decision, "text_unit") == "05488 Xã Phúc Xuân");
  REQUIRE(detail(against.decision, "position_unit") == agree.incident.unit.str() + " " + agree.incident.unit_name);
  REQUIRE(against.incident.unit == agree.incident.unit);
  REQUIRE(against.incident.position == agree.incident.position);
  // The unit that the position is in, and one whose line is near by, agree.
  const auto own = locate_one(report("r1", "đèn đường hỏng ở " + agree.incident.unit_name, kQuangTrung));
  REQUIRE(detail(own.decision, "disagree").empty());
}

TEST_CASE("locate: an exact address in the text counts before a street in the address field; a rough one does not") {
  const auto exact = locate_one(with_address(report("r1", "Nắp cống vỡ trước số nhà 12 đường Bắc Kạn", kQuangTrung), "đường Bắc Kạn"));
  CHECK(exact.incident.address == "số nhà 12 đường Bắc Kạn, đường Bắc Kạn");
  CHECK(is_exact_address(address_hash(exact.incident.address)));
  const auto rough = locate_one(with_address(report("r1", "Nắp cống vỡ ở ngõ 5 đường Bến Oánh", kQuangTrung), "đường Bắc Kạn"));
  CHECK(rough.incident.address == "đường Bắc Kạn");
  const auto stretch = locate_one(with_address(report("r1", "Rác bừa bãi", kQuangTrung), "từ số 12 đến số 80 đường Bắc Kạn"));
  CHECK(stretch.incident.address == "từ số 12 đến số 80 đường Bắc Kạn");
  const auto sender = locate_one(report("r1", "Tôi ở số 5 đường Bắc Kạn, thấy cháy ở số 20 đường Bến Oánh", kQuangTrung));
  CHECK(sender.incident.address == "số 20 đường Bến Oánh");
}

TEST_CASE("locate: a disagreement is kept with a report that joins, too") {
  Bench bench;
  bench.step(with_address(report("r1", "Nắp cống bị mất", kQuangTrung), "Số 12 đường Bắc Kạn"));
  const auto decisions = bench.step(with_address(report("r2", "Nắp cống bị mất, xã Phúc Xuân", kQuangTrung), "Số 12 đường Bắc Kạn"));
  const Decision* joined = find(decisions, DecisionKind::Joined);
  REQUIRE(joined != nullptr);
  REQUIRE(detail(*joined, "disagree") == "position_and_text");
}

TEST_CASE("locate: a report without a place of its own is where the one was that it follows, open or closed") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", kQuangTrung));
  const Incident first = bench.incidents.at("0-e-r1");
  REQUIRE_FALSE(first.unit.empty());
  Command done = command("c-1", first, CommandKind::Resolve);
  done.outcome = "fixed";
  bench.step(done);
  bench.wait(40 * 24h);
  bench.restart();
  Event again = report("r2", "Vẫn chưa có nắp", std::nullopt);
  std::get<CitizenReport>(again.body).follows = "r1";
  const auto decisions = bench.step(again);
  const Incident& second = bench.incidents.at("0-e-r2");
  CHECK(second.recurrence_of == first.id);
  CHECK(second.unit == first.unit);
  CHECK(second.place_state == PlaceState::Named);
  CHECK(second.position_source == PositionSource::PlaceName);
  const Decision* located = find(decisions, DecisionKind::Located);
  REQUIRE(located != nullptr);
  CHECK(detail(*located, "how") == "earlier_report");
  CHECK(detail(*located, "place_of") == first.id.str());
  // Its own words say where: they count.
  Event named = report("r3", "Vẫn chưa có nắp, phường Phan Đình Phùng", std::nullopt);
  std::get<CitizenReport>(named.body).follows = "r1";
  bench.step(named);
  CHECK(bench.incidents.at("0-e-r3").unit != first.unit);
  // Of one that nobody knows nothing is taken.
  Event unknown = report("r4", "Vẫn chưa có nắp", std::nullopt);
  std::get<CitizenReport>(unknown.body).follows = "r99";
  bench.step(unknown);
  CHECK(bench.incidents.at("0-e-r4").place_state == PlaceState::Unknown);
}

TEST_CASE("locate: without a position a unit with a typo is found, and the typo is said") {
  const auto found = locate_one(report("r1", "đèn đường hỏng ở phường Quang Trugn", std::nullopt));
  REQUIRE(detail(found.decision, "how") == "named_in_text_with_a_typo");
  REQUIRE(found.incident.place_state == PlaceState::Named);
}

TEST_CASE("locate: an address that only the text says is the incident's address") {
  const auto found = locate_one(report("r1", "Cống vỡ trước số nhà 12, ngõ 5 đường Bắc Kạn, rất nguy hiểm", kQuangTrung));
  REQUIRE(found.incident.address == "số nhà 12, ngõ 5 đường Bắc Kạn");
  REQUIRE(detail(found.decision, "address_in_text") == "số nhà 12, ngõ 5 đường Bắc Kạn");
  const auto both = locate_one(with_address(report("r1", "Xe lật tại Km12+300 QL3", kQuangTrung), "phường Quang Trung"));
  REQUIRE(both.incident.address == "Km12+300 QL3, phường Quang Trung");
  const auto own = locate_one(with_address(report("r1", "Cống vỡ trước số 12 đường Bắc Kạn", kQuangTrung), "Số 9 đường Bến Oánh"));
  REQUIRE(own.incident.address == "Số 9 đường Bến Oánh");
}

TEST_CASE("correlate: the same house in other writing is the same address, without any position") {
  Bench bench;
  bench.step(with_address(report("r1", "Nắp cống bị mất", std::nullopt), "Số 12, đường Bắc Kạn, phường Quang Trung"));
  const auto decisions = bench.step(report("r2", "Mất nắp cống trước số nhà 12 đường Bắc Kạn", std::nullopt));
  const Decision* joined = find(decisions, DecisionKind::Joined);
  REQUIRE(joined != nullptr);
  REQUIRE(bench.incidents.size() == 1);
}

TEST_CASE("locate: a point with five different houses is a default coordinate; one house written in five ways is not") {
  Bench bench;
  int number = 0;
  for (const char* address : {"Số 12 đường Bắc Kạn", "số nhà 12, đường Bắc Kạn", "12 Đường Bắc Kạn", "SN 12 phố Bắc Kạn", "so 12 duong Bac Kan",
                              "Số 12 đường Bắc Kạn, P.Quang Trung"}) {
    Event event = with_address(at(report("r" + std::to_string(number), "việc thứ " + std::to_string(number), kQuangTrung), number * 300h), address);
    std::get<CitizenReport>(event.body).category = "loại " + std::to_string(number++);
    const auto decisions = bench.step(event);
    const Decision* located = find(decisions, DecisionKind::Located);
    if (located != nullptr) REQUIRE(detail(*located, "how") != "default_coordinate");
  }
}

TEST_CASE("locate: whatever a text says of places is bounded") {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "số 12 ngõ 5 xã Phúc Xuân phường Quag Trung ";
  const auto found = locate_one(report("r1", text, kQuangTrung));
  REQUIRE(found.decision.details.size() < 16);
  REQUIRE(found.incident.address.size() <= 300);
}
