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
  std::size_t kept = 0;
  for (std::size_t at = 0; at < marked.size();) {
    const bool may_begin = (marked[at] == 'o' || (marked[at] == 'u' && (at == 0 || marked[at - 1] != 'q'))) && at + 1 < marked.size() &&
                           (marked[at + 1] & 0x80) != 0;
    const Vowels* vowels = may_begin ? vowels_at(marked, at) : nullptr;
    if (vowels == nullptr) {
      marked[kept++] = marked[at++];
      continue;
    }
    marked.replace(kept, vowels->first_toned.size(), vowels->first_toned);
    kept += vowels->first_toned.size();
    marked[kept++] = vowels->second;
    at += 1 + vowels->second_toned.size();
  }
  marked.resize(kept);
}

}  // namespace ioc::text
