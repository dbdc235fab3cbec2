#include "libs/triage/parts/lexicon.h"

#include <algorithm>
#include <array>

#include "libs/text/fold.h"
#include "libs/text/ngrams.h"

namespace ioc::triage {
namespace {

struct Word {
  std::uint64_t marked = 0, folded = 0;
  [[nodiscard]] bool plain() const { return marked == folded; }
};

std::uint64_t joined(std::uint64_t before, std::uint64_t word) { return (before ^ word) * 0x9e3779b97f4a7c15ULL + (before >> 29); }

// General punctuation and the no-break space separate; every other byte beyond ASCII is part of a letter.
std::size_t separator_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return text::is_word_byte(text[at]) ? 0 : 1;
  if (byte == 0xE2 && at + 2 < text.size() && (static_cast<unsigned char>(text[at + 1]) & 0xFE) == 0x80) return 3;
  if (byte == 0xC2 && at + 1 < text.size()) return 2;
  return 0;
}

// The words with their marks, each with its folded form. `marked` is in NFC and lower case.
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

bool Lexicon::add(std::uint32_t category, std::string_view term, std::uint32_t weight, bool emergency, std::uint32_t sub_kind) {
  std::vector<Word> words;
  read_words(text::fold_keep_marks(term), kWordsMax + 1, words);
  if (words.empty() || words.size() > kWordsMax || weight == 0) return false;
  Term entry{std::string(term), category, sub_kind, weight, emergency, 0, static_cast<std::uint32_t>(words.size())};
  std::uint64_t folded = 0;
  for (const Word& word : words) {
    folded = joined(folded, word.folded);
    entry.marked = joined(entry.marked, word.marked);
  }
  std::uint32_t& longest = x_longest[words.front().folded][track_of(entry)];
  longest = std::max(longest, entry.words);
  x_by_folded[folded].push_back(static_cast<std::uint32_t>(x_terms.size()));
  x_terms.push_back(std::move(entry));
  return true;
}

void Lexicon::hits(std::string_view text, std::vector<Hit>& into) const {
  into.clear();
  if (x_terms.empty()) return;
  std::vector<Word> words;
  words.reserve(64);
  read_words(text, kTextWordsMax, words);
  std::array<std::size_t, kTracks> next{};  // each track's first word that is not used up
  for (std::size_t at = 0; at < words.size(); at = std::max(at + 1, std::min(next[0], next[1]))) {
    const auto first = x_longest.find(words[at].folded);
    if (first == x_longest.end()) continue;
    std::array<bool, kTracks> open{};
    std::size_t length = 0;
    for (std::size_t track = 0; track < kTracks; ++track) {
      open[track] = next[track] <= at && first->second[track] > 0;
      if (open[track]) length = std::max<std::size_t>(length, first->second[track]);
    }
    for (length = std::min(length, words.size() - at); length > 0 && (open[0] || open[1]); --length) {
      std::uint64_t folded = 0, marked = 0;
      bool plain = true;
      for (std::size_t i = at; i < at + length; ++i) {
        folded = joined(folded, words[i].folded);
        marked = joined(marked, words[i].marked);
        plain = plain && words[i].plain();
      }
      const auto found = x_by_folded.find(folded);
      if (found == x_by_folded.end()) continue;
      const std::size_t from = at < 3 ? 0 : at - 3;
      const bool negated = std::any_of(words.begin() + static_cast<std::ptrdiff_t>(from),
                                       words.begin() + static_cast<std::ptrdiff_t>(at), is_negation);
      for (const std::uint32_t index : found->second) {
        const Term& term = x_terms[index];
        const bool exact = term.marked == marked;
        if (!open[track_of(term)] || (!exact && !plain)) continue;
        next[track_of(term)] = at + length;
        into.push_back({term.category, term.sub_kind, exact ? term.weight : std::max(1U, term.weight * 6 / 10), term.emergency, !exact,
                        negated, term.text});
      }
      for (std::size_t track = 0; track < kTracks; ++track) open[track] = open[track] && next[track] <= at;
    }
  }
}

}  // namespace ioc::triage
