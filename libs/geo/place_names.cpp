#include "libs/geo/place_names.h"

#include <algorithm>
#include <optional>

#include "libs/text/fold.h"
#include "libs/text/ngrams.h"
#include "libs/text/tokens.h"
#include "libs/text/typo.h"

namespace ioc::geo {
namespace {

constexpr std::uint64_t kChain = 0x51ED270B7F3A9C11ULL;

std::uint64_t chained(std::uint64_t chain, std::string_view word) { return text::pair_hash(chain, text::word_hash(word)); }

std::vector<std::string> words_of(const std::string& folded) {
  std::vector<std::string> out;
  text::for_each_token(folded, [&out](std::string_view token) { out.emplace_back(token); });
  return out;
}

// Marked words, for kinds whose folded form means something else too ("xã" and "xả").
std::vector<std::string> marked_words(const std::string& written) {
  std::vector<std::string> out(1);
  for (const char c : text::fold_keep_marks(written)) {
    if (c == ' ' || c == '.') out.emplace_back();
    else out.back().push_back(c);
  }
  std::erase(out, "");
  return out;
}

std::uint64_t name_hash(std::uint32_t kind, std::uint64_t chain) { return text::pair_hash(chain, kind + 1); }

}  // namespace

PlaceNames::PlaceNames(const std::vector<Unit>& units, std::span<const Kind> kinds) {
  for (const Kind& kind : kinds) {
    for (const auto& word : kind.words) add_kind(kind_number(kind.kind), word);
  }
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    add(units[i].name, kind_number(units[i].kind), i);
    for (const auto& alias : units[i].aliases) add(alias, kind_number(units[i].kind), i);
  }
}

std::uint32_t PlaceNames::kind_number(const std::string& kind) {
  const auto number = static_cast<std::uint32_t>(std::find(x_kinds.begin(), x_kinds.end(), kind) - x_kinds.begin());
  if (number == x_kinds.size()) x_kinds.push_back(kind);
  return number;
}

void PlaceNames::add_kind(std::uint32_t kind, const std::string& word) {
  const auto words = words_of(text::fold(word));
  if (words.empty()) return;
  std::uint64_t chain = kChain;
  for (const auto& one : words) chain = chained(chain, one);
  x_kinds_by_words[chain].push_back({kind, marked_words(word)});
  auto& longest = x_kind_starts[text::word_hash(words.front())];
  longest = std::max(longest, static_cast<std::uint32_t>(words.size()));
}

// A name that starts with a kind word has that kind (a ward's alias "Xã Nông Thượng"), else its unit's.
void PlaceNames::add(const std::string& name, std::uint32_t kind, std::uint32_t unit) {
  const Sighted written(name);
  std::vector<std::string> words = words_of(text::fold(name));
  if (words.empty()) return;
  std::vector<std::uint32_t> named;
  std::size_t skip = written.words.size() == words.size() ? kinds_at(written, 0, named) : 0;
  if (skip == words.size()) skip = 0;
  if (skip > 0 && std::find(named.begin(), named.end(), kind) == named.end()) kind = named.front();
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(skip));
  std::uint64_t chain = kChain;
  for (const auto& one : words) chain = chained(chain, one);
  const auto [at, fresh] = x_by_name.try_emplace(name_hash(kind, chain), static_cast<std::uint32_t>(x_names.size()));
  if (fresh) x_names.push_back({kind, words, {}});
  auto& list = x_names[at->second].units;
  if (list.empty() || list.back() != unit) list.push_back(unit);
  x_name_words_max = std::max(x_name_words_max, words.size());
}

// How many words from `at` on make the longest kind word, and the kinds that it may mean; 0: none.
std::size_t PlaceNames::kinds_at(const Sighted& text, std::size_t at, std::vector<std::uint32_t>& kinds) const {
  kinds.clear();
  const auto start = x_kind_starts.find(text::word_hash(text.words[at].folded));
  if (start == x_kind_starts.end()) return 0;
  std::size_t taken = 0;
  std::uint64_t chain = kChain;
  for (std::size_t count = 1; count <= start->second && at + count <= text.words.size(); ++count) {
    chain = chained(chain, text.words[at + count - 1].folded);
    const auto found = x_kinds_by_words.find(chain);
    if (found == x_kinds_by_words.end()) continue;
    std::vector<std::uint32_t> meant;
    for (const KindWords& one : found->second) {
      bool marks_fit = one.marked.size() == count;
      for (std::size_t i = 0; i < count && marks_fit; ++i) {
        const text::Word& word = text.words[at + i];
        marks_fit = !word.marked || word.spelled_out || text.written(at + i) == one.marked[i] ||
                    text::fold_keep_marks(text.written(at + i)) == one.marked[i];
      }
      if (marks_fit) meant.push_back(one.kind);
    }
    if (meant.empty()) continue;
    kinds = std::move(meant);
    taken = count;
  }
  return taken;
}

void PlaceNames::exact(const Sighted& text, std::span<const std::uint32_t> kinds, Naming& naming) const {
  std::uint64_t chain = kChain;
  const std::size_t name_at = naming.first_word + naming.words;
  std::size_t words = 0;
  for (std::size_t count = 1; count <= x_name_words_max && name_at + count <= text.words.size(); ++count) {
    chain = chained(chain, text.words[name_at + count - 1].folded);
    std::vector<std::uint32_t> units;
    for (const std::uint32_t kind : kinds) {
      const auto found = x_by_name.find(name_hash(kind, chain));
      if (found == x_by_name.end()) continue;
      const auto& of = x_names[found->second].units;
      units.insert(units.end(), of.begin(), of.end());
    }
    if (units.empty()) continue;
    naming.units = std::move(units);
    words = count;
  }
  naming.words += words;
}

// The one name that is a typo away; two such names are none.
void PlaceNames::with_typo(const Sighted& text, std::span<const std::uint32_t> kinds, Naming& naming) const {
  const std::size_t name_at = naming.first_word + naming.words;
  if (text.words[name_at].gap == ',') return;
  const Name* best = nullptr;
  bool several = false;
  for (const Name& name : x_names) {
    if (name_at + name.words.size() > text.words.size() || std::find(kinds.begin(), kinds.end(), name.kind) == kinds.end()) continue;
    std::size_t typos = 0, at = 0;
    for (; at < name.words.size() && typos < 2; ++at) {
      const std::string_view typed = text.words[name_at + at].folded;
      if (typed == name.words[at]) continue;
      typos += text::stands_for(typed, name.words[at]) ? 1U : 2U;
    }
    if (typos != 1) continue;
    several = best != nullptr && best->words.size() >= name.words.size();
    if (best == nullptr || name.words.size() > best->words.size()) best = &name;
  }
  if (best == nullptr || several) return;
  naming.units = best->units;
  naming.words += best->words.size();
  naming.typo = true;
}

bool PlaceNames::may_name(std::string_view text) const {
  // What abbreviations.inc spells out to kinds.
  static constexpr std::string_view kAbbreviated[] = {"h", "p", "q", "tp", "tt", "tx", "x"};
  bool may = false;
  text::for_each_word(text::fold(text.substr(0, text::Words::kBytesMax)), [&](std::string_view word, std::uint64_t hash) {
    may = may || x_kind_starts.contains(hash) || (word.size() <= 2 && std::find(std::begin(kAbbreviated), std::end(kAbbreviated), word) != std::end(kAbbreviated));
  });
  return may;
}

std::vector<PlaceNames::Naming> PlaceNames::namings(const Sighted& text) const {
  std::vector<Naming> out;
  std::vector<std::uint32_t> kinds;
  for (std::size_t at = 0; at < text.words.size() && out.size() < kNamingsMax;) {
    Naming naming;
    naming.first_word = at;
    naming.words = kinds_at(text, at, kinds);
    if (naming.words == 0 || at + naming.words >= text.words.size()) {
      at += std::max<std::size_t>(naming.words, 1);
      continue;
    }
    exact(text, kinds, naming);
    // A kind of one letter is too little to excuse a typo.
    const bool clear = naming.words > 1 || text.words[at].folded.size() > 1;
    if (naming.units.empty() && clear) with_typo(text, kinds, naming);
    at += naming.words;
    if (naming.units.empty()) continue;
    std::sort(naming.units.begin(), naming.units.end());
    naming.units.erase(std::unique(naming.units.begin(), naming.units.end()), naming.units.end());
    out.push_back(std::move(naming));
  }
  return out;
}

}  // namespace ioc::geo
