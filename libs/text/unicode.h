// What Unicode says about single code points, from tables (unicode_tables.inc): no locale, no ICU, the same in every
// process and version of the system (DESIGN D1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::text::unicode {

// Canonical combining class; 0: not a combining mark (or one that does not reorder).
[[nodiscard]] std::uint8_t mark_class(char32_t code_point) noexcept;

// Simple lower case; the code point itself where there is none.
[[nodiscard]] char32_t lower(char32_t code_point) noexcept;

// Appends the full case folding: 1 to 3 code points, not normalised.
void case_fold(char32_t code_point, std::u32string& out);

// Appends the full canonical decomposition.
void decompose(char32_t code_point, std::u32string& out);

// The composed code point, 0: the two do not compose.
[[nodiscard]] char32_t compose(char32_t first, char32_t second) noexcept;

// Lower-case ASCII spelling of an accented or barred Latin letter ("đ" -> "d", "Ế" -> "e"); empty: none.
[[nodiscard]] std::string_view plain(char32_t code_point) noexcept;

// What the word-break property (UAX #29, table 3) makes of a code point, as far as words need it. Extend: a mark, part of the
// word that it follows. Alone: of a script that is written without spaces, a word by itself. None: parts words.
enum class WordBreak : std::uint8_t { None, Letter, Digit, Extend, Alone };
[[nodiscard]] WordBreak word_break(char32_t code_point) noexcept;

// Default_Ignorable_Code_Point: invisible, such as the soft hyphen, zero-width characters and variation selectors.
[[nodiscard]] bool is_ignorable(char32_t code_point) noexcept;

// The ASCII letter, digit or sign that a full-width, mathematical or circled form shows, in its case; 0: it is none.
[[nodiscard]] char styled_ascii(char32_t code_point) noexcept;

// In this range every code point is its own NFC and never composes with what stands before it.
constexpr bool always_nfc(char32_t c) {
  return c < 0x300 || (c >= 0x1E00 && c < 0x1F00) || (c >= 0x2010 && c < 0x2070);
}

}  // namespace ioc::text::unicode
