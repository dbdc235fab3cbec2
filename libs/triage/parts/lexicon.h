// Weighted Vietnamese terms. A term matches words with the same marks; words that carry no marks at all (people type so)
// match the term's folded form for less, because folding collides ("cháy" and "chạy"). At each place the longest term
// wins and uses up its words, so that "cháy bóng" is a lamp and not a fire.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/text/marked_words.h"

namespace ioc::triage {

class Lexicon {
 public:
  static constexpr std::size_t kWordsMax = 6;  // of a term

  struct Hit {
    std::uint32_t of = 0;         // whose term it is
    std::uint32_t weight = 0;     // as written, or 6 tenths of it on folded text
    bool emergency = false;
    bool folded = false;          // matched without marks: a hint only
    bool negated = false;         // "không ai bị thương"
    std::uint32_t word = 0, words = 0;  // where it begins in the text, and how many words it has there
    std::string_view term;
  };

  // `of`: any number. False: no words, too many words, or no weight.
  bool add(std::uint32_t of, std::string_view term, std::uint32_t weight, bool emergency);
  // A term stands within one sentence.
  void hits(std::span<const text::MarkedWord> words, std::vector<Hit>& into) const;
  [[nodiscard]] std::size_t size() const { return x_terms.size(); }

 private:
  struct Term {
    std::string text;
    std::uint32_t of = 0, weight = 0;
    bool emergency = false;
    std::uint64_t marked = 0;   // hash of the words with marks
    std::uint32_t words = 0;
  };
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };
  bool hits_at(std::span<const text::MarkedWord> words, std::size_t at, std::size_t length, std::vector<Hit>& into) const;

  std::vector<Term> x_terms;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, Hasher> x_by_folded;  // folded words -> terms
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, Hasher> x_longest;  // first folded word -> words of the longest
};

}  // namespace ioc::triage
