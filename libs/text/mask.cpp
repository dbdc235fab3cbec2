#include "libs/text/mask.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ioc::text {
namespace {

constexpr std::size_t kDigitsMin = 9;
constexpr std::size_t kDigitsMax = 15;
constexpr std::size_t kMarksMax = 6;
// What people write between the digits of one number, beside ASCII: spaces that do not break, hyphens and dashes, and
// what cannot be seen.
constexpr std::array<std::string_view, 11> kMarks{"\xC2\xA0",     "\xC2\xAD",     "\xE2\x80\xAF", "\xE2\x80\x8B",
                                                  "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93",
                                                  "\xE2\x80\x94", "\xE2\x81\xA0", "\xC2\xB7"};
// Those that amounts and addresses are written with, too: "100,200,300", "ngõ 123/456/789".
constexpr std::string_view kCommonMarks = ".,/_";
constexpr std::string_view kOtherMarks = " \t-()";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits without a gap, and what stands before them.
struct Group {
  std::size_t begin = 0, end = 0;
  bool joined = false;  // to the group before, by a separator that numbers are written with
  bool dotted = false;  // that separator has one of kCommonMarks
  bool plus = false;    // "+" right before
};

// "", or what may stand between two groups of one number.
bool is_separator(std::string_view gap, bool& dotted) {
  std::size_t marks = 0;
  dotted = false;
  if (gap.size() > 1 && gap.find(',') != std::string_view::npos) return false;  // a list: "113, 114, 115"
  while (!gap.empty()) {
    const auto wide = std::find_if(kMarks.begin(), kMarks.end(), [gap](std::string_view mark) { return gap.starts_with(mark); });
    const bool common = kCommonMarks.find(gap.front()) != std::string_view::npos;
    if (wide == kMarks.end() && !common && kOtherMarks.find(gap.front()) == std::string_view::npos) return false;
    dotted = dotted || common;
    gap.remove_prefix(wide == kMarks.end() ? 1 : wide->size());
    if (++marks > kMarksMax) return false;
  }
  return true;
}

std::vector<Group> groups_of(std::string_view text) {
  std::vector<Group> out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_digit(text[at])) {
      ++at;
      continue;
    }
    Group group;
    group.begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    group.end = at;
    group.plus = group.begin > 0 && text[group.begin - 1] == '+';
    if (!out.empty()) {
      const std::size_t from = out.back().end;
      group.joined = is_separator(text.substr(from, group.begin - from), group.dotted);
    }
    out.push_back(group);
  }
  return out;
}

int number_in(std::string_view text, const Group& group) {
  int value = 0;
  for (std::size_t i = group.begin; i < group.end && i < group.begin + 4; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

// "18.10.2021", "18 - 10 - 2021": three groups that are a day, a month and a year.
bool is_date(std::string_view text, const std::vector<Group>& groups, std::size_t first) {
  if (first + 2 >= groups.size() || !groups[first + 1].joined || !groups[first + 2].joined) return false;
  const auto size = [&](std::size_t i) { return groups[first + i].end - groups[first + i].begin; };
  const int day = number_in(text, groups[first]), month = number_in(text, groups[first + 1]);
  const int year = number_in(text, groups[first + 2]);
  return size(0) <= 2 && size(1) <= 2 && size(2) == 4 && day >= 1 && day <= 31 && month >= 1 && month <= 12 &&
         year >= 1900 && year <= 2099;
}

bool is_phone(std::string_view digits, bool plus) {
  const auto national = [](std::string_view rest) {
    if (rest.starts_with('0')) rest.remove_prefix(1);
    return (rest.size() == 9 || rest.size() == 10) && rest.front() != '0';
  };
  if (digits.starts_with("0084")) return national(digits.substr(4));
  if (digits.starts_with("84") && (plus || digits.size() >= 11)) return national(digits.substr(2));
  if (plus) return digits.size() >= 10;
  return (digits.size() == 10 || digits.size() == 11) && digits[0] == '0' && digits[1] != '0';
}

bool is_identity(std::string_view digits, bool dotted) {
  return digits.size() == 12 || (digits.size() == 9 && !dotted);
}

// How many groups from `first` on make one number to hide; 0: none do.
std::size_t personal_groups(std::string_view text, const std::vector<Group>& groups, std::size_t first) {
  std::string digits;
  bool dotted = false;
  std::size_t found = 0;
  for (std::size_t i = first; i < groups.size() && digits.size() <= kDigitsMax; ++i) {
    if (i > first && (!groups[i].joined || is_date(text, groups, i))) break;
    dotted = dotted || (i > first && groups[i].dotted);
    digits += text.substr(groups[i].begin, groups[i].end - groups[i].begin);
    const bool alone = i == first && digits.size() >= kDigitsMin;
    if (alone || is_phone(digits, groups[first].plus) || is_identity(digits, dotted)) found = i - first + 1;
  }
  return found;
}

}  // namespace

Masked mask_personal(std::string_view text) {
  Masked out;
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  if (digits < static_cast<std::ptrdiff_t>(kDigitsMin)) {
    out.text = text;
    return out;
  }
  const std::vector<Group> groups = groups_of(text);
  std::size_t copied = 0;
  for (std::size_t i = 0; i < groups.size();) {
    if (is_date(text, groups, i)) {
      i += 3;
      continue;
    }
    const std::size_t count = personal_groups(text, groups, i);
    if (count == 0) {
      ++i;
      continue;
    }
    out.text += text.substr(copied, groups[i].begin - (groups[i].plus ? 1 : 0) - copied);
    out.text += kMask;
    copied = groups[i + count - 1].end;
    ++out.numbers;
    i += count;
  }
  out.text += text.substr(copied);
  return out;
}

}  // namespace ioc::text
