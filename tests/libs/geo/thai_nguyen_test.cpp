// Properties of the deployed outlines over a lattice of points.
#include <cmath>
#include <map>

#include "libs/geo/distance.h"
#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

bool inside(const std::vector<Ring>& rings, Point point) {
  bool odd = false;
  for (const auto& ring : rings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Point a = ring[i], b = ring[(i + 1) % ring.size()];
      if (a.lat_e7 > b.lat_e7) std::swap(a, b);
      if (point.lat_e7 < a.lat_e7 || point.lat_e7 >= b.lat_e7) continue;
      odd ^= (std::int64_t{b.lon_e7} - a.lon_e7) * (std::int64_t{point.lat_e7} - a.lat_e7) <=
             (std::int64_t{point.lon_e7} - a.lon_e7) * (std::int64_t{b.lat_e7} - a.lat_e7);
    }
  }
  return odd;
}

// Slow and obvious: every leaf's outline is asked.
void compare_on_lattice(std::string_view date, std::int32_t step_e7, const std::string& whole) {
  const Units& units = thai_nguyen();
  const auto leaves = units.leaves_at(on(date));
  std::vector<std::vector<Ring>> outlines;
  for (const Unit* leaf : leaves) outlines.push_back(units.outline(*leaf));
  const auto province = units.outline(*units.by_code(UnitCode(whole), on(date)));
  const auto [south_west, north_east] = units.bounds();
  std::size_t in_one = 0, in_more = 0, wrong = 0, out_of_step = 0;
  for (std::int32_t lat = south_west.lat_e7 - 50'000; lat < north_east.lat_e7 + 50'000; lat += step_e7) {
    for (std::int32_t lon = south_west.lon_e7 - 50'000; lon < north_east.lon_e7 + 50'000; lon += step_e7) {
      const Unit* only = nullptr;
      std::size_t holders = 0;
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (inside(outlines[i], {lat, lon})) {
          ++holders;
          only = leaves[i];
        }
      }
      in_one += holders == 1 ? 1 : 0;
      in_more += holders > 1 ? 1 : 0;
      out_of_step += inside(province, {lat, lon}) != (holders == 1) ? 1 : 0;
      const auto found = units.at({lat, lon, 0}, on(date));
      const bool right = holders == 1 ? found && found->unit == only && found->state == PlaceState::Inside
                                      : !found || found->state == PlaceState::Nearest;
      wrong += right ? 0 : 1;
    }
  }
  CHECK(in_one > 500);
  CHECK(in_more == 0);
  CHECK(out_of_step == 0);  // the province is exactly its communes
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("outlines: every point of a lattice over the province is in exactly one unit and the index finds that one") {
  compare_on_lattice("2021-10-18", 83'333, "19");
  compare_on_lattice("2025-07-01", 83'333, "19");
  compare_on_lattice("2025-03-01", 200'001, "19");
}

TEST_CASE("outlines: neighbours share their lines, so every stretch of line has one or two units") {
  for (const std::string_view date : {"2021-10-18", "2025-07-01"}) {
    std::map<std::pair<std::pair<int, int>, std::pair<int, int>>, int> sides;
    for (const Unit* leaf : thai_nguyen().leaves_at(on(date))) {
      for (const auto& ring : thai_nguyen().outline(*leaf)) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          const Point a = ring[i], b = ring[(i + 1) % ring.size()];
          std::pair from{a.lat_e7, a.lon_e7}, to{b.lat_e7, b.lon_e7};
          ++sides[std::minmax(from, to)];
        }
      }
    }
    std::size_t one = 0, two = 0, more = 0;
    for (const auto& [edge, count] : sides) (count == 1 ? one : count == 2 ? two : more) += 1;
    CHECK(more == 0);
    CHECK(two > one);  // the province's border is the shorter part
  }
}

TEST_CASE("outlines: the nearest unit's distance agrees with the distance to its points") {
  // Along a line that leaves the province to the west of Định Hóa.
  const Units& units = thai_nguyen();
  for (std::int32_t lon = 1'054'000'000; lon < 1'056'000'000; lon += 10'007) {
    const Position position{219'000'000, lon, 0};
    const auto found = units.at(position, on("2021-10-18"), 100'000);
    if (!found || found->state == PlaceState::Inside) continue;
    std::int64_t to_points = 1'000'000'000, nearest = 1'000'000'000;
    for (const Unit* leaf : units.leaves_at(on("2021-10-18"))) {
      for (const auto& ring : units.outline(*leaf)) {
        for (const Point p : ring) {
          const std::int64_t distance = distance_dm(position, {p.lat_e7, p.lon_e7, 0});
          nearest = std::min(nearest, distance);
          if (leaf == found->unit) to_points = std::min(to_points, distance);
        }
      }
    }
    REQUIRE(found->distance_dm <= nearest + 10);
    REQUIRE(found->distance_dm <= to_points + 10);
  }
}
