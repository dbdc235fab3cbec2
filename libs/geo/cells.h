// Small cells to find what lies near without looking at everything: a fixed lattice of latitude and longitude, about
// `size_m` high and, with the latitude, narrower (232 m of 250 in Thái Nguyên, 185 m in Boston).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libs/domain/event.h"

namespace ioc::geo {

inline constexpr std::uint32_t kCellMetres = 250;

// Row and column in one number; the same for ever for the same size. Cells of different sizes do not mix.
[[nodiscard]] std::uint64_t cell_of(Position position, std::uint32_t size_m = kCellMetres) noexcept;

// The cell itself, then the eight around it, south-west to north-east.
[[nodiscard]] std::array<std::uint64_t, 9> with_neighbours(std::uint64_t cell) noexcept;

// Every cell that has a point within `radius_m` of `position` (and a few more), in order of row and column.
[[nodiscard]] std::vector<std::uint64_t> cells_within(Position position, std::uint32_t radius_m,
                                                      std::uint32_t size_m = kCellMetres);

}  // namespace ioc::geo
