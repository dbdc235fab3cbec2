// Personal numbers and addresses do not leave ingest in free text, nor the desk in comments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ioc::text {

struct Masked {
  std::string text;       // each of them replaced by kMask
  std::size_t numbers = 0;
};

inline constexpr std::string_view kMask = "***";

// Replaced are, with what people write between groups of digits (blanks, dots, dashes, brackets, "…", "*"):
//   phones: 0 and 9 or 10 digits ("0912.345.678", "(0208) 3855 123"), +84, 84 or 0084 and 9 or 10 digits; the groups may
//     stand on lines of their own, the digits may be full width;
//   identity numbers: 9 or 12 digits, the 9 not with dots (that is how money is written);
//   accounts and cards: 6 to 19 digits after "STK" or "số tài khoản"; 13 to 19 digits in groups of four;
//   any 9 or more digits without a gap;
//   number plates ("20A-123.45", "20-B1 123.45"; after "biển số" also "20a 12345") and e-mail addresses.
// Dates stay, as do prices, kilometre marks, coordinates and hotlines. Pure; time grows with the length alone.
Masked mask_personal(std::string_view text);

}  // namespace ioc::text
