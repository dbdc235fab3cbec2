// Streets' names in a text that has no capitals, where nothing but the words themselves tells a name: "đường lương ngọc
// quyến bị ngập". Knows how names begin and which words are none; better no name than a wrong one.
#pragma once

#include <cstddef>

#include "libs/geo/place_words.h"

namespace ioc::geo {

// No word begins with a capital, but for the first of a sentence.
[[nodiscard]] bool without_capitals(const text::Words& words);

// How many words the street's name that begins at `at` has, 2 to 4; 0: none begins there.
[[nodiscard]] std::size_t small_street_name(const Sighted& text, std::size_t at);

}  // namespace ioc::geo
