// A text as the finders of personal numbers read it.
#include <algorithm>
#include <array>

#include "libs/text/fold.h"
#include "libs/text/mask_parts.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr std::size_t kCharacterBytes = 4;

// The zeros of Unicode's decimal digits; each is followed by its one to nine (Unicode 15, category Nd).
constexpr std::array<char32_t, 66> kZeros = {
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50,
    0xED0, 0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0,
    0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50,
    0x11DA0, 0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E950,
    0x1FBF0};

struct Circled {
  char32_t first, last;
  char value;
};
constexpr std::array<Circled, 8> kCircled = {{{0x2460, 0x2468, '1'}, {0x2474, 0x247C, '1'}, {0x2488, 0x2490, '1'}, {0x24EA, 0x24EA, '0'},
                                              {0x24F5, 0x24FD, '1'}, {0x2776, 0x277E, '1'}, {0x2780, 0x2788, '1'}, {0x278A, 0x2792, '1'}}};

// '\0': no digit.
char digit_of(char32_t c) {
  const auto* above = std::upper_bound(kZeros.begin(), kZeros.end(), c);
  if (above != kZeros.begin() && c - *(above - 1) < 10) return static_cast<char>('0' + (c - *(above - 1)));
  for (const Circled& circled : kCircled)
    if (c >= circled.first && c <= circled.last) return static_cast<char>(circled.value + static_cast<char>(c - circled.first));
  const bool superscript = c == 0x2070 || (c >= 0x2074 && c <= 0x2079) || (c >= 0x2080 && c <= 0x2089);  // not of m² and m³
  return superscript ? static_cast<char>('0' + (c & 0xFU)) : '\0';
}

char sign_of(char32_t c) {
  const bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2043 || c == 0x2212 || c == 0x301C || c == 0xFE58 || c == 0xFE63;
  if (dash) return '-';
  if (c >= 0x2024 && c <= 0x2026) return '.';  // leaders, ellipsis
  if (c == 0x3002) return '.';
  if (c == 0xFE6B) return '@';
  if (c == 0xB7 || c == 0x2022 || c == 0x2219 || c == 0x22C5 || c == 0x25CF) return '_';  // bullets
  const bool unit = c == 0xB0 || c == 0x20AB || c == 0x20AC || c == 0x2032 || c == 0x2033 || c == 0xB2 || c == 0xB3;
  if (unit) return Reading::kUnit;
  return unicode::word_break(c) == unicode::WordBreak::None ? Reading::kSign : Reading::kLetter;
}

char character_of(char32_t c) {
  const char digit = digit_of(c);
  return digit != '\0' ? digit : sign_of(c);
}

// A letter of Vietnamese that begins at `raw`, given without its marks, in its case.
char in_case(char folded, std::string_view raw) {
  const bool small = folded >= 'a' && folded <= 'z';
  return small && begins_with_capital(raw) ? static_cast<char>(folded - 'a' + 'A') : folded;
}

}  // namespace

Reading Reading::of(std::string_view text) {
  std::string folded;
  std::vector<std::uint32_t> raw_at;
  fold(text, folded, raw_at);
  Reading out;
  out.plain.reserve(folded.size());
  out.lower.reserve(folded.size());
  out.raw_at.reserve(folded.size() + 1);
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t raw_begin = raw_at[at];
    char lower = folded[at] == '\r' || folded[at] == '\t' ? ' ' : folded[at];
    const bool ascii = static_cast<unsigned char>(lower) < 0x80;
    if (ascii) {
      ++at;
    } else {
      lower = character_of(decode_next(folded, at).code_point);
    }
    out.raw_at.push_back(static_cast<std::uint32_t>(raw_begin));
    out.lower += lower;
    out.plain += in_case(lower, text.substr(raw_begin, kCharacterBytes));
  }
  out.raw_at.push_back(static_cast<std::uint32_t>(text.size()));
  return out;
}

void Announced::add(std::string_view lower, std::initializer_list<std::string_view> words) {
  for (const auto word : words) {
    for (auto at = lower.find(word); at != std::string_view::npos; at = lower.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      const bool begins = at == 0 || !in_word(lower[at - 1]);
      const bool ends = end == lower.size() || !is_letter(lower[end]);
      if (begins && ends) x_ends.push_back(end);
    }
  }
  std::sort(x_ends.begin(), x_ends.end());
}

bool Announced::before(std::size_t at, std::size_t distance) {
  while (x_next < x_ends.size() && x_ends[x_next] <= at) ++x_next;
  return x_next > 0 && at - x_ends[x_next - 1] <= distance;
}

}  // namespace ioc::text
