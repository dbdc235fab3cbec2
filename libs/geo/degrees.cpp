#include "libs/geo/degrees.h"

#include <algorithm>

namespace ioc::geo {

std::optional<std::int32_t> degrees_e7(std::string_view text, std::int64_t max) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::int64_t value = 0;
  int digits = 0, behind = -1;
  for (const char c : text) {
    if (c == '.' && behind < 0) {
      behind = 0;
    } else if (c < '0' || c > '9' || ++digits > 24) {
      return std::nullopt;
    } else if (behind < 7) {
      value = value * 10 + (c - '0');
      if (behind >= 0) ++behind;
      if (value > 10'000'000'000) return std::nullopt;
    }
  }
  for (behind = std::max(behind, 0); behind < 7; ++behind) value *= 10;
  if (digits == 0 || value > max * 10'000'000) return std::nullopt;
  return static_cast<std::int32_t>(negative ? -value : value);
}

}  // namespace ioc::geo
