// Units named in text: kind word and name ("phường Quang Trung", "tp thai nguyen"), one typo in the name forgiven.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/geo/place_words.h"
#include "libs/geo/units.h"

namespace ioc::geo {

// What people put before a name. `words` are as written and may have several words ("thị trấn").
struct Kind {
  std::string kind, label;
  std::vector<std::string> words;
};

class PlaceNames {
 public:
  // Numbers of units are indexes into `units`.
  PlaceNames(const std::vector<Unit>& units, std::span<const Kind> kinds);

  struct Naming {
    std::vector<std::uint32_t> units;  // all that ever had this kind and name, ascending
    std::size_t first_word = 0, words = 0;
    bool typo = false;
  };
  // In order; kind words with an unknown name behind them name nothing. At most kNamingsMax.
  static constexpr std::size_t kNamingsMax = 32;
  [[nodiscard]] std::vector<Naming> namings(const Sighted& text) const;
  // False: no word of it begins a kind word, so that it names nothing. Cheap.
  [[nodiscard]] bool may_name(std::string_view text) const;

 private:
  struct KindWords {
    std::uint32_t kind = 0;
    std::vector<std::string> marked;  // lower case in NFC
  };
  struct Name {
    std::uint32_t kind = 0;
    std::vector<std::string> words;  // folded
    std::vector<std::uint32_t> units;
  };
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };
  template <class Value>
  using ByHash = boost::unordered_flat_map<std::uint64_t, Value, Hasher>;

  void add_kind(std::uint32_t kind, const std::string& word);
  void add(const std::string& name, std::uint32_t kind, std::uint32_t unit);
  [[nodiscard]] std::uint32_t kind_number(const std::string& kind);
  [[nodiscard]] std::size_t kinds_at(const Sighted& text, std::size_t at, std::vector<std::uint32_t>& kinds) const;
  void exact(const Sighted& text, std::span<const std::uint32_t> kinds, Naming& naming) const;
  void with_typo(const Sighted& text, std::span<const std::uint32_t> kinds, Naming& naming) const;

  std::vector<std::string> x_kinds;
  ByHash<std::vector<KindWords>> x_kinds_by_words;  // chain of folded words
  ByHash<std::uint32_t> x_kind_starts;              // first folded word -> words of the longest
  ByHash<std::uint32_t> x_by_name;                  // kind and chain of folded words -> x_names
  std::vector<Name> x_names;
  std::size_t x_name_words_max = 0;
};

}  // namespace ioc::geo
