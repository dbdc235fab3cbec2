// HTML in a text: entities become their characters, tags become line ends or nothing.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "libs/text/encoding_steps.h"
#include "libs/text/utf8.h"

namespace ioc::text {
namespace {

constexpr char32_t kLatin1From = 0xA0;
constexpr std::string_view kLatin1Entities[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",   "laquo",  "not",    "shy",
    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",
    "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute",
    "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",
    "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute",
    "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};
static_assert(std::size(kLatin1Entities) == 0x60);

struct Named {
  std::string_view name;
  char32_t code_point;
};
constexpr Named kFurtherEntities[] = {
    {"amp", '&'},       {"lt", '<'},        {"gt", '>'},        {"quot", '"'},      {"apos", '\''},     {"ndash", 0x2013},  {"mdash", 0x2014},
    {"lsquo", 0x2018},  {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D},  {"bdquo", 0x201E},  {"bull", 0x2022},
    {"hellip", 0x2026}, {"euro", 0x20AC},   {"trade", 0x2122},  {"rarr", 0x2192},   {"Abreve", 0x102},  {"abreve", 0x103},  {"Dstrok", 0x110},
    {"dstrok", 0x111},  {"Itilde", 0x128},  {"itilde", 0x129},  {"Utilde", 0x168},  {"utilde", 0x169},  {"ensp", ' '},      {"emsp", ' '}};
constexpr std::size_t kEntityBytesMax = 10;

// HTML reads numbers among the control characters as Windows-1252.
constexpr char32_t kWindows1252[] = {0x20AC, 0,      0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
                                     0x2039, 0x152,  0,      0x17D,  0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                     0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0,      0x17E, 0x178};
static_assert(std::size(kWindows1252) == 0x20);

// 0: none.
char32_t numbered(std::string_view digits) {
  const bool hexadecimal = digits.starts_with('x') || digits.starts_with('X');
  if (hexadecimal) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
  if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return 0;
  if (value >= 0x80 && value < 0xA0) return kWindows1252[value - 0x80];
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  const bool control = value < 0x20 && value != '\n' && value != '\t';
  return surrogate || control || value > 0x10FFFF ? 0 : static_cast<char32_t>(value);
}

// The code point of the entity between "&" and ";"; 0: no entity.
char32_t entity(std::string_view name) {
  if (name.starts_with('#')) return numbered(name.substr(1));
  if (name == "nbsp") return ' ';
  const auto* const latin = std::find(std::begin(kLatin1Entities), std::end(kLatin1Entities), name);
  if (latin != std::end(kLatin1Entities)) return kLatin1From + static_cast<char32_t>(latin - std::begin(kLatin1Entities));
  const auto* const further = std::find_if(std::begin(kFurtherEntities), std::end(kFurtherEntities), [&](const Named& one) { return one.name == name; });
  return further == std::end(kFurtherEntities) ? 0 : further->code_point;
}

std::string without_entities(std::string_view text, bool& changed) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text[at] == '&' ? text.substr(at, kEntityBytesMax + 2).find(';') : std::string_view::npos;
    const char32_t code_point = end == std::string_view::npos ? 0 : entity(text.substr(at + 1, end - 1));
    if (code_point == 0) {
      out += text[at++];
      continue;
    }
    append_utf8(out, code_point);
    at += end + 1;
    changed = true;
  }
  return out;
}

enum class Shape : std::uint8_t { Inline, Block, Alone };
struct Element {
  std::string_view name;
  Shape shape;
};
constexpr Element kElements[] = {
    {"a", Shape::Inline},     {"b", Shape::Inline},      {"i", Shape::Inline},     {"u", Shape::Inline},    {"s", Shape::Inline},      {"em", Shape::Inline},
    {"strong", Shape::Inline}, {"span", Shape::Inline},  {"font", Shape::Inline},  {"small", Shape::Inline}, {"sub", Shape::Inline},   {"sup", Shape::Inline},
    {"o:p", Shape::Inline},   {"center", Shape::Block},  {"p", Shape::Block},      {"div", Shape::Block},   {"ul", Shape::Block},      {"ol", Shape::Block},
    {"li", Shape::Block},     {"table", Shape::Block},   {"tbody", Shape::Block},  {"tr", Shape::Block},    {"td", Shape::Block},      {"th", Shape::Block},
    {"h1", Shape::Block},     {"h2", Shape::Block},      {"h3", Shape::Block},     {"h4", Shape::Block},    {"pre", Shape::Block},     {"blockquote", Shape::Block},
    {"html", Shape::Block},   {"body", Shape::Block},    {"br", Shape::Alone},     {"hr", Shape::Alone},    {"img", Shape::Alone}};
constexpr std::size_t kElementCount = std::size(kElements);

struct Tag {
  std::size_t begin, end;
  std::size_t element;
  bool closes;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '-'; }

std::size_t skip(std::string_view text, std::size_t at, bool (*wanted)(char)) {
  while (at < text.size() && wanted(text[at])) ++at;
  return at;
}

// Behind a value; npos: none. Stops at the next "<", so that many of them cost no more than one.
std::size_t behind_value(std::string_view text, std::size_t at) {
  if (at == text.size()) return std::string_view::npos;
  const char quote = text[at];
  if (quote != '"' && quote != '\'') return skip(text, at, [](char c) { return !is_blank(c) && c != '<' && c != '>'; });
  const std::size_t end = text.find_first_of(quote == '"' ? "\"<" : "'<", at + 1);
  return end == std::string_view::npos || text[end] == '<' ? std::string_view::npos : end + 1;
}

// The tag that begins at text[at] == '<'.
std::optional<Tag> tag_at(std::string_view text, std::size_t begin) {
  std::size_t at = begin + 1;
  const bool closes = at < text.size() && text[at] == '/';
  if (closes) ++at;
  const std::size_t name_end = skip(text, at, is_name);
  std::string name(text.substr(at, std::min<std::size_t>(name_end - at, 16)));
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto* const element = std::find_if(std::begin(kElements), std::end(kElements), [&](const Element& one) { return one.name == name; });
  if (element == std::end(kElements)) return std::nullopt;
  at = skip(text, name_end, is_blank);
  while (at < text.size() && text[at] != '>' && text[at] != '/') {
    const std::size_t end = skip(text, at, is_name);
    const std::size_t equals = skip(text, end, is_blank);
    if (end == at || equals == text.size() || text[equals] != '=') return std::nullopt;
    at = behind_value(text, skip(text, equals + 1, is_blank));
    if (at == std::string_view::npos) return std::nullopt;
    at = skip(text, at, is_blank);
  }
  if (at < text.size() && text[at] == '/') ++at;
  if (at == text.size() || text[at] != '>') return std::nullopt;
  return Tag{begin, at + 1, static_cast<std::size_t>(element - std::begin(kElements)), closes};
}

std::vector<Tag> tags_of(std::string_view text) {
  std::vector<Tag> tags;
  std::array<bool, kElementCount> opened{}, closed{};
  bool alone = false;
  for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const auto tag = tag_at(text, at);
    if (!tag) continue;
    (tag->closes ? closed : opened)[tag->element] = true;
    alone = alone || kElements[tag->element].shape == Shape::Alone;
    tags.push_back(*tag);
  }
  bool paired = false;
  for (std::size_t i = 0; i < kElementCount; ++i) paired = paired || (opened[i] && closed[i]);
  if (!paired && !alone) tags.clear();
  return tags;
}

std::string without_tags(std::string_view text, bool& changed) {
  const std::vector<Tag> tags = tags_of(text);
  std::string out;
  std::size_t from = 0;
  for (const Tag& tag : tags) {
    out.append(text.substr(from, tag.begin - from));
    from = tag.end;
    const bool line_ends = kElements[tag.element].shape != Shape::Inline && !out.empty() && out.back() != '\n';
    if (line_ends) out += '\n';
  }
  changed = changed || !tags.empty();
  out.append(text.substr(from));
  if (!tags.empty() && out.ends_with('\n') && !text.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace

// A second round reads what was escaped twice: "&amp;agrave;".
Recovered read_html(std::string_view utf8) {
  if (utf8.find_first_of("&<") == std::string_view::npos) return {};
  std::string text(utf8);
  bool any = false;
  for (int round = 0; round < 2; ++round) {
    bool changed = false;
    text = without_entities(without_tags(text, changed), changed);
    any = any || changed;
    if (!changed) break;
  }
  if (!any) return {};
  return {std::move(text), Encoding::Html, true};
}

}  // namespace ioc::text
