// Decimal degrees in text, to 1e-7 degrees, without floating point.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ioc::geo {

// "-71.0587" -> -710587000. Digits behind the seventh are cut. nullopt: no such number, or beyond ±`max` degrees.
[[nodiscard]] std::optional<std::int32_t> degrees_e7(std::string_view text, std::int64_t max);

}  // namespace ioc::geo
