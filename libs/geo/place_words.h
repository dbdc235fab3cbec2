// What stands before names and numbers of places ("ngõ", "quốc lộ"): a table, place_words.inc.
#pragma once

#include <cstdint>
#include <string_view>

#include "libs/text/words.h"

namespace ioc::geo {

enum class Makes : std::uint8_t { House, Number, Alley, Group, Village, Street, Road, Km, Zone, Landmark, Point, Crossing, Post, Leaf, Province, Whole };

struct PlaceWord {
  std::string_view folded, written;
  Makes makes;
  std::string_view key;
  bool bare;
};

struct PlaceWordAt {
  const PlaceWord* word = nullptr;  // nullptr: none begins there
  std::size_t count = 0;            // of words
};

// A text that is looked at, as it was written and as words.
struct Sighted {
  explicit Sighted(std::string_view text);
  std::string_view raw;
  text::Words words;
  bool marked = false;  // some word has a letter beyond ASCII: then "cho" is not "chợ"

  [[nodiscard]] std::string_view written(std::size_t word) const;
};

// The longest that begins at `at`; its marks, where the text has any, must be right.
[[nodiscard]] PlaceWordAt place_word_at(const Sighted& text, std::size_t at);

// Words that end a name: "Lương Ngọc Quyến bị ngập".
[[nodiscard]] bool ends_name(std::string_view folded);

}  // namespace ioc::geo
