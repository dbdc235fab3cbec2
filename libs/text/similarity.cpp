#include "libs/text/similarity.h"

#include <algorithm>
#include <string>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::text {
namespace {

// FNV-1a; the seed keeps a three-letter word apart from the trigram of the same letters.
constexpr std::uint32_t kWord = 2166136261U, kTrigram = 2166136261U ^ 0x5bd1e995U;

std::uint32_t hash(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t value = seed;
  for (const char c : bytes) value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  return value;
}

void add_word(std::vector<std::uint32_t>& features, std::string& framed, std::string_view word) {
  features.push_back(hash(word, kWord));
  framed.assign(1, ' ').append(word).push_back(' ');
  for (std::size_t i = 0; i + 3 <= framed.size(); ++i) {
    features.push_back(hash(std::string_view(framed).substr(i, 3), kTrigram));
  }
}

}  // namespace

Signature Signature::of_folded(std::string_view folded) {
  Signature out;
  std::string framed;
  std::size_t words = 0;
  for_each_token(folded, [&](std::string_view word) {
    if (words++ < kWordsMax) add_word(out.x_features, framed, word.substr(0, kWordBytesMax));
  });
  std::sort(out.x_features.begin(), out.x_features.end());
  out.x_features.erase(std::unique(out.x_features.begin(), out.x_features.end()), out.x_features.end());
  return out;
}

Signature Signature::of(std::string_view utf8) { return of_folded(fold(utf8)); }

std::uint32_t similarity_permille(const Signature& a, const Signature& b) noexcept {
  if (a.empty() || b.empty()) return 0;
  const auto& left = a.features();
  const auto& right = b.features();
  std::uint64_t common = 0;
  for (std::size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    common += left[i] == right[j] ? 1 : 0;
    const bool step_left = left[i] <= right[j], step_right = right[j] <= left[i];
    i += step_left ? 1 : 0;
    j += step_right ? 1 : 0;
  }
  return static_cast<std::uint32_t>(2000 * common / (left.size() + right.size()));
}

std::uint32_t similarity_permille(std::string_view utf8_a, std::string_view utf8_b) {
  return similarity_permille(Signature::of(utf8_a), Signature::of(utf8_b));
}

}  // namespace ioc::text
