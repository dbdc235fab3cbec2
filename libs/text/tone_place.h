// Where the tone stands in "hòa" or "hoà", "thúy" or "thuý": both spellings are taught, and typed, for one word.
#pragma once

#include <string>

namespace ioc::text {

// Moves the tone of a word that ends in oa, oe or uy to its first vowel: "hoà" -> "hòa", "khoẻ" -> "khỏe", "thuý" -> "thúy". The u of
// "qu" is no vowel: "quý" stays. `marked`: lower case in NFC (fold_keep_marks()). It never grows.
void place_tones(std::string& marked);

}  // namespace ioc::text
