// Weighted Vietnamese terms. A term matches words with the same marks; words that carry no marks at all (people type so)
// match the term's folded form for less, because folding collides ("cháy" and "chạy"). At each place the longest term
// wins and uses up its words, so that "cháy bóng" is a lamp and not a fire. The terms of sub-kinds do so among themselves:
// they are found on the same way through the text and take no word from those of categories.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ioc::triage {

class Lexicon {
 public:
  static constexpr std::size_t kWordsMax = 6;        // of a term
  static constexpr std::size_t kTextWordsMax = 400;  // of a text; what follows does not count
  static constexpr std::uint32_t kNoSubKind = 0xFFFFFFFF;  // a term of the category itself

  struct Hit {
    std::uint32_t category = 0;
    std::uint32_t sub_kind = kNoSubKind;
    std::uint32_t weight = 0;     // as written, or 6 tenths of it on folded text
    bool emergency = false;
    bool folded = false;          // matched without marks: a hint only
    bool negated = false;         // "không ai bị thương"
    std::string_view term;
  };

  // False: no words, too many words, or no weight.
  bool add(std::uint32_t category, std::string_view term, std::uint32_t weight, bool emergency, std::uint32_t sub_kind = kNoSubKind);
  void hits(std::string_view text, std::vector<Hit>& into) const;  // `text`: fold_keep_marks()
  [[nodiscard]] std::size_t size() const { return x_terms.size(); }

 private:
  struct Term {
    std::string text;
    std::uint32_t category = 0, sub_kind = kNoSubKind, weight = 0;
    bool emergency = false;
    std::uint64_t marked = 0;   // hash of the words with marks
    std::uint32_t words = 0;
  };
  // Categories' terms and sub-kinds' terms: each text is divided among the one and, apart from it, among the other.
  static constexpr std::size_t kTracks = 2;
  using PerTrack = std::array<std::uint32_t, kTracks>;
  static std::size_t track_of(const Term& term) { return term.sub_kind == kNoSubKind ? 0 : 1; }
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };
  std::vector<Term> x_terms;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, Hasher> x_by_folded;  // folded words -> terms
  boost::unordered_flat_map<std::uint64_t, PerTrack, Hasher> x_longest;  // first folded word -> words of the longest
};

}  // namespace ioc::triage
