#include "libs/geo/cells.h"

#include "libs/geo/distance.h"

namespace ioc::geo {
namespace {

// 1e-7 degrees of latitude in a metre, times 1e4: 1e7 * 180 / pi / 6,371,009 m.
constexpr std::int64_t kUnitsPerMetreE4 = 899'320;

std::int64_t step_of(std::uint32_t size_m) { return std::int64_t{size_m} * kUnitsPerMetreE4 / 10'000 + 1; }

// Counted from the south pole and the date line, so never negative.
std::uint64_t row_of(std::int64_t lat_e7, std::int64_t step) {
  return static_cast<std::uint64_t>((lat_e7 + 900'000'000) / step);
}
std::uint64_t column_of(std::int64_t lon_e7, std::int64_t step) {
  return static_cast<std::uint64_t>((lon_e7 + 1'800'000'000) / step);
}

// One more than the real row and column: a neighbour's never falls below zero.
constexpr std::uint64_t pack(std::uint64_t row, std::uint64_t column) { return (row + 1) << 32 | (column + 1); }

}  // namespace

std::uint64_t cell_of(Position position, std::uint32_t size_m) noexcept {
  const std::int64_t step = step_of(size_m);
  return pack(row_of(position.lat_e7, step), column_of(position.lon_e7, step));
}

std::array<std::uint64_t, 9> with_neighbours(std::uint64_t cell) noexcept {
  constexpr std::uint64_t kRow = std::uint64_t{1} << 32;
  return {cell,     cell - kRow - 1, cell - kRow, cell - kRow + 1, cell - 1,
          cell + 1, cell + kRow - 1, cell + kRow, cell + kRow + 1};
}

std::vector<std::uint64_t> cells_within(Position position, std::uint32_t radius_m, std::uint32_t size_m) {
  const std::int64_t step = step_of(size_m);
  const Reach reach = reach_of(position, std::int64_t{radius_m} * 10);
  const auto clamp = [](std::int64_t value, std::int64_t bound) {
    return value < -bound ? -bound : value > bound ? bound : value;
  };
  const std::uint64_t south = row_of(clamp(position.lat_e7 - reach.lat_e7, 900'000'000), step);
  const std::uint64_t north = row_of(clamp(position.lat_e7 + reach.lat_e7, 900'000'000), step);
  const std::uint64_t west = column_of(clamp(position.lon_e7 - reach.lon_e7, 1'800'000'000), step);
  const std::uint64_t east = column_of(clamp(position.lon_e7 + reach.lon_e7, 1'800'000'000), step);
  std::vector<std::uint64_t> out;
  out.reserve((north - south + 1) * (east - west + 1));
  for (std::uint64_t row = south; row <= north; ++row) {
    for (std::uint64_t column = west; column <= east; ++column) out.push_back(pack(row, column));
  }
  return out;
}

}  // namespace ioc::geo
