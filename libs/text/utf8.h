// UTF-8 as it arrives: checked once at the edge, walked afterwards.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ioc::text {

inline constexpr char32_t kReplacement = 0xFFFD;

// Well-formed as Unicode defines it: no overlong forms, surrogates, or code points above U+10FFFF.
[[nodiscard]] bool valid_utf8(std::string_view bytes) noexcept;

// Each maximal ill-formed part becomes one U+FFFD; well-formed text is returned as it is.
[[nodiscard]] std::string repair_utf8(std::string_view bytes);

// The code point at `at` (must be < bytes.size()), which moves behind it. Ill-formed: kReplacement, and `at` moves
// behind the maximal ill-formed part; `ok` says which of the two it was.
struct Decoded {
  char32_t code_point = 0;
  bool ok = true;
};
Decoded decode_next(std::string_view bytes, std::size_t& at) noexcept;

void append_utf8(std::string& out, char32_t code_point);

}  // namespace ioc::text
