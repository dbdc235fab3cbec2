#include "libs/triage/parts/lexicon.h"

#include <algorithm>
#include <array>

#include "libs/text/fold.h"
#include "libs/text/ngrams.h"

namespace ioc::triage {
namespace {

using Word = LexiconText::Word;

std::uint64_t joined(std::uint64_t before, std::uint64_t word) { return (before ^ word) * 0x9e3779b97f4a7c15ULL + (before >> 29); }

// General punctuation and the no-break space separate; every other byte beyond ASCII is part of a letter.
std::size_t separator_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return text::is_word_byte(text[at]) ? 0 : 1;
  if (byte == 0xE2 && at + 2 < text.size() && (static_cast<unsigned char>(text[at + 1]) & 0xFE) == 0x80) return 3;
  if (byte == 0xC2 && at + 1 < text.size()) return 2;
  return 0;
}

void read_words(std::string_view marked, std::size_t words_max, std::vector<Word>& words) {
  words.clear();
  std::string folded;
  for (std::size_t at = 0; at < marked.size() && words.size() < words_max;) {
    if (const std::size_t skip = separator_at(marked, at)) {
      at += skip;
      continue;
    }
    std::size_t end = at;
    bool ascii = true;
    while (end < marked.size() && separator_at(marked, end) == 0) {
      ascii = ascii && static_cast<unsigned char>(marked[end]) < 0x80;
      ++end;
    }
    const std::string_view word = marked.substr(at, end - at);
    Word read{text::word_hash(word), 0};
    if (ascii) {
      read.folded = read.marked;
    } else {
      text::fold(word, folded);
      read.folded = text::word_hash(folded);
    }
    words.push_back(read);
    at = end;
  }
}

bool is_negation(const Word& word) {
  static const std::array<std::uint64_t, 5> kNegations{text::word_hash("không"), text::word_hash("chưa"), text::word_hash("chẳng"),
                                                        text::word_hash("khong"), text::word_hash("ko")};
  return std::find(kNegations.begin(), kNegations.end(), word.marked) != kNegations.end();
}

}  // namespace

void LexiconText::read(std::string_view marked) { read_words(marked, kWordsMax, x_words); }

bool Lexicon::add(std::uint32_t of, std::string_view term, std::uint32_t weight, bool emergency) {
  std::vector<Word> words;
  read_words(text::fold_keep_marks(term), kWordsMax + 1, words);
  if (words.empty() || words.size() > kWordsMax || weight == 0) return false;
  Term entry{std::string(term), of, weight, emergency, 0, static_cast<std::uint32_t>(words.size())};
  std::uint64_t folded = 0;
  for (const Word& word : words) {
    folded = joined(folded, word.folded);
    entry.marked = joined(entry.marked, word.marked);
  }
  std::uint32_t& longest = x_longest[words.front().folded];
  longest = std::max(longest, entry.words);
  x_by_folded[folded].push_back(static_cast<std::uint32_t>(x_terms.size()));
  x_terms.push_back(std::move(entry));
  return true;
}

void Lexicon::hits(const LexiconText& text, std::vector<Hit>& into) const {
  into.clear();
  const std::vector<Word>& words = text.words();
  for (std::size_t at = 0; at < words.size();) {
    const auto first = x_longest.find(words[at].folded);
    std::size_t length = first == x_longest.end() ? 0 : std::min<std::size_t>(first->second, words.size() - at);
    while (length > 0 && !hits_at(words, at, length, into)) --length;
    at += std::max<std::size_t>(length, 1);
  }
}

// True: terms of so many words stand there.
bool Lexicon::hits_at(const std::vector<Word>& words, std::size_t at, std::size_t length, std::vector<Hit>& into) const {
  std::uint64_t folded = 0, marked = 0;
  bool plain = true;
  for (std::size_t i = at; i < at + length; ++i) {
    folded = joined(folded, words[i].folded);
    marked = joined(marked, words[i].marked);
    plain = plain && words[i].plain();
  }
  const auto found = x_by_folded.find(folded);
  if (found == x_by_folded.end()) return false;
  const auto here = words.begin() + static_cast<std::ptrdiff_t>(at);
  const bool negated = std::any_of(here - static_cast<std::ptrdiff_t>(std::min<std::size_t>(at, 3)), here, is_negation);
  const std::size_t before = into.size();
  for (const std::uint32_t index : found->second) {
    const Term& term = x_terms[index];
    const bool exact = term.marked == marked;
    if (!exact && !plain) continue;
    into.push_back({term.of, exact ? term.weight : std::max(1U, term.weight * 6 / 10), term.emergency, !exact, negated, term.text});
  }
  return into.size() > before;
}

}  // namespace ioc::triage
