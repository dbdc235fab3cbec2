// What a text consists of, as 64-bit hashes: folded words, pairs of neighbouring words, and character n-grams that know
// where a word begins and ends. Nothing is allocated; the hashes are the same on every machine and for ever (models are
// stored under them).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libs/text/tokens.h"

namespace ioc::text {

// Bytes of a word behind these count neither for its hash nor for its n-grams.
inline constexpr std::size_t kFeatureWordBytesMax = 64;
inline constexpr std::size_t kNgramMax = 7;  // bytes of the longest n-gram, boundary marks included

// Spreads every bit of `value` over all bits of the result; a bijection (the finaliser of MurmurHash3).
constexpr std::uint64_t spread(std::uint64_t value) noexcept {
  value = (value ^ value >> 33) * 0xFF51AFD7ED558CCDULL;
  value = (value ^ value >> 33) * 0xC4CEB9FE1A85EC53ULL;
  return value ^ value >> 33;
}

constexpr std::uint64_t word_hash(std::string_view word) noexcept {
  std::uint64_t value = 0xCBF29CE484222325ULL;
  for (const char c : word.substr(0, kFeatureWordBytesMax)) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return spread(value);
}

// Of two words in this order; apart from the hash of any one word by more than chance.
constexpr std::uint64_t pair_hash(std::uint64_t first, std::uint64_t second) noexcept {
  return spread(first * 0x9E3779B97F4A7C15ULL + second);
}

// Of at most kNgramMax bytes. No two n-grams have the same hash.
constexpr std::uint64_t ngram_hash(std::string_view ngram) noexcept {
  std::uint64_t packed = 0;
  for (const char c : ngram) packed = packed << 8 | static_cast<unsigned char>(c);
  return spread(packed | std::uint64_t{ngram.size()} << 56);
}

// Calls `take(std::string_view word, std::uint64_t word_hash)` for each word of folded text (fold.h), in order.
template <class Take>
void for_each_word(std::string_view folded, Take&& take) {
  for_each_token(folded, [&take](std::string_view word) { take(word, word_hash(word)); });
}

// Calls `take(std::uint64_t ngram_hash)` for the n-grams of one word of `shortest` to `longest` bytes. The word stands
// between two spaces, which are part of its n-grams: "ho" has " ho", "ho " and " ho " of 3 to 4.
template <class Take>
void for_each_ngram_of(std::string_view word, std::size_t shortest, std::size_t longest, Take&& take) {
  word = word.substr(0, kFeatureWordBytesMax);
  longest = std::min(longest, kNgramMax);
  const std::size_t size = word.size() + 2;
  const auto at = [word, size](std::size_t i) {
    return static_cast<unsigned char>(i == 0 || i + 1 == size ? ' ' : word[i - 1]);
  };
  for (std::size_t from = 0; from < size; ++from) {
    std::uint64_t packed = 0;
    for (std::size_t n = 1; n <= longest && from + n <= size; ++n) {
      packed = packed << 8 | at(from + n - 1);
      if (n >= shortest) take(spread(packed | std::uint64_t{n} << 56));
    }
  }
}

// The same for every word of folded text, in order.
template <class Take>
void for_each_ngram(std::string_view folded, std::size_t shortest, std::size_t longest, Take&& take) {
  for_each_token(folded, [&](std::string_view word) { for_each_ngram_of(word, shortest, longest, take); });
}

}  // namespace ioc::text
