// UTF-8 that was read as Latin-1, Windows-1252 or Windows-1258 (the table of Vietnamese Windows).
#include <algorithm>
#include <optional>

#include "libs/text/encoding_steps.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr int kRoundsMax = 3;  // read wrongly and written again so often

struct Byte {
  char32_t code_point;
  unsigned char byte;
};
// Windows-1252 above Latin-1, then what Windows-1258 has instead; in order.
constexpr Byte kBytes[] = {
    {0x102, 0xC3},  {0x103, 0xE3},  {0x110, 0xD0},  {0x111, 0xF0},  {0x152, 0x8C},  {0x153, 0x9C},  {0x160, 0x8A},  {0x161, 0x9A},  {0x178, 0x9F},
    {0x17D, 0x8E},  {0x17E, 0x9E},  {0x192, 0x83},  {0x1A0, 0xD5},  {0x1A1, 0xF5},  {0x1AF, 0xDD},  {0x1B0, 0xFD},  {0x2C6, 0x88},  {0x2DC, 0x98},
    {0x300, 0xCC},  {0x301, 0xEC},  {0x303, 0xDE},  {0x309, 0xD2},  {0x323, 0xF2},  {0x2013, 0x96}, {0x2014, 0x97}, {0x2018, 0x91}, {0x2019, 0x92},
    {0x201A, 0x82}, {0x201C, 0x93}, {0x201D, 0x94}, {0x201E, 0x84}, {0x2020, 0x86}, {0x2021, 0x87}, {0x2022, 0x95}, {0x2026, 0x85}, {0x2030, 0x89},
    {0x2039, 0x8B}, {0x203A, 0x9B}, {0x20AB, 0xFE}, {0x20AC, 0x80}, {0x2122, 0x99}};

// -1: the character has none.
int byte_of(char32_t c) {
  if (c < 0x100) return static_cast<int>(c);
  const auto* const at = std::lower_bound(std::begin(kBytes), std::end(kBytes), c, [](const Byte& one, char32_t wanted) { return one.code_point < wanted; });
  return at != std::end(kBytes) && at->code_point == c ? at->byte : -1;
}

bool is_lead(char32_t c) { return c == 0xC2 || c == 0xC3 || c == 0xC4 || c == 0xC5 || c == 0xC6 || c == 0x102; }
bool is_follower(char32_t c) {
  const int byte = byte_of(c);
  return byte >= 0x80 && byte < 0xC0;
}
bool is_small(char32_t c) { return c >= 'a' && c <= 'z'; }

// The text that the bytes spell, if all of them together are UTF-8.
std::optional<std::string> as_bytes(std::string_view utf8) {
  std::string bytes;
  for (std::size_t at = 0; at < utf8.size();) {
    const int byte = byte_of(decode_next(utf8, at).code_point);
    if (byte < 0) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  if (bytes.size() == utf8.size() || !valid_utf8(bytes)) return std::nullopt;
  return bytes;
}

// Letters and marks of Vietnamese, and what is typed between them.
bool is_usual(char32_t c) {
  const bool symbol = (c >= 0xA0 && c < 0xC0) || (c >= 0x2010 && c <= 0x2044) || c == 0x20AB || c == 0x20AC || c == 0x2122;
  const bool picture = (c >= 0x2600 && c <= 0x27BF) || c == 0xFE0F || c == 0x200D || (c >= 0x1F000 && c <= 0x1FAFF);
  return is_vietnamese_letter(c) || (c >= 0x300 && c <= 0x323) || symbol || picture;
}

// Whether the decoded characters say beyond doubt that the text was mojibake. One or two may be a capital and a quotation mark
// ("XÃ”"): they count when a small letter stands before one, or when three bytes made it.
bool speaks_for_itself(std::string_view decoded) {
  std::size_t made = 0, strange = 0;
  bool strong = false;
  char32_t before = 0;
  for (std::size_t at = 0; at < decoded.size();) {
    const std::size_t begin = at;
    const char32_t c = decode_next(decoded, at).code_point;
    if (c >= 0x80) {
      ++made;
      strange += is_usual(c) ? 0 : 1;
      strong = strong || at - begin > 2 || (is_small(before) && is_vietnamese_letter(c));
    }
    before = c;
  }
  return made >= 3 || (strange == 0 && strong);
}

// Pieces of words that mojibake leaves and no writer does, counted where not the whole text can be read back: bytes were lost, or
// something was added. Quotes in guillemets put "»" behind a word, so "á»" says nothing there.
std::size_t pieces_of(std::string_view utf8) {
  const bool quotes = utf8.find("«") != std::string_view::npos;
  std::size_t pieces = 0;
  char32_t first = 0, second = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = decode_next(utf8, at).code_point;
    const bool three_bytes = second == 0xE1 && (c == 0xBA || (c == 0xBB && !quotes));
    const bool two_bytes = is_lead(second) && (is_follower(c) || is_small(first)) && !(quotes && c == 0xBB);
    pieces += three_bytes || two_bytes ? 1 : 0;
    first = second;
    second = c;
  }
  return pieces;
}

}  // namespace

Recovered read_mojibake(std::string_view utf8) {
  Recovered out;
  std::string text(utf8);
  for (int round = 0; round < kRoundsMax; ++round) {
    auto decoded = as_bytes(text);
    if (!decoded || !speaks_for_itself(*decoded)) break;
    text = std::move(*decoded);
    out = {text, Encoding::Mojibake, true};
  }
  if (pieces_of(text) >= 2) out = {text, Encoding::Mojibake, false};
  return out;
}

}  // namespace ioc::text
