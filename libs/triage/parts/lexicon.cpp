#include "libs/triage/parts/lexicon.h"

#include <algorithm>
#include <array>

#include "libs/text/fold.h"
#include "libs/text/ngrams.h"

namespace ioc::triage {
namespace {

using Words = std::span<const text::MarkedWord>;

std::uint64_t joined(std::uint64_t before, std::uint64_t word) { return (before ^ word) * 0x9e3779b97f4a7c15ULL + (before >> 29); }

bool is_negation(const text::MarkedWord& word) {
  static const std::array<std::uint64_t, 5> kNegations{text::word_hash("không"), text::word_hash("chưa"), text::word_hash("chẳng"),
                                                        text::word_hash("khong"), text::word_hash("ko")};
  return std::find(kNegations.begin(), kNegations.end(), word.marked_hash) != kNegations.end();
}

// Whether one of the three words before `at` takes back what stands there.
bool is_negated(Words words, std::size_t at) {
  constexpr std::size_t kReach = 3;
  for (std::size_t i = at - std::min(at, kReach); i < at; ++i) {
    if (words[i].sentence == words[at].sentence && is_negation(words[i])) return true;
  }
  return false;
}

// How many words from `at` on, at most `most`, are of one sentence.
std::size_t words_within(Words words, std::size_t at, std::size_t most) {
  std::size_t count = std::min(most, words.size() - at);
  while (count > 0 && words[at + count - 1].sentence != words[at].sentence) --count;
  return count;
}

}  // namespace

bool Lexicon::add(std::uint32_t of, std::string_view term, std::uint32_t weight, bool emergency) {
  const auto text = text::FoldedText::of(term);
  text::MarkedWords read;
  read.read(text);
  const Words words = read.all();
  if (words.empty() || words.size() > kWordsMax || words.back().sentence > 0 || weight == 0) return false;
  Term entry{std::string(term), of, weight, emergency, 0, static_cast<std::uint32_t>(words.size())};
  std::uint64_t folded = 0;
  for (const text::MarkedWord& word : words) {
    folded = joined(folded, word.folded_hash);
    entry.marked = joined(entry.marked, word.marked_hash);
  }
  std::uint32_t& longest = x_longest[words.front().folded_hash];
  longest = std::max(longest, entry.words);
  x_by_folded[folded].push_back(static_cast<std::uint32_t>(x_terms.size()));
  x_terms.push_back(std::move(entry));
  return true;
}

void Lexicon::hits(Words words, std::vector<Hit>& into) const {
  into.clear();
  for (std::size_t at = 0; at < words.size();) {
    const auto first = x_longest.find(words[at].folded_hash);
    std::size_t length = first == x_longest.end() ? 0 : words_within(words, at, first->second);
    while (length > 0 && !hits_at(words, at, length, into)) --length;
    at += std::max<std::size_t>(length, 1);
  }
}

// True: terms of so many words stand there.
bool Lexicon::hits_at(Words words, std::size_t at, std::size_t length, std::vector<Hit>& into) const {
  std::uint64_t folded = 0, marked = 0;
  bool plain = true;
  for (std::size_t i = at; i < at + length; ++i) {
    folded = joined(folded, words[i].folded_hash);
    marked = joined(marked, words[i].marked_hash);
    plain = plain && words[i].plain();
  }
  const auto found = x_by_folded.find(folded);
  if (found == x_by_folded.end()) return false;
  const bool negated = is_negated(words, at);
  const std::size_t before = into.size();
  for (const std::uint32_t index : found->second) {
    const Term& term = x_terms[index];
    const bool exact = term.marked == marked;
    if (!exact && !plain) continue;
    into.push_back({term.of, exact ? term.weight : std::max(1U, term.weight * 6 / 10), term.emergency, !exact, negated, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(length), term.text});
  }
  return into.size() > before;
}

}  // namespace ioc::triage
