#include "libs/text/tokens.h"

#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

// U+00C0-U+02BF without the two signs, and U+1E00-U+1EFF: the letters that Vietnamese is written with.
std::size_t latin_letter_bytes(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t left = text.size() - at;
  const bool two = left >= 2 && byte(0) >= 0xC3 && byte(0) <= 0xCA && (byte(1) & 0xC0) == 0x80;
  const bool is_sign = two && byte(0) == 0xC3 && (byte(1) == 0x97 || byte(1) == 0xB7);  // multiplication, division
  if (two && !is_sign) return 2;
  const bool three = left >= 3 && byte(0) == 0xE1 && byte(1) >= 0xB8 && byte(1) <= 0xBB && (byte(2) & 0xC0) == 0x80;
  return three ? 3 : 0;
}

}  // namespace

std::size_t wide_word_bytes(std::string_view text, std::size_t at, bool begins, bool& alone) noexcept {
  alone = false;
  if (const std::size_t latin = latin_letter_bytes(text, at)) return latin;
  std::size_t end = at;
  const unicode::WordBreak kind = unicode::word_break(decode_next(text, end).code_point);
  alone = kind == unicode::WordBreak::Alone;
  if (kind == unicode::WordBreak::None || (kind == unicode::WordBreak::Extend && begins)) return 0;
  return end - at;
}

}  // namespace ioc::text
