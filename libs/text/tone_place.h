// Where the tone stands in a syllable: "hòa" and "hoà" are both taught, "tóan", "đừơng" and "chaý" are slips of typing. All spellings
// of a word become one.
#pragma once

#include <string>

namespace ioc::text {

// Moves the tone of each group of neighbouring vowels to where the older spelling writes it:
//   the last of â ă ê ô ơ ư, if the group has one:   "đừơng" -> "đường", "bíêt" -> "biết"
//   the middle one of three:                         "ngòai" -> "ngoài"
//   of two, the second before a consonant:           "tóan" -> "toán"
//   else the first:                                  "hoà" -> "hòa", "chaý" -> "cháy"
// The u of "qu" and the i of "gi" before a vowel are no vowels: "qúa" -> "quá". A group with two tones stays.
// `marked`: lower case in NFC (fold_keep_marks()).
void place_tones(std::string& marked);

}  // namespace ioc::text
