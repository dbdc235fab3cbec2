// Whether a word may be another one with a slip of the finger in it.
#pragma once

#include <string_view>

namespace ioc::text {

// Equal, or apart by one byte left out, put in or changed, or by two neighbours that changed places.
constexpr bool within_one_typo(std::string_view a, std::string_view b) noexcept {
  if (a.size() > b.size()) return within_one_typo(b, a);
  if (b.size() - a.size() > 1) return false;
  std::size_t same = 0;
  while (same < a.size() && a[same] == b[same]) ++same;
  if (same == a.size()) return true;
  if (a.size() < b.size()) return a.substr(same) == b.substr(same + 1);
  if (a.substr(same + 1) == b.substr(same + 1)) return true;
  return same + 1 < a.size() && a[same] == b[same + 1] && a[same + 1] == b[same] && a.substr(same + 2) == b.substr(same + 2);
}

// `typed` stands for the folded word `known`: the same, or one typo in a word of at least kTypoLetters letters. Shorter
// ones and numbers have too many neighbours.
inline constexpr std::size_t kTypoLetters = 5;
constexpr bool stands_for(std::string_view typed, std::string_view known) noexcept {
  if (typed == known) return true;
  if (known.size() < kTypoLetters) return false;
  for (const char c : typed) {
    if (c >= '0' && c <= '9') return false;
  }
  return within_one_typo(typed, known);
}

}  // namespace ioc::text
