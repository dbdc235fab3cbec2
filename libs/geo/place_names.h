// Units named in text: kind word and name, in folded words ("phuong quang trung", "tp thai nguyen").
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/geo/units.h"

namespace ioc::geo {

// What people put before a name. `words` are folded and may have several words ("thi tran").
struct Kind {
  std::string kind, label;
  std::vector<std::string> words;
};

class PlaceNames {
 public:
  // Numbers of units are indexes into `units`.
  PlaceNames(const std::vector<Unit>& units, std::span<const Kind> kinds);

  struct Mention {
    std::vector<std::uint32_t> units;  // all that ever had this kind and name, ascending
  };
  // In order; kind words with an unknown name behind them are no mention.
  [[nodiscard]] std::vector<Mention> mentions(std::string_view folded_text) const;

  // Kind and folded name without kind, "ward quang trung": equal for units that cannot be told apart by name.
  [[nodiscard]] const std::vector<std::string>& keys_of(std::uint32_t unit) const { return x_keys[unit]; }

 private:
  void add(const std::string& name, const std::string& kind, std::uint32_t unit);

  std::multimap<std::string, std::string, std::less<>> x_kinds_by_word;     // "thi tran" -> "township"
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> x_by_key;  // "township cho chu" -> units
  std::vector<std::vector<std::string>> x_keys;
  std::size_t x_kind_words_max = 0, x_name_words_max = 0;
};

}  // namespace ioc::geo
