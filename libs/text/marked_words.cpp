#include "libs/text/marked_words.h"

#include <algorithm>

#include "libs/text/ngrams.h"
#include "libs/text/tokens.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr std::size_t kAbbreviationBytes = 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

enum class Break : std::uint8_t { None, Clause, Sentence };

bool ends_sentence(char32_t c) {
  return c == U'!' || c == U'?' || c == U';' || c == U'\n' || c == U'\r' || c == U'…' || c == U'。' || c == U'‼' || c == U'⁉';
}

// Signs that join words as well as part them.
bool joins(char32_t c) { return c == U' ' || c == U'\t' || c == U'-' || c == U'/' || c == U'\'' || c == U'’' || c == U'_' || c == U'+' || c == 0xA0; }

// The break in `gap`, the text between the words `before` and `behind`.
Break break_in(std::string_view before, std::string_view gap, std::string_view behind) {
  const bool in_number = gap.size() == 1 && is_digit(before.back()) && is_digit(behind.front());
  if (in_number) return Break::None;
  Break out = Break::None;
  for (std::size_t at = 0; at < gap.size();) {
    const bool first = at == 0;
    const char32_t c = decode_next(gap, at).code_point;
    if (ends_sentence(c)) return Break::Sentence;
    const bool abbreviates = c == U'.' && first && before.size() <= kAbbreviationBytes && !is_digit(before.back());
    if (c == U'.' && !abbreviates) return Break::Sentence;
    if (c != U'.' && !joins(c)) out = Break::Clause;
  }
  return out;
}

}  // namespace

void MarkedWords::read(const FoldedText& text) {
  x_words.clear();
  x_clauses.clear();
  x_folded.clear();
  constexpr std::size_t kBytesAWord = 5, kBytesAClause = 32;  // Vietnamese words are short
  x_words.reserve(std::min(kWordsMax, text.marked.size() / kBytesAWord + 8));
  x_clauses.reserve(text.marked.size() / kBytesAClause + 4);
  cut(text.marked);
  if (!fold_from(text.plain)) fold_each();
}

void MarkedWords::cut(std::string_view marked) {
  for_each_token(marked, [&](std::string_view word) {
    if (x_words.size() == kWordsMax) return;
    if (x_words.empty()) {
      begin_clause(0);
    } else {
      const std::string_view before = x_words.back().marked;
      const auto gap_from = static_cast<std::size_t>(before.data() + before.size() - marked.data());
      const auto gap_to = static_cast<std::size_t>(word.data() - marked.data());
      const bool is_space = gap_to == gap_from + 1 && marked[gap_from] == ' ';
      const Break found = is_space ? Break::None : break_in(before, marked.substr(gap_from, gap_to - gap_from), word);
      const Clause& now = x_clauses.back();
      const bool full = now.to - now.from == kClauseWords;
      if (found != Break::None || full) begin_clause(now.sentence + (found == Break::Sentence ? 1 : 0));
    }
    add(word);
  });
}

// Takes the folded words from the folded text. False: folding split a word, so the two texts do not align.
bool MarkedWords::fold_from(std::string_view plain) {
  std::size_t at = 0;
  for (MarkedWord& word : x_words) {
    const std::string_view folded = next_word(plain, at);
    at = static_cast<std::size_t>(folded.data() + folded.size() - plain.data());
    const bool same = folded.size() == word.marked.size() && folded == word.marked;
    if (folded.empty() || (!same && (word.marked[0] & 0x80) == 0 && word.marked[0] != folded[0])) return false;
    word.folded = folded;
    word.folded_hash = same ? word.marked_hash : word_hash(folded);
  }
  return x_words.size() == kWordsMax || next_word(plain, at).empty();
}

void MarkedWords::fold_each() {
  for (MarkedWord& word : x_words) {
    word.folded = x_folded.emplace_back(fold(word.marked));
    word.folded_hash = word_hash(word.folded);
  }
}

void MarkedWords::begin_clause(std::uint32_t sentence) {
  const auto from = static_cast<std::uint32_t>(x_words.size());
  x_clauses.push_back({from, from, sentence});
}

void MarkedWords::add(std::string_view marked) {
  x_words.push_back({marked, marked, word_hash(marked), 0, x_clauses.back().sentence, static_cast<std::uint32_t>(x_clauses.size() - 1)});
  ++x_clauses.back().to;
}

}  // namespace ioc::text
