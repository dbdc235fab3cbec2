#include "libs/geo/distance.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <iostream>
#include <random>
#include <set>

#include "libs/geo/cells.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

// The reference may use floating point; the code under test may not.
double great_circle_dm(Position a, Position b) {
  const double rad = std::acos(-1.0) / 180.0 / 1e7;
  const double dlat = (a.lat_e7 - b.lat_e7) * rad, dlon = (double(a.lon_e7) - double(b.lon_e7)) * rad;
  const double h = std::pow(std::sin(dlat / 2), 2) +
                   std::cos(a.lat_e7 * rad) * std::cos(b.lat_e7 * rad) * std::pow(std::sin(dlon / 2), 2);
  return 2 * 63'710'088.0 * std::asin(std::sqrt(h));
}

}  // namespace

TEST_CASE("distance: within 0.1 % (and 2 dm) of the great circle up to 100 km") {
  std::mt19937_64 random(20211018);
  for (const std::int32_t lat : {0, 215'000'000, 423'000'000, -335'000'000, 600'000'000}) {
    for (int i = 0; i < 5'000; ++i) {
      const auto pick = [&random](std::int64_t span) {
        return static_cast<std::int32_t>(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(2 * span)) -
                                         span);
      };
      const std::int32_t span = i % 2 == 0 ? 4'000'000 : 20'000;
      const Position a{lat, 1'058'000'000, 0}, b{lat + pick(span), 1'058'000'000 + pick(span), 0};
      const double real = great_circle_dm(a, b);
      REQUIRE(std::abs(static_cast<double>(distance_dm(a, b)) - real) <= real / 1000 + 2);
      REQUIRE(distance_dm(a, b) == distance_dm(b, a));
    }
  }
}

TEST_CASE("distance: zero to itself, the short way over the date line, no overflow at the ends of the world") {
  CHECK(distance_dm({215'940'000, 1'058'480'000, 0}, {215'940'000, 1'058'480'000, 9}) == 0);
  CHECK(distance_dm({0, 1'799'999'000, 0}, {0, -1'799'999'000, 0}) < 300);
  CHECK(distance_dm({-900'000'000, -1'800'000'000, 0}, {900'000'000, 1'800'000'000, 0}) > 190'000'000);
  CHECK(distance_dm({0, -900'000'000, 0}, {0, 900'000'000, 0}) > 190'000'000);
}

TEST_CASE("square_root: exact around squares, powers of two and the largest value") {
  for (const std::uint64_t root : {0ULL, 1ULL, 2ULL, 3ULL, 65'535ULL, 65'536ULL, 3'037'000'499ULL, 4'294'967'295ULL}) {
    CHECK(square_root(root * root) == root);
    if (root > 0) CHECK(square_root(root * root - 1) == root - 1);
    if (root > 0) CHECK(square_root(root * root + 1) == root);
  }
  CHECK(square_root(~std::uint64_t{0}) == 4'294'967'295ULL);
}

TEST_CASE("cells: everything within the radius lies in one of the cells, in ten thousand draws") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 10'000; ++i) {
    const std::int32_t lat = i % 3 == 0 ? 423'594'000 : i % 3 == 1 ? 215'940'000 : -12'345'678;
    const auto pick = [&random](int span) {
      return static_cast<std::int32_t>(random() % static_cast<unsigned>(2 * span)) - span;
    };
    const Position a{lat + pick(100'000), 1'058'480'000 + pick(100'000), 0};
    const Position b{a.lat_e7 + pick(60'000), a.lon_e7 + pick(60'000), 0};
    const auto radius_m = static_cast<std::uint32_t>(random() % 600);
    const auto cells = cells_within(a, radius_m);
    REQUIRE(std::is_sorted(cells.begin(), cells.end()));
    if (distance_dm(a, b) <= std::int64_t{radius_m} * 10) {
      REQUIRE(std::binary_search(cells.begin(), cells.end(), cell_of(b)));
    }
  }
}

TEST_CASE("cells: the nine around a position touch and differ") {
  const Position here{215'940'000, 1'058'480'000, 0};
  const auto nine = with_neighbours(cell_of(here));
  CHECK(std::set<std::uint64_t>(nine.begin(), nine.end()).size() == 9);
  CHECK(nine[0] == cell_of(here));
  const std::int32_t step = 22'484;
  CHECK(nine[7] == cell_of({here.lat_e7 + step, here.lon_e7, 0}));
  CHECK(nine[4] == cell_of({here.lat_e7, here.lon_e7 - step, 0}));
  CHECK(nine[8] == cell_of({here.lat_e7 + step, here.lon_e7 + step, 0}));
  // The corners of the world are cells like any other.
  CHECK(cell_of({-900'000'000, -1'800'000'000, 0}) != cell_of({900'000'000, 1'800'000'000, 0}));
}
