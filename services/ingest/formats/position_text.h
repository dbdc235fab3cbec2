// Positions that are written as text: what position.cpp reads of them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace ioc::ingest {

enum class Axis { Unknown, Latitude, Longitude };

// One number of degrees: "21.59", "21.59N", "N 21,59", "21°35'39.5\"B". South and west are negative.
struct Coordinate {
  double degrees = 0;
  Axis axis = Axis::Unknown;
};

// The numbers of "(21.59, 105.84)", "21.59N, 105.84E", "21°35'39\"N 105°50'53\"E", "POINT(105.84 21.59)" and the like, in their order.
// nullopt: a writing that is not known, of another system than WGS 84, or longer than kPositionTextMax.
std::optional<std::vector<Coordinate>> read_coordinates(std::string_view text);
inline constexpr std::size_t kPositionTextMax = 200;

}  // namespace ioc::ingest
