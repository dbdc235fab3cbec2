// A text's words in order, each with its marks and folded, and the sentences that they make. Read once, asked by the lexicons and the
// category model.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/text/fold.h"

namespace ioc::text {

struct MarkedWord {
  std::string_view marked, folded;
  std::uint64_t marked_hash = 0, folded_hash = 0;  // word_hash() (ngrams.h)
  std::uint32_t sentence = 0, clause = 0;          // each rises by at most one from word to word
  [[nodiscard]] bool plain() const { return marked_hash == folded_hash; }
};

// Words [from, to) of one sentence.
struct Clause {
  std::uint32_t from = 0, to = 0, sentence = 0;
};

// A sentence ends at . ! ? ; … or a line end. A dot does not end one inside a number, or behind a word of at most two letters: such a
// word is an abbreviation ("TP. Thái Nguyên"). A clause ends where its sentence does, at any other sign but a hyphen, a slash or an
// apostrophe between words, and after kClauseWords words.
class MarkedWords {
 public:
  static constexpr std::size_t kWordsMax = 16'384;  // what follows does not count; ingest's longest text has fewer

  static constexpr std::size_t kClauseWords = 14;

  // `text` must outlive the words. Memory is kept for the next text.
  void read(const FoldedText& text);

  [[nodiscard]] std::span<const MarkedWord> all() const { return x_words; }
  [[nodiscard]] std::span<const Clause> clauses() const { return x_clauses; }

 private:
  void cut(std::string_view marked);
  void add(std::string_view marked);
  void begin_clause(std::uint32_t sentence);
  bool fold_from(std::string_view plain);
  void fold_each();

  std::vector<MarkedWord> x_words;
  std::vector<Clause> x_clauses;
  std::deque<std::string> x_folded;  // folded words, where the folded text has other word boundaries
};

// Neighbouring clauses [first, last] of one sentence.
struct ClauseRun {
  std::size_t first = 0, last = 0;
  std::uint32_t cuts = 0;  // 0: the whole sentence; else at how many of its ends the sentence goes on
};

// Calls `take(const ClauseRun&)` for each whole sentence, and each run of at most kRunClauses clauses that has at least kRunWords words.
inline constexpr std::size_t kRunClauses = 4, kRunWords = 3;

template <class Take>
void for_each_run(std::span<const Clause> clauses, Take&& take) {
  for (std::size_t begin = 0; begin < clauses.size();) {
    std::size_t end = begin;
    while (end < clauses.size() && clauses[end].sentence == clauses[begin].sentence) ++end;
    take(ClauseRun{begin, end - 1, 0});
    for (std::size_t first = begin; first < end; ++first) {
      for (std::size_t last = first; last < end && last - first < kRunClauses; ++last) {
        const std::uint32_t cuts = (first == begin ? 0U : 1U) + (last + 1 == end ? 0U : 1U);
        if (cuts > 0 && clauses[last].to - clauses[first].from >= kRunWords) take(ClauseRun{first, last, cuts});
      }
    }
    begin = end;
  }
}

}  // namespace ioc::text
