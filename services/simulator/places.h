// Where the made-up events happen: real communes with streets people name, each with a point well inside it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "services/simulator/random.h"

namespace ioc::simulator {

struct Point {
  std::int64_t lat_e7 = 0, lon_e7 = 0;
};

struct Place {
  std::string_view unit;      // as named until June 2025: people go on writing it
  std::string_view unit_new;  // as named since July 2025
  Point centre;
  int radius_m = 0;           // a circle inside both units
  int weight = 1;             // how much happens there
  std::span<const std::string_view> streets;
};

std::span<const Place> places();
const Place& draw_place(Random& random);

// Evenly within `radius_m` of `centre`.
Point near(const Point& centre, int radius_m, Random& random);
// Metres, good within a province.
std::int64_t distance_m(const Point& a, const Point& b);
const Place& nearest_place(const Point& point);

// "21.5942000": exact, without floating point.
std::string degrees(std::int64_t e7);

}  // namespace ioc::simulator
