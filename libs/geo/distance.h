// Distances in integers: they decide what belongs together, so they may not depend on a machine's floating point
// (DESIGN D1 "Numbers").
#pragma once

#include <cstdint>

#include "libs/domain/event.h"

namespace ioc::geo {

// A 1e-7 degree of latitude, in 1e-6 centimetres: 6,371,009 m * pi / 180 / 1e7.
inline constexpr std::int64_t kMicroCmPerE7 = 1'111'951;

// Cosine times 2^30, of a latitude in 1e-7 degrees (any sign, up to 90 degrees); within 4e-5.
[[nodiscard]] std::int64_t cosine_q30(std::int32_t lat_e7) noexcept;

// Largest r with r * r <= value.
[[nodiscard]] std::uint64_t square_root(std::uint64_t value) noexcept;

// Decimetres on a sphere of 6,371,009 m, flat about the middle latitude: within 0.1 % up to 100 km away from the poles;
// further off an estimate that still grows. Symmetric; crosses the date line the short way.
[[nodiscard]] std::int64_t distance_dm(Position a, Position b) noexcept;

// Half a side in 1e-7 degrees of the smallest box around `centre` that holds every point within `radius_dm`.
struct Reach {
  std::int64_t lat_e7 = 0, lon_e7 = 0;
};
[[nodiscard]] Reach reach_of(Position centre, std::int64_t radius_dm) noexcept;

}  // namespace ioc::geo
