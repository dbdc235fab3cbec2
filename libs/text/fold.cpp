#include "libs/text/fold.h"

#include <algorithm>

#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

bool is_space(char32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// Soft hyphen, zero-width characters, variation selectors, byte order mark: invisible, but they part words.
bool is_invisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x2060 && c <= 0x2064) || (c >= 0xFE00 && c <= 0xFE0F) ||
         c == 0xFEFF;
}

// Marks beside U+0300–U+036F, which the loop in fold() drops without asking.
bool is_mark(char32_t c) { return unicode::mark_class(c) != 0 || (c >= 0x300 && c < 0x370); }

void append_plain(std::string& out, char32_t c) {
  if (is_mark(c) || is_invisible(c)) return;
  if (is_space(c)) return out.push_back(' ');
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;  // full-width ASCII
  if (const auto ascii = unicode::plain(c); !ascii.empty()) {
    out.append(ascii);
  } else {
    append_utf8(out, unicode::lower(c));
  }
}

void append_folded(std::string& out, char32_t c) {
  std::u32string pieces;
  unicode::decompose(c, pieces);
  for (const char32_t piece : pieces) append_plain(out, piece);
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Decomposed, each mark behind its base in the order of the classes.
std::u32string canonical_order(std::string_view utf8, bool lower_case) {
  std::u32string all;
  all.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) unicode::decompose(decode_next(utf8, at).code_point, all);
  if (lower_case) std::transform(all.begin(), all.end(), all.begin(), unicode::lower);
  for (std::size_t from = 0; from < all.size();) {
    if (unicode::mark_class(all[from]) == 0) {
      ++from;
      continue;
    }
    std::size_t to = from;
    while (to < all.size() && unicode::mark_class(all[to]) != 0) ++to;
    std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to),
                     [](char32_t a, char32_t b) { return unicode::mark_class(a) < unicode::mark_class(b); });
    from = to;
  }
  return all;
}

// In place: a mark joins the last base unless another of its class or higher stands between them.
void compose_in_place(std::u32string& all) {
  std::size_t base = all.size(), kept = 0;
  int last_class = -1;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const char32_t c = all[i];
    const int mark = unicode::mark_class(c);
    if (base < kept && last_class < mark) {
      if (const char32_t whole = unicode::compose(all[base], c)) {
        all[base] = whole;
        continue;
      }
    }
    if (mark == 0) {
      base = kept;
      last_class = -1;
    } else {
      last_class = mark;
    }
    all[kept++] = c;
  }
  all.resize(kept);
}

// Everything but dotted capital I, whose lower case is two code points, is its own NFC in this range.
bool simple(char32_t c) { return unicode::always_nfc(c) && c != 0x130; }

std::string normalised(std::string_view utf8, bool lower_case) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    if (static_cast<unsigned char>(utf8[at]) < 0x80) {
      out.push_back(lower_case ? ascii_lower(utf8[at]) : utf8[at]);
      ++at;
      continue;
    }
    const char32_t c = decode_next(utf8, at).code_point;
    if (simple(c)) {
      append_utf8(out, lower_case ? unicode::lower(c) : c);
      continue;
    }
    auto all = canonical_order(utf8, lower_case);
    compose_in_place(all);
    out.clear();
    for (const char32_t composed : all) append_utf8(out, composed);
    return out;
  }
  return out;
}

}  // namespace

std::string fold(std::string_view utf8) {
  std::string out(utf8.size(), '\0');
  std::size_t written = 0;
  const auto put = [&out, &written](std::string_view text) {
    for (const char c : text) out[written++] = c;
  };
  for (std::size_t at = 0; at < utf8.size();) {
    if (static_cast<unsigned char>(utf8[at]) < 0x80) {
      out[written++] = ascii_lower(utf8[at++]);
      continue;
    }
    const char32_t c = decode_next(utf8, at).code_point;
    if (c >= 0x300 && c < 0x370) continue;
    // A Latin letter's spelling is never longer than its bytes were; everything else makes room for itself.
    if (const auto ascii = unicode::plain(c); !ascii.empty()) {
      put(ascii);
      continue;
    }
    std::string folded;
    append_folded(folded, c);
    if (out.size() < written + folded.size() + (utf8.size() - at))
      out.resize(written + folded.size() + (utf8.size() - at));
    put(folded);
  }
  out.resize(written);
  return out;
}

std::string fold_keep_marks(std::string_view utf8) { return normalised(utf8, true); }

std::string nfc(std::string_view utf8) { return normalised(utf8, false); }

}  // namespace ioc::text
