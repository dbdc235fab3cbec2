#include "libs/geo/grid.h"

#include <random>
#include <set>

#include "libs/geo/check.h"
#include "libs/geo/degrees.h"
#include "libs/geo/distance.h"
#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

std::vector<Position> scattered(Position around, std::int32_t span_e7, std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Position> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto pick = [&] {
      return static_cast<std::int32_t>(random() % static_cast<std::uint64_t>(2 * span_e7)) - span_e7;
    };
    const std::int32_t lat = around.lat_e7 + pick();
    out.push_back({lat, around.lon_e7 + pick(), 0});
  }
  return out;
}

constexpr Position kBoston{423'241'000, -710'787'000, 0};

}  // namespace

TEST_CASE("grid: every position lies in exactly one square, about as wide as asked, and the set is sound") {
  for (const Position place :
       {kBoston, Position{215'940'000, 1'058'480'000, 0}, Position{-338'600'000, 1'512'000'000, 0}}) {
    const auto positions = scattered(place, 800'000, 3'000, 42);
    const auto grid = make_grid(positions);
    REQUIRE(grid.problem.empty());
    const auto units = units_of(grid.files);
    CHECK(check(*units, 100).faults.empty());
    for (const Position& position : positions) {
      const auto found = units->at(position, on("2011-08-28"));
      REQUIRE(found);
      REQUIRE(found->state == PlaceState::Inside);
      REQUIRE(distance_dm(position, found->unit->centre) < 16'000);
    }
    const std::int64_t area = area_milli_km2(units->outline(*units->leaves_at(on("2011-08-28")).front()));
    CHECK(area > 3'900);
    CHECK(area < 4'100);
  }
}

TEST_CASE("grid: codes and names are the same for another sample of the same place") {
  const auto codes = [](const Grid& grid) {
    std::set<std::pair<std::string, std::string>> out;
    const auto units = units_of(grid.files);
    for (const Unit& unit : units->all()) out.emplace(unit.code.str(), unit.name);
    return out;
  };
  const auto positions = scattered(kBoston, 500'000, 5'000, 1);
  CHECK(make_grid(positions).files == make_grid(positions).files);
  CHECK(codes(make_grid(positions)) == codes(make_grid(scattered(kBoston, 500'000, 5'000, 2))));
}

TEST_CASE("grid: a typing error far away is left out and counted, a real suburb is kept") {
  auto positions = scattered(kBoston, 500'000, 1'000, 3);
  positions.push_back({0, 0, 0});
  positions.push_back({-423'241'000, 710'787'000, 0});
  positions.push_back({423'241'000 + 3'000'000, -710'787'000, 0});  // 33 km north
  const auto grid = make_grid(positions);
  CHECK(grid.left_out == 2);
  CHECK(units_of(grid.files)->at(positions.back(), on("2011-08-28"))->state == PlaceState::Inside);
  CHECK(grid.squares < 200);
}

TEST_CASE("grid: nothing to cover and too many squares are said, not made") {
  CHECK_FALSE(make_grid({}).problem.empty());
  GridOptions small;
  small.side_m = 100;
  small.squares_max = 50;
  const auto grid = make_grid(scattered(kBoston, 500'000, 1'000, 4), small);
  CHECK_FALSE(grid.problem.empty());
  CHECK(grid.files.empty());
}

TEST_CASE("degrees: decimal text to 1e-7 degrees, digits behind are cut, other text is refused") {
  CHECK(degrees_e7("42.3594", 90) == 423'594'000);
  CHECK(degrees_e7("-71.0587", 180) == -710'587'000);
  CHECK(degrees_e7("41.94933031234567", 90) == 419'493'303);
  CHECK(degrees_e7("90", 90) == 900'000'000);
  CHECK(degrees_e7(".5", 90) == 5'000'000);
  for (const auto* text : {"", "-", ".", "90.0000001", "1e1", "nan", "1.2.3", " 1", "12345678901234567890123456"}) {
    INFO(text);
    CHECK_FALSE(degrees_e7(text, 90));
  }
}
