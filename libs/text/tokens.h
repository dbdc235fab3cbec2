// Words of folded text (fold.h): runs of ASCII letters and digits. Everything else separates.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace ioc::text {

constexpr bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

// Calls `take(std::string_view)` for each word, in order; the views point into `folded`.
template <class Take>
void for_each_token(std::string_view folded, Take&& take) {
  for (std::size_t at = 0; at < folded.size();) {
    if (!is_word_byte(folded[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < folded.size() && is_word_byte(folded[end])) ++end;
    take(folded.substr(at, end - at));
    at = end;
  }
}

[[nodiscard]] inline std::vector<std::string_view> tokens(std::string_view folded) {
  std::vector<std::string_view> out;
  for_each_token(folded, [&out](std::string_view token) { out.push_back(token); });
  return out;
}

}  // namespace ioc::text
