// Units for a place whose real ones we do not have: squares of a lattice that cover given positions, in the file
// formats of a units folder, valid for all times.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libs/domain/event.h"

namespace ioc::geo {

struct GridOptions {
  std::uint32_t side_m = 2'000;
  std::uint32_t reach_km = 100;  // positions farther from the middle one are typing errors: left out and counted
  std::size_t squares_max = 20'000;
};

struct Grid {
  std::vector<std::pair<std::string, std::string>> files;  // empty: see `problem`
  std::size_t squares = 0, positions = 0, left_out = 0;
  std::string problem;  // why there is no grid, and what to do
};

// Squares that hold a position, and those around them. The lattice hangs on the globe, not on the positions: another
// month of the same place gives the same codes and names for the same squares.
[[nodiscard]] Grid make_grid(const std::vector<Position>& positions, const GridOptions& options = {});

}  // namespace ioc::geo
