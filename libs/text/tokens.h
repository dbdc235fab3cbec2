// The words of a text: the one rule for where a word begins and ends, for texts with marks and for folded ones (fold.h).
//
// A word is a run of letters, digits and the marks on them, by Unicode's word-break property (unicode.h). Everything else parts words:
// spaces, punctuation, quotes, emoji, the underscore, and also a dot or an apostrophe between letters, for people leave out the space
// behind a full stop. A character of a script without spaces is a word by itself.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ioc::text {

constexpr bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

// For characters beyond ASCII: see word_bytes().
[[nodiscard]] std::size_t wide_word_bytes(std::string_view text, std::size_t at, bool begins, bool& alone) noexcept;

// Bytes of the character at `at` if it belongs to a word; 0: it parts words, or the text ends there.
[[nodiscard]] inline std::size_t word_bytes(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return 0;
  if ((text[at] & 0x80) == 0) return is_word_byte(text[at]) ? 1 : 0;
  bool alone = false;
  return wide_word_bytes(text, at, false, alone);
}

// The end of the word that begins at `at`; `at` itself: none begins there.
[[nodiscard]] inline std::size_t word_end(std::string_view text, std::size_t at) noexcept {
  std::size_t end = at;
  while (end < text.size()) {
    if ((text[end] & 0x80) == 0) {
      if (!is_word_byte(text[end])) return end;
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
