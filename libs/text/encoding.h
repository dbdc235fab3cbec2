// Texts whose letters were lost on the way: read through another character table, typed in a font of its own, or sent as HTML.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ioc::text {

enum class Encoding : std::uint8_t {
  None,      // the text is as it was meant
  Html,      // entities (&agrave; &#273;) and tags (<b>, <br>)
  Mojibake,  // UTF-8 read as Latin-1, Windows-1252 or Windows-1258, also twice
  Tcvn3,     // the font encoding TCVN3 ("ABC") read as Latin-1
  Vni,       // the font encoding VNI-Windows read as Latin-1
  Lost,      // letters became "?" or U+FFFD: nothing can bring them back
};

struct Recovered {
  std::string text;                  // with everything converted that is sure to be converted
  Encoding kind = Encoding::None;    // the last that was found
  bool sure = true;                  // false: what is left looks like `kind`, but not beyond doubt
};

// Linear in the text. A text is converted only where no reader would take it as it stands:
//
//   Html      an entity with its semicolon and a known name or a valid number; a tag of HTML that is closed again, or that stands
//             alone by its nature (<br>); attributes have a value ("a<b>c" and "<b và c>" stay)
//   Mojibake  every character of the text has a byte in the table, the bytes are UTF-8, and it has three characters of several
//             bytes, or fewer that are Vietnamese and cannot stand so in a written word ("NhÃ ": a capital behind a small letter)
//   Tcvn3,    every word with a character of the font decodes to a Vietnamese syllable, two of them at least are no Vietnamese words
//   Vni       as they stand, and no letter of the text lies outside the table; from three on, one word in five may decode to none
//
// What shows only part of that is `sure = false` and stays. Tests: no text of the corpora changes, and every one of them comes back.
[[nodiscard]] Recovered recover_encoding(std::string_view utf8);

}  // namespace ioc::text
