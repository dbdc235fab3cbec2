#include "libs/text/words.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "libs/text/fold.h"
#include "libs/text/tokens.h"

namespace ioc::text {
namespace {

enum class When : std::uint8_t { Always, Number, RoadNumber, Name, Dot, NameOrDot, AfterNumber, NotNumber };

struct Abbreviation {
  std::string_view written, meaning;
  When when;
};

constexpr Abbreviation kAbbreviations[] = {
#include "libs/text/abbreviations.inc"
};
constexpr bool before(const Abbreviation& a, const Abbreviation& b) { return a.written < b.written; }
static_assert(std::is_sorted(std::begin(kAbbreviations), std::end(kAbbreviations), before));
constexpr std::size_t kWrittenMax = 5, kRoadDigitsMax = 3;
static_assert(std::all_of(std::begin(kAbbreviations), std::end(kAbbreviations),
                          [](const Abbreviation& one) { return one.written.size() <= kWrittenMax; }));

// First by first letter, so that most words are done at once.
constexpr auto kFirstOf = [] {
  std::array<std::uint8_t, 27> out{};
  for (std::size_t letter = 0; letter < out.size(); ++letter) {
    for (const Abbreviation& one : kAbbreviations) {
      if (static_cast<std::size_t>(one.written[0] - 'a') < letter) ++out[letter];
    }
  }
  return out;
}();

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(std::string_view word) { return !word.empty() && is_digit(word.front()); }

// "3", "1b", "261" — and not a telephone number or a year.
bool is_road_number(std::string_view word) {
  std::size_t digits = 0;
  while (digits < word.size() && is_digit(word[digits])) ++digits;
  return digits > 0 && digits <= kRoadDigitsMax && word.size() <= digits + 1;
}

// A word between its neighbours; nullptr: there is none.
struct Around {
  const Word* previous;
  const Word& word;
  const Word* next;
};

bool dotted(const Around& at) {
  return at.next != nullptr && at.next->gap == '.' && (at.next->capital || is_number(at.next->folded));
}
bool named(const Around& at) { return at.next != nullptr && at.next->gap == ' ' && at.next->capital; }

bool holds(When when, const Around& at) {
  const auto near = [](const Word* word, char gap) { return word != nullptr && (gap == ' ' || gap == 0 || gap == '.'); };
  const bool number_before = near(at.previous, at.word.gap) && is_number(at.previous->folded);
  const bool number_behind = at.next != nullptr && near(at.next, at.next->gap) && is_number(at.next->folded);
  switch (when) {
    case When::Always: return true;
    case When::Number: return number_behind;
    case When::RoadNumber: return number_behind && is_road_number(at.next->folded);
    case When::Name: return named(at);
    case When::Dot: return dotted(at);
    case When::NameOrDot: return named(at) || dotted(at);
    case When::AfterNumber: return number_before && at.word.gap == 0;
    case When::NotNumber: return !number_before && !number_behind;
  }
  return false;
}

const Abbreviation* abbreviation_of(const Around& at) {
  const std::string_view word = at.word.folded;
  if (word.size() > kWrittenMax || word[0] < 'a' || word[0] > 'z') return nullptr;
  const auto letter = static_cast<std::size_t>(word[0] - 'a');
  for (std::size_t i = kFirstOf[letter]; i < kFirstOf[letter + 1]; ++i) {
    if (kAbbreviations[i].written == word && holds(kAbbreviations[i].when, at)) return &kAbbreviations[i];
  }
  return nullptr;
}

// Prefixes that are written onto their number ("ql3", "km12", "sn5"): where the number begins; 0: it is no such word.
std::size_t number_in(std::string_view word) {
  static constexpr std::string_view kPrefixes[] = {"cmt", "dh", "dt", "hl", "km", "ql", "sn", "tl", "to"};
  if (!is_digit(word.back()) && (word.size() < 2 || !is_digit(word[word.size() - 2]))) return 0;
  std::size_t letters = 0;
  while (letters < word.size() && !is_digit(word[letters])) ++letters;
  if (letters == 0 || letters == word.size() || word == "cmt8") return 0;
  const auto known = std::find(std::begin(kPrefixes), std::end(kPrefixes), word.substr(0, letters));
  return known == std::end(kPrefixes) ? 0 : letters;
}

// "22h", "30p": the unit of time behind the number; 0: none.
std::size_t unit_in(std::string_view word) {
  std::size_t digits = 0;
  while (digits < word.size() && is_digit(word[digits])) ++digits;
  return digits > 0 && digits <= 2 && word.size() == digits + 1 && (word[digits] == 'h' || word[digits] == 'p') ? digits : 0;
}

// Of several marks the one that parts most; a dot and anything else is a stop.
char gap_of(std::string_view between) {
  char out = 0;
  for (const char c : between) {
    if (c == ' ' || c == '\t') {
      if (out == 0) out = ' ';
    } else if ((c == '.' || c == '/' || c == '+' || c == '-') && (out == 0 || out == ' ' || out == c)) {
      out = c;
    } else {
      return ',';
    }
  }
  return out;
}

}  // namespace

void Words::read(std::string_view raw) {
  cut_words(raw.substr(0, kBytesMax));
  spell_out();
}

void Words::cut_words(std::string_view raw) {
  x_cut.clear();
  fold(raw, x_folded, x_raw_at);
  x_cut.reserve(std::min(kWordsMax, x_folded.size() / 3 + 2));
  std::size_t end = 0;
  const std::string_view folded = x_folded;
  const auto add = [&](std::size_t from, std::size_t to) {
    Word word;
    word.folded = folded.substr(from, to - from);
    word.from = x_raw_at[from];
    word.to = x_raw_at[to];
    word.gap = x_cut.empty() ? ',' : gap_of(folded.substr(end, from - end));
    const auto written = raw.substr(word.from, word.to - word.from);
    const char first = written.front();
    word.marked = std::any_of(written.begin(), written.end(), [](char c) { return (c & 0x80) != 0; });
    // Beyond ASCII the lower case tells: what it changes was a capital.
    word.capital = (first >= 'A' && first <= 'Z') || ((first & 0x80) != 0 && begins_with_capital(written));
    x_cut.push_back(word);
    end = to;
  };
  for_each_token(folded, [&](std::string_view token) {
    if (x_cut.size() + 2 > kWordsMax) return;
    const auto from = static_cast<std::size_t>(token.data() - folded.data());
    std::size_t cut = number_in(token);
    if (cut == 0) cut = unit_in(token);
    if (cut != 0) add(from, from + cut);
    add(from + cut, from + token.size());
  });
}

void Words::spell_out() {
  x_words.clear();
  x_words.reserve(x_cut.size() + 8);
  for (std::size_t i = 0; i < x_cut.size() && x_words.size() < kWordsMax; ++i) {
    const Around at{i > 0 ? &x_cut[i - 1] : nullptr, x_cut[i], i + 1 < x_cut.size() ? &x_cut[i + 1] : nullptr};
    const Abbreviation* known = abbreviation_of(at);
    if (known == nullptr) {
      x_words.push_back(x_cut[i]);
      if (i > 0 && x_words.size() > 1 && x_words[x_words.size() - 2].spelled_out && x_cut[i].gap != ',') x_words.back().gap = ' ';
      continue;
    }
    bool first = true;
    for_each_token(known->meaning, [&](std::string_view token) {
      Word word = x_cut[i];
      word.folded = token;
      word.gap = first ? word.gap : ' ';
      word.capital = false;
      word.spelled_out = true;
      x_words.push_back(word);
      first = false;
    });
  }
}

std::string Words::joined(std::size_t from, std::size_t count) const {
  std::string out;
  for (std::size_t i = from; i < from + count; ++i) {
    if (i > from) out.push_back(' ');
    out.append(x_words[i].folded);
  }
  return out;
}

std::string spelled_out(std::string_view utf8) {
  const Words words(utf8);
  return words.joined(0, words.size());
}

}  // namespace ioc::text
