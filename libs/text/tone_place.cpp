#include "libs/text/tone_place.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "libs/text/tokens.h"

namespace ioc::text {
namespace {

struct Vowels {
  std::string_view second_toned, first_toned;
  char first, second;
};

constexpr std::array<Vowels, 15> kVowels{{
    {"à", "ò", 'o', 'a'}, {"á", "ó", 'o', 'a'}, {"ả", "ỏ", 'o', 'a'}, {"ã", "õ", 'o', 'a'}, {"ạ", "ọ", 'o', 'a'},
    {"è", "ò", 'o', 'e'}, {"é", "ó", 'o', 'e'}, {"ẻ", "ỏ", 'o', 'e'}, {"ẽ", "õ", 'o', 'e'}, {"ẹ", "ọ", 'o', 'e'},
    {"ỳ", "ù", 'u', 'y'}, {"ý", "ú", 'u', 'y'}, {"ỷ", "ủ", 'u', 'y'}, {"ỹ", "ũ", 'u', 'y'}, {"ỵ", "ụ", 'u', 'y'},
}};
static_assert(std::all_of(kVowels.begin(), kVowels.end(),
                          [](const Vowels& one) { return one.first_toned.size() <= one.second_toned.size(); }));

// The vowels that begin at `at` and end a word; nullptr: none do.
const Vowels* vowels_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at + 1);
  const auto found = std::find_if(kVowels.begin(), kVowels.end(), [&](const Vowels& one) {
    return one.first == text[at] && rest.starts_with(one.second_toned) && word_bytes(rest, one.second_toned.size()) == 0;
  });
  return found == kVowels.end() ? nullptr : &*found;
}

}  // namespace

void place_tones(std::string& marked) {
  std::size_t kept = 0, copied = 0;
  for (std::size_t at = 0; at + 1 < marked.size(); ++at) {
    if (marked[at] != 'o' && marked[at] != 'u') continue;
    const bool may_move = (marked[at + 1] & 0x80) != 0 && (marked[at] == 'o' || at == 0 || marked[at - 1] != 'q');
    if (!may_move) continue;
    const Vowels* vowels = vowels_at(marked, at);
    if (vowels == nullptr) continue;
    // Seldom: so what stands between is moved only where something was.
    std::copy(marked.begin() + static_cast<std::ptrdiff_t>(copied), marked.begin() + static_cast<std::ptrdiff_t>(at), marked.begin() + static_cast<std::ptrdiff_t>(kept));
    kept += at - copied;
    marked.replace(kept, vowels->first_toned.size(), vowels->first_toned);
    kept += vowels->first_toned.size();
    marked[kept++] = vowels->second;
    copied = at + 1 + vowels->second_toned.size();
    at = copied - 1;
  }
  if (copied == kept) return;
  marked.erase(kept, copied - kept);
}

}  // namespace ioc::text
