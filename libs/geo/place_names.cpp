#include "libs/geo/place_names.h"

#include <algorithm>
#include <optional>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::geo {
namespace {

using Words = std::vector<std::string_view>;

std::string joined(const Words& words, std::size_t from, std::size_t count) {
  std::string out;
  for (std::size_t i = from; i < from + count; ++i) {
    if (!out.empty()) out.push_back(' ');
    out.append(words[i]);
  }
  return out;
}

// How many of the words from `at` on make the longest kind word; 0: none.
template <class Known>
std::size_t longest(const Words& words, std::size_t at, std::size_t max, const Known& known) {
  for (std::size_t count = std::min(max, words.size() - at); count > 0; --count) {
    if (known(joined(words, at, count))) return count;
  }
  return 0;
}

}  // namespace

PlaceNames::PlaceNames(const std::vector<Unit>& units, std::span<const Kind> kinds) {
  for (const Kind& kind : kinds) {
    for (const auto& word : kind.words) {
      const std::string folded = text::fold(word);
      const auto words = text::tokens(folded);
      if (words.empty()) continue;
      x_kinds_by_word.emplace(joined(words, 0, words.size()), kind.kind);
      x_kind_words_max = std::max(x_kind_words_max, words.size());
    }
  }
  x_keys.resize(units.size());
  for (std::uint32_t i = 0; i < units.size(); ++i) {
    add(units[i].name, units[i].kind, i);
    for (const auto& alias : units[i].aliases) add(alias, units[i].kind, i);
  }
}

// A name that starts with a kind word has that kind (a ward's alias "Xã Nông Thượng"), else its unit's.
void PlaceNames::add(const std::string& name, const std::string& kind, std::uint32_t unit) {
  const std::string folded = text::fold(name);
  const auto words = text::tokens(folded);
  if (words.empty()) return;
  std::size_t skip =
      longest(words, 0, x_kind_words_max, [this](const std::string& w) { return x_kinds_by_word.contains(w); });
  if (skip == words.size()) skip = 0;
  std::vector<std::string> of{kind};
  if (skip > 0) {
    const auto [from, to] = x_kinds_by_word.equal_range(joined(words, 0, skip));
    if (std::none_of(from, to, [&kind](const auto& entry) { return entry.second == kind; })) of = {from->second};
  }
  x_name_words_max = std::max(x_name_words_max, words.size() - skip);
  for (const auto& k : of) {
    auto key = k + " " + joined(words, skip, words.size() - skip);
    auto& list = x_by_key[key];
    if (list.empty() || list.back() != unit) list.push_back(unit);
    x_keys[unit].push_back(std::move(key));
  }
}

std::vector<PlaceNames::Mention> PlaceNames::mentions(std::string_view folded_text) const {
  std::vector<Mention> out;
  const auto words = text::tokens(folded_text);
  const auto is_kind = [this](const std::string& w) { return x_kinds_by_word.contains(w); };
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t kind_words = longest(words, at, x_kind_words_max, is_kind);
    const std::size_t name_at = at + kind_words;
    if (kind_words == 0 || name_at >= words.size()) {
      at += std::max<std::size_t>(kind_words, 1);
      continue;
    }
    Mention mention;
    const auto [from, to] = x_kinds_by_word.equal_range(joined(words, at, kind_words));
    const std::size_t name_words = longest(words, name_at, x_name_words_max, [&](const std::string& name) {
      for (auto kind = from; kind != to; ++kind) {
        const auto found = x_by_key.find(kind->second + " " + name);
        if (found != x_by_key.end())
          mention.units.insert(mention.units.end(), found->second.begin(), found->second.end());
      }
      return !mention.units.empty();
    });
    if (name_words > 0) {
      std::sort(mention.units.begin(), mention.units.end());
      mention.units.erase(std::unique(mention.units.begin(), mention.units.end()), mention.units.end());
      out.push_back(std::move(mention));
    }
    at = name_at + name_words;
  }
  return out;
}

}  // namespace ioc::geo
