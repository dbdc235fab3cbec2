// How alike two texts are, as an integer (DESIGN D1 "Numbers"): Dice's coefficient over their sets of words
// and of letter trigrams taken together. Trigrams forgive typing slips, words keep short texts apart.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace ioc::text {

// What is compared: make it once per text. Words behind the first kWordsMax of a text, and bytes behind the
// first kWordBytesMax of a word, do not count.
class Signature {
 public:
  static constexpr std::size_t kWordsMax = 256, kWordBytesMax = 64;

  Signature() = default;
  // `folded`: the result of fold().
  static Signature of_folded(std::string_view folded);
  static Signature of(std::string_view utf8);

  [[nodiscard]] bool empty() const noexcept { return x_features.empty(); }
  [[nodiscard]] const std::vector<std::uint32_t>& features() const noexcept { return x_features; }

 private:
  std::vector<std::uint32_t> x_features;  // hashes, sorted, each once
};

// 0 (nothing in common, or one of them has no words) to 1000 (the same words). Symmetric.
[[nodiscard]] std::uint32_t similarity_permille(const Signature& a, const Signature& b) noexcept;
[[nodiscard]] std::uint32_t similarity_permille(std::string_view utf8_a, std::string_view utf8_b);

}  // namespace ioc::text
