// Normalisation and case folding of whole texts, code point by code point: what the quick ways of fold.cpp leave over.
#include "libs/text/normal.h"

#include <algorithm>

#include "libs/text/fold.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

std::string to_utf8(const std::u32string& code_points) {
  std::string out;
  out.reserve(code_points.size() * 2);
  for (const char32_t c : code_points) append_utf8(out, c);
  return out;
}

// Appends what becomes of one code point before marks are put in order.
void take_apart(char32_t c, bool lower_case, std::u32string& out) {
  if (!lower_case) return unicode::decompose(c, out);
  if (unicode::is_ignorable(c)) return;
  const char styled = unicode::styled_ascii(c);
  unicode::decompose(styled != 0 ? static_cast<unsigned char>(styled) : c, out);
}

// Decomposed, each mark behind its base in the order of the classes.
std::u32string canonical_order(std::string_view utf8, bool lower_case) {
  std::u32string all;
  all.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) take_apart(decode_next(utf8, at).code_point, lower_case, all);
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

// A mark that no letter took is ornament: a stroke through a word, the box of a keycap.
bool is_ornament(char32_t c) { return (c >= 0x300 && c < 0x370) || (c >= 0x20D0 && c < 0x2100); }

}  // namespace

std::string composed(std::string_view utf8, bool lower_case) {
  auto all = canonical_order(utf8, lower_case);
  compose_in_place(all);
  if (lower_case) std::erase_if(all, is_ornament);
  return to_utf8(all);
}

std::string nfd(std::string_view utf8) { return to_utf8(canonical_order(utf8, false)); }

std::string case_fold(std::string_view utf8) {
  std::u32string all;
  all.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) unicode::case_fold(decode_next(utf8, at).code_point, all);
  return to_utf8(all);
}

}  // namespace ioc::text
