#include "libs/text/ngrams.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "libs/text/fold.h"

using namespace ioc::text;

namespace {

std::vector<std::uint64_t> ngrams(std::string_view folded, std::size_t shortest, std::size_t longest) {
  std::vector<std::uint64_t> out;
  for_each_ngram(folded, shortest, longest, [&out](std::uint64_t hash) { out.push_back(hash); });
  return out;
}

}  // namespace

TEST_CASE("ngrams: the hashes are those that models are stored under, for ever") {
  CHECK(word_hash("cong") == 0xCD8D63E97975073BULL);
  CHECK(pair_hash(word_hash("nap"), word_hash("cong")) == 0x2C25AFF2921C5BA5ULL);
  CHECK(ngram_hash(" co") == 0x7E660F77E6C434B4ULL);
}

TEST_CASE("ngrams: a word's n-grams know where it begins and ends") {
  using List = std::vector<std::uint64_t>;
  CHECK(ngrams("ho", 3, 4) == List{ngram_hash(" ho"), ngram_hash(" ho "), ngram_hash("ho ")});
  CHECK(ngrams("a", 3, 3) == List{ngram_hash(" a ")});
  CHECK(ngrams("a, b", 2, 2) == List{ngram_hash(" a"), ngram_hash("a "), ngram_hash(" b"), ngram_hash("b ")});
  CHECK(ngrams("", 1, 7).empty());
  CHECK(ngrams(" ,;", 1, 7).empty());
}

TEST_CASE("ngrams: the words of a text come in order, with the hash that each has alone") {
  const std::string folded = fold("Nắp cống, NẮP cống!");
  std::vector<std::string> words;
  std::vector<std::uint64_t> hashes;
  for_each_word(folded, [&](std::string_view word, std::uint64_t hash) {
    words.emplace_back(word);
    hashes.push_back(hash);
  });
  CHECK(words == std::vector<std::string>{"nap", "cong", "nap", "cong"});
  CHECK(hashes[0] == hashes[2]);
  CHECK(hashes[1] == word_hash("cong"));
}

TEST_CASE("ngrams: the order of two words counts") {
  CHECK(pair_hash(word_hash("a"), word_hash("b")) != pair_hash(word_hash("b"), word_hash("a")));
}

TEST_CASE("ngrams: different short texts have different hashes") {
  std::set<std::uint64_t> seen;
  std::size_t made = 0;
  for (char a = 'a'; a <= 'z'; ++a) {
    for (char b = 'a'; b <= 'z'; ++b) {
      for (const std::string& text : {std::string{a, b}, std::string{' ', a, b}, std::string{a, b, ' '}, std::string{a, b, a}}) {
        ++made;
        seen.insert(ngram_hash(text));
      }
    }
  }
  CHECK(seen.size() == made);
}

TEST_CASE("ngrams: a word without end is bounded") {
  CHECK(ngrams(std::string(1 << 20, 'a'), 2, 100).size() < (kFeatureWordBytesMax + 2) * kNgramMax);
  CHECK(word_hash(std::string(1 << 20, 'a')) == word_hash(std::string(kFeatureWordBytesMax, 'a')));
}
