#include "libs/text/corpus_noise.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "libs/text/fold.h"
#include "libs/text/unicode.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

struct Short {
  std::string_view word;
  std::array<std::string_view, 3> shorts;  // empty: fewer
};

constexpr Short kShorts[] = {
    {"không", {"ko", "k", "hok"}},     {"được", {"đc", "dc", "đk"}},     {"người", {"ng", "ngta", "nguoi"}},
    {"rồi", {"r", "rùi", "roi"}},      {"với", {"vs", "vs", "zới"}},     {"giờ", {"h", "giừ", "h"}},
    {"biết", {"bit", "bít", "biết"}},  {"quá", {"wá", "qá", "quáaa"}},   {"cũng", {"cg", "cũg", "cũng"}},
    {"gì", {"j", "gì", "gi"}},         {"làm", {"lm", "lèm", "làm"}},    {"nhiều", {"nh", "nhìu", "nhiu"}},
    {"đường", {"đg", "đường", "đg"}},  {"phường", {"p", "P.", "phg"}},   {"trước", {"trc", "trc", "trước"}},
    {"những", {"nh~", "n~", "nhg"}},   {"mọi", {"m.n", "mọi", "mí"}},    {"anh", {"a", "a", "ank"}},
    {"chị", {"c", "chj", "c"}},        {"em", {"e", "e", "em"}},         {"vậy", {"v", "z", "zậy"}},
    {"chưa", {"chx", "chưa", "chư"}},  {"này", {"nì", "ny", "nè"}},      {"đã", {"đã", "d", "đa"}},
    {"thì", {"thì", "thỳ", "thi"}},    {"nhà", {"nhà", "nhà", "nka"}},   {"ngày", {"ngày", "ng", "ngay"}},
    {"tháng", {"t", "th", "tháng"}},   {"bây giờ", {"bh", "bgio", "h"}}, {"thôi", {"thui", "thoy", "thôi"}},
    {"công an", {"CA", "ca", "c.a"}},  {"giao thông", {"GT", "gt", "giao thông"}}, {"điện thoại", {"đt", "dt", "đthoai"}},
    {"học sinh", {"hs", "h.sinh", "HS"}}, {"xe máy", {"xm", "xe máy", "xmay"}}, {"bệnh viện", {"bv", "BV", "b.viện"}},
    {"mất", {"mất", "mat", "mât"}},    {"nước", {"nước", "nc", "nc"}},   {"đêm", {"đêm", "dem", "đêm"}},
    {"trong", {"trog", "tr", "trong"}}, {"của", {"của", "c", "cụa"}},    {"luôn", {"lun", "luôn", "luôn"}},
    {"ủy ban", {"UB", "ub", "uỷ ban"}}, {"môi trường", {"MT", "mtrg", "môi trường"}}, {"vệ sinh", {"vs", "v/s", "vệ sinh"}},
    {"xử lý", {"xử lí", "xlý", "xly"}}, {"thực phẩm", {"tp", "t.phẩm", "thực phẩm"}}, {"trẻ con", {"trẻ con", "bọn trẻ", "trẻ kon"}},
};

struct Rates {  // permille: of texts, or of words
  std::size_t lower, no_stops, no_marks, shorts, slip, run_on, telex, bare_word, shouting;
};
constexpr Rates kFormal{0, 0, 0, 5, 4, 2, 0, 3, 15};
constexpr Rates kHotline{250, 50, 20, 60, 8, 4, 2, 10, 10};
constexpr Rates kChat{700, 300, 120, 450, 18, 10, 10, 45, 15};
constexpr Rates kFolded{800, 250, 1000, 350, 14, 8, 0, 0, 10};

const Rates& rates_of(std::string_view written_as) {
  return written_as == "formal" ? kFormal : written_as == "hotline" ? kHotline : written_as == "chat" ? kChat : kFolded;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::u32string points_of(std::string_view text) {
  std::u32string all;
  for (std::size_t at = 0; at < text.size();) all.push_back(decode_next(text, at).code_point);
  return all;
}

std::string bytes_of(const std::u32string& points) {
  std::string out;
  for (const char32_t c : points) append_utf8(out, c);
  return out;
}

void replace_shorts(std::string& text, std::size_t rate, Draw& draw) {
  for (const Short& one : kShorts) {
    for (std::size_t at = text.find(one.word); at != std::string::npos; at = text.find(one.word, at + 1)) {
      const std::size_t end = at + one.word.size();
      const bool whole = (at == 0 || text[at - 1] == ' ') && (end == text.size() || text[end] == ' ' || text[end] == ',' || text[end] == '.');
      if (whole && draw.chance(rate)) text.replace(at, one.word.size(), one.shorts[draw.below(one.shorts.size())]);
    }
  }
}

// Two letters swapped, one left out, or one twice.
std::string slipped(const std::string& word, Draw& draw) {
  std::u32string points = points_of(word);
  if (points.size() < 3) return word;
  const std::size_t at = draw.below(points.size() - 1);
  switch (draw.below(3)) {
    case 0: std::swap(points[at], points[at + 1]); break;
    case 1: points.erase(at, 1); break;
    default: points.insert(at, 1, points[at]); break;
  }
  return bytes_of(points);
}

std::string shouted(std::string_view text) {
  std::u32string out;
  for (const char32_t c : points_of(nfc(text))) {
    char32_t upper = c >= 'a' && c <= 'z' ? c - 32 : c;
    // Latin-1 letters lie 32 apart; the extended ones next to their small ones.
    if (c >= 0xE0 && c <= 0xFE && c != 0xF7) upper = c - 32;
    else if (c > 0xFF && unicode::lower(c - 1) == c) upper = c - 1;
    out.push_back(upper);
  }
  return bytes_of(out);
}

void strip_stops(std::string& text) {
  std::erase_if(text, [](char c) { return c == ',' || c == ';' || c == ':' || c == '!' || c == '"'; });
  std::replace(text.begin(), text.end(), '.', ' ');
}

char telex_tone(char32_t mark) {
  switch (mark) {
    case 0x300: return 'f';
    case 0x301: return 's';
    case 0x303: return 'x';
    case 0x309: return 'r';
    case 0x323: return 'j';
    default: return 0;
  }
}

}  // namespace

std::string telex_keys(std::string_view word) {
  std::string keys, tone;
  for (const char32_t c : points_of(word)) {
    if (c == U'đ') {
      keys += "dd";
      continue;
    }
    std::u32string pieces;
    unicode::decompose(c, pieces);
    for (const char32_t piece : pieces) {
      if (const char key = telex_tone(piece)) tone = key;
      else if (piece == 0x302) keys += keys.back();
      else if (piece == 0x306 || piece == 0x31B) keys += 'w';
      else append_utf8(keys, piece);
    }
  }
  return keys + tone;
}

std::string capitalised(std::string_view text) {
  std::size_t at = 0;
  if (text.empty()) return {};
  decode_next(text, at);
  return shouted(text.substr(0, at)) + std::string(text.substr(at));
}

std::string roughened(std::string_view text, std::string_view written_as, Draw& draw) {
  const Rates& rates = rates_of(written_as);
  std::string out(text);
  const bool lower = draw.chance(rates.lower), no_stops = draw.chance(rates.no_stops), no_marks = draw.chance(rates.no_marks);
  const bool shouting = !lower && draw.chance(rates.shouting);
  replace_shorts(out, draw.below(2) == 0 ? rates.shorts : rates.shorts / 3, draw);
  if (lower) out = fold_keep_marks(out);
  if (no_stops) strip_stops(out);
  std::string joined;
  for (std::string word : words_of(out)) {
    if (draw.chance(rates.telex)) word = telex_keys(fold_keep_marks(word));
    else if (draw.chance(rates.bare_word)) word = fold(word);
    if (draw.chance(rates.slip)) word = slipped(word, draw);
    joined += word;
    if (!draw.chance(rates.run_on)) joined += ' ';
  }
  while (!joined.empty() && joined.back() == ' ') joined.pop_back();
  if (no_marks) joined = fold(joined);
  return shouting ? shouted(joined) : joined;
}

}  // namespace ioc::text
