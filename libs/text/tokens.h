// The words of a text: the one rule for where a word begins and ends, for texts with marks and for folded ones (fold.h).
//
// A word is a run of letters, digits and the marks on them, by Unicode's word-break property (unicode.h). Everything else parts words:
// spaces, punctuation, quotes, emoji, the underscore, and also a dot or an apostrophe between letters, for people leave out the space
// behind a full stop. A character of a script without spaces is a word by itself.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace ioc::text {

enum class ByteKind : std::uint8_t { Parts, Word, Wide };  // Wide: of a character beyond ASCII

inline constexpr std::array<ByteKind, 256> kByteKinds = [] {
  std::array<ByteKind, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const bool letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
    const bool digit = i >= '0' && i <= '9';
    kinds[i] = i >= 0x80 ? ByteKind::Wide : letter || digit ? ByteKind::Word : ByteKind::Parts;
  }
  return kinds;
}();

constexpr ByteKind kind_of_byte(char c) { return kByteKinds[static_cast<unsigned char>(c)]; }
constexpr bool is_word_byte(char c) { return kind_of_byte(c) == ByteKind::Word; }

// Of the letters that Vietnamese is written with beyond ASCII, U+00C0-U+02BF without its two signs and U+1E00-U+1EFF: the bytes of the
// one at `at`; 0: it is none of them.
[[nodiscard]] inline std::size_t latin_letter_bytes(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t left = text.size() - at;
  const bool two = left >= 2 && byte(0) >= 0xC3 && byte(0) <= 0xCA && (byte(1) & 0xC0) == 0x80;
  const bool is_sign = two && byte(0) == 0xC3 && (byte(1) == 0x97 || byte(1) == 0xB7);  // multiplication, division
  if (two && !is_sign) return 2;
  const bool three = left >= 3 && byte(0) == 0xE1 && byte(1) >= 0xB8 && byte(1) <= 0xBB && (byte(2) & 0xC0) == 0x80;
  return three ? 3 : 0;
}

// For all other characters beyond ASCII: see word_bytes().
[[nodiscard]] std::size_t other_word_bytes(std::string_view text, std::size_t at, bool begins, bool& alone) noexcept;

// Bytes of the character beyond ASCII at `at` if it belongs to a word, which it may begin; `alone`: it is a word by itself.
[[nodiscard]] inline std::size_t wide_word_bytes(std::string_view text, std::size_t at, bool begins, bool& alone) noexcept {
  alone = false;
  const std::size_t latin = latin_letter_bytes(text, at);
  return latin != 0 ? latin : other_word_bytes(text, at, begins, alone);
}

// Bytes of the character at `at` if it belongs to a word; 0: it parts words, or the text ends there.
[[nodiscard]] inline std::size_t word_bytes(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  if (kind_of_byte(text[at]) != ByteKind::Wide) return is_word_byte(text[at]) ? 1 : 0;
  bool alone = false;
  return wide_word_bytes(text, at, false, alone);
}

// The end of the word that begins at `at`; `at` itself: none begins there.
[[nodiscard]] inline std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < text.size()) {
    const ByteKind kind = kind_of_byte(text[end]);
    if (kind == ByteKind::Parts) return end;
    if (kind == ByteKind::Word) {
      ++end;
      continue;
    }
    bool alone = false;
    const std::size_t bytes = wide_word_bytes(text, end, end == at, alone);
    if (alone) return end == at ? at + bytes : end;
    if (bytes == 0) return end;
    end += bytes;
  }
  return end;
}

// The first word from `at` on; empty, at the text's end: there is none.
[[nodiscard]] inline std::string_view next_word(std::string_view text, std::size_t at) noexcept {
  for (; at < text.size(); ++at) {
    if (const std::size_t end = word_end(text, at); end != at) return text.substr(at, end - at);
  }
  return text.substr(text.size());
}

// Calls `take(std::string_view)` for each word, in order; the views point into `text`.
template <class Take>
void for_each_token(std::string_view text, Take&& take) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    if (end == at) {
      ++at;
      continue;
    }
    take(text.substr(at, end - at));
    at = end;
  }
}

[[nodiscard]] inline std::vector<std::string_view> tokens(std::string_view text) {
  std::vector<std::string_view> out;
  for_each_token(text, [&out](std::string_view token) { out.push_back(token); });
  return out;
}

}  // namespace ioc::text
