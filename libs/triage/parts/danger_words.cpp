#include "libs/triage/parts/danger_words.h"

#include <algorithm>
#include <optional>

#include "libs/config/config.h"

namespace ioc::triage {
namespace {

// What a term mutes; the number under which the lexicon keeps it.
enum Scope : std::uint32_t { kItself, kBehind, kSentence };

// The words [from, to) that a hit mutes.
struct Muted {
  std::size_t from, to;
};

Muted muted_by(const Lexicon::Hit& hit, const text::MarkedWords& words) {
  const auto all = words.all();
  const auto clauses = words.clauses();
  const std::size_t clause = all[hit.word].clause, sentence = all[hit.word].sentence;
  if (hit.of == kItself) return {hit.word, hit.word + hit.words};
  if (hit.of == kBehind) return {hit.word, std::max<std::size_t>(clauses[clause].to, hit.word + hit.words)};
  std::size_t first = clause, last = clause;
  while (first > 0 && clauses[first - 1].sentence == sentence) --first;
  while (last + 1 < clauses.size() && clauses[last + 1].sentence == sentence) ++last;
  return {clauses[first].from, clauses[last].to};
}

}  // namespace

void DangerWords::declare(config::Fields& fields) {
  fields.texts("cries", x_cries, "words that are danger when they are a whole sentence: `cháy`");
  fields.texts("itself", x_itself, "words that sound like danger and are none: `cháy vé`");
  fields.texts("behind", x_behind, "what follows in the clause is no present danger: `nguy cơ`");
  fields.texts("sentence", x_sentence, "the whole sentence tells of none: `năm tù`");
}

void DangerWords::compile(std::vector<std::string>& problems) {
  const auto add = [&](const char* list, Lexicon& lexicon, std::uint32_t of, const std::vector<std::string>& terms) {
    for (const std::string& term : terms) {
      if (lexicon.add(of, term, 1, false)) continue;
      problems.push_back("danger.yaml: " + std::string(list) + ": `" + term + "`: write 1 to " + std::to_string(Lexicon::kWordsMax) + " words");
    }
  };
  add("cries", x_cry_terms, 0, x_cries);
  add("itself", x_terms, kItself, x_itself);
  add("behind", x_terms, kBehind, x_behind);
  add("sentence", x_terms, kSentence, x_sentence);
}

std::string DangerWords::cry(std::span<const text::MarkedWord> words) const {
  constexpr std::size_t kCryWordsMax = 12;
  if (words.empty() || words.size() > kCryWordsMax) return {};
  std::vector<Lexicon::Hit> hits;
  x_cry_terms.hits(words, hits);
  std::size_t covered = 0;
  bool folded = false;
  for (const Lexicon::Hit& hit : hits) {
    folded = folded || hit.folded;
    covered += hit.words;
  }
  // Without marks "chay" is many words; nobody says one of the others again and again.
  const bool sure = !folded || hits.size() >= 2;
  return sure && covered == words.size() ? std::string(hits.front().term) : std::string();
}

DangerWords::Found DangerWords::find(const text::MarkedWords& words) const {
  std::vector<Lexicon::Hit> hits;
  x_terms.hits(words.all(), hits);
  Found out;
  std::optional<std::uint32_t> silent;  // the last sentence that was muted whole: nothing more can be muted in it
  for (const Lexicon::Hit& hit : hits) {
    if (silent == words.all()[hit.word].sentence) continue;
    if (hit.of == kSentence) silent = words.all()[hit.word].sentence;
    if (out.muted.empty()) out.muted.resize(words.all().size());
    const Muted muted = muted_by(hit, words);
    std::fill(out.muted.begin() + static_cast<std::ptrdiff_t>(muted.from), out.muted.begin() + static_cast<std::ptrdiff_t>(muted.to), true);
    std::string term(hit.term);
    if (std::find(out.because.begin(), out.because.end(), term) == out.because.end()) out.because.push_back(std::move(term));
  }
  return out;
}

}  // namespace ioc::triage
