#include "libs/text/unicode.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace ioc::text::unicode {
namespace {

struct Split {
  char32_t whole, first, second;  // second 0: a singleton
};
struct Join {
  char32_t first, second, whole;
};
struct Marks {
  char32_t first, last;
  std::uint8_t mark_class;
};
struct Lower {
  char32_t first, last;
  std::uint8_t step;
  std::int32_t delta;
};
struct Plain {
  char ascii[3];
};
struct Fold {
  char32_t from, to[3];  // 0: no further
};

struct WordBreaks {
  char32_t first, last;
  WordBreak kind;
};
struct Ignorable {
  char32_t first, last;
};

#include "libs/text/unicode_tables.inc"

// The run of a table of disjoint, rising runs that holds `code_point`; nullptr: none does.
template <class Run, std::size_t N>
const Run* run_of(const Run (&runs)[N], char32_t code_point) {
  const Run* found = std::upper_bound(std::begin(runs), std::end(runs), code_point, [](char32_t c, const Run& run) { return c < run.first; });
  if (found == std::begin(runs)) return nullptr;
  --found;
  return code_point <= found->last ? found : nullptr;
}

constexpr char32_t kPlainEnd = 0x250, kPlainStart = 0x80, kAdditionalStart = 0x1E00, kAdditionalEnd = 0x1F00;
static_assert(std::size(kPlain) == (kPlainEnd - kPlainStart) + (kAdditionalEnd - kAdditionalStart));

constexpr char32_t lower_of(char32_t code_point, const Lower& run) {
  return code_point >= run.first && code_point <= run.last && (code_point - run.first) % run.step == 0
             ? static_cast<char32_t>(static_cast<std::int64_t>(code_point) + run.delta)
             : code_point;
}

// Lower case by position, of the code points that Vietnamese is written with: the same order as kPlain.
constexpr auto kLatinLower = [] {
  std::array<char32_t, std::size(kPlain)> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto at = static_cast<char32_t>(i);
    const char32_t code_point =
        at < kPlainEnd - kPlainStart ? kPlainStart + at : kAdditionalStart + at - (kPlainEnd - kPlainStart);
    out[i] = code_point;
    for (const Lower& run : kLower) {
      if (out[i] == code_point) out[i] = lower_of(code_point, run);
    }
  }
  return out;
}();

// Hangul syllables compose by arithmetic (Unicode, section 3.12).
constexpr char32_t kS = 0xAC00, kL = 0x1100, kV = 0x1161, kT = 0x11A7;
constexpr char32_t kCountL = 19, kCountV = 21, kCountT = 28, kCountS = kCountL * kCountV * kCountT;

void decompose_hangul(char32_t syllable, std::u32string& out) {
  const char32_t index = syllable - kS;
  out.push_back(kL + index / (kCountV * kCountT));
  out.push_back(kV + index % (kCountV * kCountT) / kCountT);
  if (index % kCountT != 0) out.push_back(kT + index % kCountT);
}

char32_t compose_hangul(char32_t first, char32_t second) {
  if (first >= kL && first < kL + kCountL && second >= kV && second < kV + kCountV) {
    return kS + ((first - kL) * kCountV + (second - kV)) * kCountT;
  }
  const bool open = first >= kS && first < kS + kCountS && (first - kS) % kCountT == 0;
  return open && second > kT && second < kT + kCountT ? first + (second - kT) : 0;
}

}  // namespace

std::uint8_t mark_class(char32_t code_point) noexcept {
  if (code_point < 0x300) return 0;
  const Marks* run = run_of(kMarks, code_point);
  return run ? run->mark_class : std::uint8_t{0};
}

WordBreak word_break(char32_t code_point) noexcept {
  const WordBreaks* run = run_of(kWordBreaks, code_point);
  return run ? run->kind : WordBreak::None;
}

bool is_ignorable(char32_t code_point) noexcept { return code_point >= 0xAD && run_of(kIgnorable, code_point) != nullptr; }

char styled_ascii(char32_t code_point) noexcept {
  constexpr char32_t kFullWidth = 0xFF01, kFullWidthEnd = 0xFF5F, kFullWidthShift = 0xFEE0;
  constexpr char32_t kMathLetters = 0x1D400, kMathLettersEnd = 0x1D6A4, kMathDigits = 0x1D7CE, kMathDigitsEnd = 0x1D800;
  constexpr char32_t kCircled = 0x24B6, kCircledEnd = 0x24EA;
  constexpr char32_t kCase = 26, kAlphabet = 2 * kCase;
  const auto letter = [](char32_t index) { return static_cast<char>(index < kCase ? U'A' + index : U'a' + (index - kCase)); };
  if (code_point >= kFullWidth && code_point < kFullWidthEnd) return static_cast<char>(code_point - kFullWidthShift);
  if (code_point >= kMathLetters && code_point < kMathLettersEnd) return letter((code_point - kMathLetters) % kAlphabet);
  if (code_point >= kMathDigits && code_point < kMathDigitsEnd) return static_cast<char>(U'0' + (code_point - kMathDigits) % 10);
  if (code_point >= kCircled && code_point < kCircledEnd) return letter(code_point - kCircled);
  return 0;
}

char32_t lower(char32_t code_point) noexcept {
  if (code_point < 0x80) return code_point >= U'A' && code_point <= U'Z' ? code_point + 32 : code_point;
  if (code_point < kPlainEnd) return kLatinLower[code_point - kPlainStart];
  if (code_point >= kAdditionalStart && code_point < kAdditionalEnd) {
    return kLatinLower[code_point - kAdditionalStart + (kPlainEnd - kPlainStart)];
  }
  const auto* found = std::upper_bound(std::begin(kLower), std::end(kLower), code_point,
                                       [](char32_t c, const Lower& run) { return c < run.first; });
  // Runs of alternating letters may lie inside each other's span: look back over the few that can reach here.
  for (int back = 0; back < 3 && found != std::begin(kLower); ++back) {
    --found;
    if (const char32_t low = lower_of(code_point, *found); low != code_point) return low;
  }
  return code_point;
}

void decompose(char32_t code_point, std::u32string& out) {
  if (code_point >= kS && code_point < kS + kCountS) return decompose_hangul(code_point, out);
  const auto* found = std::lower_bound(std::begin(kSplit), std::end(kSplit), code_point,
                                       [](const Split& entry, char32_t c) { return entry.whole < c; });
  if (code_point < 0xC0 || found == std::end(kSplit) || found->whole != code_point) {
    out.push_back(code_point);
    return;
  }
  decompose(found->first, out);
  if (found->second != 0) decompose(found->second, out);
}

char32_t compose(char32_t first, char32_t second) noexcept {
  if (const char32_t syllable = compose_hangul(first, second)) return syllable;
  const auto* found = std::lower_bound(
      std::begin(kJoin), std::end(kJoin), Join{first, second, 0},
      [](const Join& a, const Join& b) { return a.first != b.first ? a.first < b.first : a.second < b.second; });
  return found != std::end(kJoin) && found->first == first && found->second == second ? found->whole : 0;
}

void case_fold(char32_t code_point, std::u32string& out) {
  const auto* found = std::lower_bound(std::begin(kFold), std::end(kFold), code_point,
                                       [](const Fold& entry, char32_t c) { return entry.from < c; });
  if (found == std::end(kFold) || found->from != code_point) {
    out.push_back(lower(code_point));
    return;
  }
  for (const char32_t c : found->to) {
    if (c != 0) out.push_back(c);
  }
}

std::string_view plain(char32_t code_point) noexcept {
  if (code_point >= kPlainStart && code_point < kPlainEnd) return kPlain[code_point - kPlainStart].ascii;
  if (code_point >= kAdditionalStart && code_point < kAdditionalEnd) {
    return kPlain[code_point - kAdditionalStart + (kPlainEnd - kPlainStart)].ascii;
  }
  return {};
}

}  // namespace ioc::text::unicode
