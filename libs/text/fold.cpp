#include "libs/text/fold.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "libs/text/normal.h"
#include "libs/text/tone_place.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

bool is_space(char32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

bool is_mark(char32_t c) { return unicode::mark_class(c) != 0 || (c >= 0x300 && c < 0x370) || (c >= 0x20D0 && c < 0x2100); }

void append_plain(std::string& out, char32_t c) {
  if (is_mark(c) || unicode::is_ignorable(c)) return;
  if (is_space(c)) return out.push_back(' ');
  if (const char styled = unicode::styled_ascii(c)) c = static_cast<unsigned char>(styled);
  if (const auto ascii = unicode::plain(c); !ascii.empty()) {
    out.append(ascii);
  } else {
    append_utf8(out, unicode::lower(c));
  }
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void append_folded(std::string& out, char32_t c) {
  if (c < 0x80) return out.push_back(ascii_lower(static_cast<char>(c)));
  if (const auto ascii = unicode::plain(c); !ascii.empty()) {
    out.append(ascii);
    return;
  }
  std::u32string pieces;
  unicode::decompose(c, pieces);
  for (const char32_t piece : pieces) append_plain(out, piece);
}

// What becomes of one code point, ready to be written. `size` kSlow: not said here.
struct Entry {
  char bytes[3];
  std::uint8_t size;
};
constexpr std::uint8_t kSlow = 0xFF;
constexpr std::size_t kTwoBytes = 0x800, kAdditional = 0x100;

// Of U+0080–U+07FF by code point, then of U+1E00–U+1EFF: what Vietnamese is written with.
using Entries = std::array<Entry, kTwoBytes + kAdditional>;

template <class Append>
Entries entries_of(const Append& append) {
  Entries out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<char32_t>(i < kTwoBytes ? i : i - kTwoBytes + 0x1E00);
    std::string text;
    const bool said = c >= 0x80 && append(text, c) && text.size() <= (i < kTwoBytes ? 2U : 3U);
    out[i].size = said ? static_cast<std::uint8_t>(text.size()) : kSlow;
    if (said) std::memcpy(out[i].bytes, text.data(), text.size());
  }
  return out;
}

constexpr std::uint64_t kHighBits = 0x8080808080808080ULL, kOnes = 0x0101010101010101ULL;

std::uint64_t lower_eight(std::uint64_t bytes) {
  const std::uint64_t low = bytes & ~kHighBits;
  const std::uint64_t upper = ((low + kOnes * (0x80 - 'A')) ^ (low + kOnes * (0x80 - 'Z' - 1))) & ~bytes & kHighBits;
  return bytes | upper >> 2;
}

std::size_t ascii_before(std::uint64_t high_bits) {
  static_assert(std::endian::native == std::endian::little);
  return static_cast<std::size_t>(std::countr_zero(high_bits)) / 8;
}

struct Letter {
  Entry entry;
  std::size_t size;  // of the letter in the text; with kSlow it means nothing
};

// `bytes`: the text from the letter on, at least three bytes or zeros behind its end. Without branches: which letters
// have two bytes and which three cannot be foreseen.
Letter letter_of(const Entries& entries, std::uint64_t bytes) {
  const std::uint64_t first = bytes & 0xFF, second = bytes >> 8 & 0xFF, third = bytes >> 16 & 0xFF;
  const bool three = first == 0xE1 && (second & 0xFC) == 0xB8 && (third & 0xC0) == 0x80;
  const bool two = first >= 0xC2 && first < 0xE0 && (second & 0xC0) == 0x80;
  const std::size_t of_three = kTwoBytes + ((second & 3) << 6 | (third & 0x3F)), of_two = (first & 0x1F) << 6 | (second & 0x3F);
  const std::size_t at = three ? of_three : two ? of_two : 0;  // entry 0 is ASCII's: slow
  return {entries[at], 2U + (three ? 1U : 0U)};
}

// Eight bytes from `at` on, zeros behind the end.
std::uint64_t bytes_at(std::string_view in, std::size_t at) {
  std::uint64_t out = 0;
  if (in.size() - at >= sizeof(out)) {
    std::memcpy(&out, in.data() + at, sizeof(out));
  } else {
    std::memcpy(&out, in.data() + at, in.size() - at);
  }
  return out;
}

// ASCII goes through `eight` bytes at a time, what has an entry by its entry, and what has none by `slow(c, out)`, which
// may stop it (false).
template <class Eight, class Slow>
bool through(const Entries& entries, std::string_view in, std::string& out, const Eight& eight, const Slow& slow) {
  constexpr std::size_t kOverhang = 8;  // bytes written beyond what counts
  out.resize(in.size() + kOverhang);
  std::size_t at = 0, written = 0;
  char* to = out.data();
  while (at < in.size()) {
    const std::uint64_t bytes = bytes_at(in, at), high = bytes & kHighBits, put = eight(bytes);
    std::memcpy(to + written, &put, sizeof(put));
    const std::size_t count = std::min<std::size_t>(high == 0 ? 8 : ascii_before(high), in.size() - at);
    at += count;
    written += count;
    if (high == 0) continue;
    const Letter letter = letter_of(entries, bytes_at(in, at));
    if (letter.entry.size != kSlow) {
      std::memcpy(to + written, &letter.entry, sizeof(letter.entry));
      written += letter.entry.size;
      at += letter.size;
      continue;
    }
    std::string folded;
    if (!slow(decode_next(in, at).code_point, folded)) return false;
    const std::size_t room = written + folded.size() + (in.size() - at) + kOverhang;
    if (out.size() < room) out.resize(std::max(room, out.size() + out.size() / 2));
    to = out.data();
    std::memcpy(to + written, folded.data(), folded.size());
    written += folded.size();
  }
  out.resize(written);
  return true;
}

// Everything but dotted capital I, whose lower case is two code points, is its own NFC in this range.
bool simple(char32_t c) { return unicode::always_nfc(c) && c != 0x130; }

bool append_lower(std::string& out, char32_t c) {
  if (unicode::is_ignorable(c)) return true;
  if (const char styled = unicode::styled_ascii(c)) c = static_cast<unsigned char>(styled);
  append_utf8(out, unicode::lower(c));
  return simple(c);
}

std::string normalised(std::string_view utf8, bool lower_case) {
  static const Entries lower = entries_of(append_lower);
  static const Entries same = entries_of([](std::string& out, char32_t c) {
    append_utf8(out, c);
    return simple(c);
  });
  std::string out;
  const auto slow = [lower_case](char32_t c, std::string& one) {
    if (lower_case) return append_lower(one, c);
    append_utf8(one, c);
    return simple(c);
  };
  const bool all = lower_case ? through(lower, utf8, out, lower_eight, slow)
                              : through(same, utf8, out, [](std::uint64_t bytes) { return bytes; }, slow);
  return all ? out : composed(utf8, lower_case);
}

const Entries& folded_entries() {
  static const Entries entries = entries_of([](std::string& out, char32_t c) {
    append_folded(out, c);
    return true;
  });
  return entries;
}

}  // namespace

void fold(std::string_view utf8, std::string& into) {
  through(folded_entries(), utf8, into, lower_eight, [](char32_t c, std::string& one) {
    append_folded(one, c);
    return true;
  });
}

std::string fold(std::string_view utf8) {
  std::string out;
  fold(utf8, out);
  return out;
}

void fold(std::string_view utf8, std::string& into, std::vector<std::uint32_t>& raw_at) {
  const Entries& entries = folded_entries();
  constexpr std::size_t kLetterMax = sizeof(Entry::bytes);
  into.resize(utf8.size() + kLetterMax);
  raw_at.resize(utf8.size() + kLetterMax);
  std::size_t written = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const auto begin = static_cast<std::uint32_t>(at);
    if (static_cast<unsigned char>(utf8[at]) < 0x80) {
      raw_at[written] = begin;
      into[written++] = ascii_lower(utf8[at++]);
      continue;
    }
    if (const Letter letter = letter_of(entries, bytes_at(utf8, at)); letter.entry.size != kSlow) {
      std::memcpy(into.data() + written, letter.entry.bytes, kLetterMax);
      for (std::size_t i = 0; i < kLetterMax; ++i) raw_at[written + i] = begin;
      written += letter.entry.size;
      at += letter.size;
      continue;
    }
    std::string folded;
    append_folded(folded, decode_next(utf8, at).code_point);
    const std::size_t room = written + folded.size() + (utf8.size() - at) + kLetterMax;
    if (into.size() < room) into.resize(room);
    if (raw_at.size() < room) raw_at.resize(room);
    for (const char c : folded) {
      raw_at[written] = begin;
      into[written++] = c;
    }
  }
  into.resize(written);
  raw_at.resize(written);
  raw_at.push_back(static_cast<std::uint32_t>(utf8.size()));
}

bool begins_with_capital(std::string_view utf8) {
  std::size_t at = 0;
  if (utf8.empty()) return false;
  const char32_t c = decode_next(utf8, at).code_point;
  return unicode::lower(c) != c;
}

std::string fold_keep_marks(std::string_view utf8) {
  std::string out = normalised(utf8, true);
  place_tones(out);
  return out;
}

std::string nfc(std::string_view utf8) { return normalised(utf8, false); }

}  // namespace ioc::text
