// Phone and identity numbers do not leave ingest in free text, nor the desk in comments (DESIGN D9).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ioc::text {

struct Masked {
  std::string text;       // each number replaced by kMask
  std::size_t numbers = 0;
};

inline constexpr std::string_view kMask = "***";

// Replaced are, with single spaces, dots, dashes or brackets between groups of digits:
//   phones: 0 and 9 or 10 digits ("0912.345.678", "(0208) 3855 123"), +84, 84 or 0084 and 9 or 10 digits;
//   identity numbers: 9 or 12 digits, the 9 not with dots (that is how money is written);
//   and any 9 or more digits without a gap. Dates stay. Pure; bytes that are not ASCII digits pass unchanged.
Masked mask_personal(std::string_view text);

}  // namespace ioc::text
