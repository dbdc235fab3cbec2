#include "libs/text/encoding.h"

#include <algorithm>

#include "libs/text/encoding_steps.h"
#include "libs/text/fold.h"
#include "libs/text/syllable.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void apply(const Recovered& step, Recovered& to) {
  if (step.kind == Encoding::None) return;
  to.kind = step.kind;
  to.sure = step.sure;
  to.text = step.text;
}

}  // namespace

bool is_vietnamese_letter(char32_t c) noexcept {
  if (c >= 0x1EA0 && c <= 0x1EF9) return true;
  constexpr std::u32string_view kOthers = U"ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯư";
  return kOthers.find(c) != std::u32string_view::npos;
}

bool is_vietnamese_word(std::string_view utf8) {
  std::u32string pieces;
  for (std::size_t at = 0; at < utf8.size();) unicode::decompose(decode_next(utf8, at).code_point, pieces);
  constexpr std::u32string_view kTones = U"\u0300\u0301\u0303\u0309\u0323";
  const auto tones = std::count_if(pieces.begin(), pieces.end(), [&](char32_t c) { return kTones.find(c) != std::u32string_view::npos; });
  return tones <= 1 && is_vietnamese_syllable(fold(utf8));
}

// U+FFFD, also read as Latin-1, says that a program gave up a letter. A "?" within a word says so from three words on: links have them, too.
bool has_lost_letters(std::string_view utf8) {
  if (utf8.find("\xEF\xBF\xBD") != std::string_view::npos || utf8.find("ï¿½") != std::string_view::npos) return true;
  if (utf8.find("://") != std::string_view::npos) return false;
  std::size_t words = 0;
  bool counted = false;  // the word that the walk is in
  for (std::size_t at = 1; at + 1 < utf8.size(); ++at) {
    if (utf8[at] == ' ' || utf8[at] == '\n') counted = false;
    if (counted || utf8[at] != '?' || !is_letter(utf8[at - 1]) || !is_letter(utf8[at + 1])) continue;
    counted = true;
    ++words;
  }
  return words >= 3;
}

Recovered recover_encoding(std::string_view utf8) {
  Recovered out{std::string(utf8), Encoding::None, true};
  const bool plain = std::none_of(utf8.begin(), utf8.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x80 || c == '&' || c == '<' || c == '?';
  });
  if (plain) return out;
  apply(read_html(out.text), out);
  apply(read_mojibake(out.text), out);
  if (has_lost_letters(out.text)) return {std::move(out.text), Encoding::Lost, false};
  apply(read_font(out.text), out);
  return out;
}

}  // namespace ioc::text
