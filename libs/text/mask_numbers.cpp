// Phones, identity numbers, accounts: digits in groups, with what people write between them.
#include <algorithm>
#include <array>

#include "libs/text/mask.h"
#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kDigitsMin = 9;
constexpr std::size_t kDigitsMax = 15;
constexpr std::size_t kAccountDigitsMin = 6, kAccountDigitsMax = 19;
constexpr std::size_t kMarksMax = 6;
constexpr std::size_t kFullWidthBytes = 3;
// What people write between the digits of one number, beside ASCII: spaces that do not break, hyphens and dashes, and
// what cannot be seen.
constexpr std::array<std::string_view, 12> kMarks{"\xC2\xA0",     "\xC2\xAD",     "\xE2\x80\xAF", "\xE2\x80\x8B",
                                                  "\xE2\x80\x90", "\xE2\x80\x91", "\xE2\x80\x92", "\xE2\x80\x93",
                                                  "\xE2\x80\x94", "\xE2\x81\xA0", "\xC2\xB7",     "\xEF\xBC\x8D"};
// Those that amounts, sizes and addresses are written with, too: "100,200,300", "ngõ 123/456/789", "100*200*300".
constexpr std::string_view kCommonMarks = ".,/_*|~'";
constexpr std::array<std::string_view, 3> kCommonWideMarks{"\xE2\x80\xA6", "\xE2\x80\xA2", "\xEF\xBC\x8E"};  // … • ．
constexpr std::string_view kOtherMarks = " \t-()";
constexpr std::string_view kLineEnds = "\n\r";

// The ASCII or full-width digit at `at` and its bytes; '\0': no digit.
struct Digit {
  char value = '\0';
  std::size_t bytes = 0;
};
Digit digit_at(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c >= '0' && c <= '9') return {c, 1};
  if (c != '\xEF' || at + kFullWidthBytes > text.size() || text[at + 1] != '\xBC') return {};
  const auto last = static_cast<unsigned char>(text[at + 2]);
  if (last < 0x90 || last > 0x99) return {};
  return {static_cast<char>('0' + (last - 0x90)), kFullWidthBytes};
}

// Digits without a gap, and what stands before them.
struct Group {
  std::size_t begin = 0, end = 0;
  std::string digits;
  bool joined = false;  // to the group before, by a separator that numbers are written with
  bool dotted = false;  // that separator has one of the common marks
  bool broken = false;  // it has a line end
  std::size_t plus_bytes = 0;  // "+" or "＋" right before
};

template <std::size_t N>
std::size_t starts_with_one(std::string_view text, const std::array<std::string_view, N>& marks) {
  const auto found = std::find_if(marks.begin(), marks.end(), [text](std::string_view mark) { return text.starts_with(mark); });
  return found == marks.end() ? 0 : found->size();
}

// Whether `gap` may stand between two groups of one number; what it holds is noted on the second.
bool is_separator(std::string_view gap, Group& second) {
  if (gap.size() > 1 && gap.find(',') != std::string_view::npos) return false;  // a list: "113, 114, 115"
  if (gap.find(kMask) != std::string_view::npos) return false;                  // what is hidden joins nothing
  for (std::size_t marks = 0; !gap.empty(); ++marks) {
    if (marks == kMarksMax) return false;
    const std::size_t wide = starts_with_one(gap, kMarks), common_wide = starts_with_one(gap, kCommonWideMarks);
    const bool common = common_wide > 0 || kCommonMarks.find(gap.front()) != std::string_view::npos;
    const bool line_end = kLineEnds.find(gap.front()) != std::string_view::npos;
    const bool other = kOtherMarks.find(gap.front()) != std::string_view::npos;
    if (wide == 0 && !common && !line_end && !other) return false;
    second.dotted = second.dotted || common;
    second.broken = second.broken || line_end;
    gap.remove_prefix(std::max<std::size_t>({wide, common_wide, 1}));
  }
  return true;
}

std::vector<Group> groups_of(std::string_view text) {
  std::vector<Group> out;
  for (std::size_t at = 0; at < text.size();) {
    Digit digit = digit_at(text, at);
    if (digit.bytes == 0) {
      ++at;
      continue;
    }
    Group group;
    group.begin = at;
    for (; digit.bytes > 0; digit = at < text.size() ? digit_at(text, at) : Digit{}) {
      group.digits += digit.value;
      at += digit.bytes;
    }
    group.end = at;
    const std::string_view before = text.substr(0, group.begin);
    group.plus_bytes = before.ends_with('+') ? 1 : before.ends_with("\xEF\xBC\x8B") ? kFullWidthBytes : 0;
    if (!out.empty()) group.joined = is_separator(text.substr(out.back().end, group.begin - out.back().end), group);
    out.push_back(std::move(group));
  }
  return out;
}

int number_in(const Group& group) {
  int value = 0;
  for (const char c : std::string_view(group.digits).substr(0, 4)) value = value * 10 + (c - '0');
  return value;
}

// "18.10.2021", "18 - 10 - 2021": three groups that are a day, a month and a year.
bool is_date(const std::vector<Group>& groups, std::size_t first) {
  if (first + 2 >= groups.size() || !groups[first + 1].joined || !groups[first + 2].joined) return false;
  const auto size = [&](std::size_t i) { return groups[first + i].digits.size(); };
  const int day = number_in(groups[first]), month = number_in(groups[first + 1]), year = number_in(groups[first + 2]);
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
std::size_t personal_groups(const std::vector<Group>& groups, std::size_t first) {
  std::string digits;
  bool dotted = false, broken = false;
  std::size_t found = 0;
  for (std::size_t i = first; i < groups.size() && digits.size() <= kDigitsMax; ++i) {
    if (i > first && (!groups[i].joined || is_date(groups, i))) break;
    dotted = dotted || (i > first && groups[i].dotted);
    broken = broken || (i > first && groups[i].broken);
    digits += groups[i].digits;
    const bool alone = i == first && digits.size() >= kDigitsMin;
    const bool identity = !broken && is_identity(digits, dotted);  // on lines of their own stand lists of amounts, too
    if (alone || is_phone(digits, groups[first].plus_bytes > 0) || identity) found = i - first + 1;
  }
  return found;
}

// Groups of one line up to `digits_max` digits, and how many digits they are.
std::size_t account_groups(const std::vector<Group>& groups, std::size_t first, std::size_t digits_max, std::size_t& digits) {
  std::size_t count = 0;
  digits = 0;
  for (std::size_t i = first; i < groups.size(); ++i) {
    const bool follows = i == first || (groups[i].joined && !groups[i].broken && !is_date(groups, i));
    if (!follows || digits + groups[i].digits.size() > digits_max) break;
    digits += groups[i].digits.size();
    ++count;
  }
  return count;
}

// "9704 0012 3456 7890", "1903 4567 8910 11": in groups of four, the last of what is left.
std::size_t card_groups(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t kGroup = 4, kGroupsMin = 4, kGroupsMax = 5;
  std::size_t count = 0;
  for (std::size_t i = first; i < groups.size() && count < kGroupsMax; ++i) {
    const bool follows = i == first || (groups[i].joined && !groups[i].broken && !groups[i].dotted && !is_date(groups, i));
    if (!follows || groups[i].digits.size() > kGroup) break;
    ++count;
    if (groups[i].digits.size() < kGroup) break;
  }
  const bool fours = count >= kGroupsMin && std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(first), groups.begin() + static_cast<std::ptrdiff_t>(first + 3),
                                                        [](const Group& group) { return group.digits.size() == kGroup; });
  return fours ? count : 0;
}

}  // namespace

void find_numbers(std::string_view text, const Announced& announced, std::vector<Span>& found) {
  const std::vector<Group> groups = groups_of(text);
  std::size_t next_account = 0;
  for (std::size_t i = 0; i < groups.size();) {
    const bool account = announces(announced.accounts, next_account, groups[i].begin);
    if (is_date(groups, i)) {
      i += 3;
      continue;
    }
    std::size_t count = std::max(personal_groups(groups, i), card_groups(groups, i));
    std::size_t digits = 0;
    const std::size_t of_account = account ? account_groups(groups, i, kAccountDigitsMax, digits) : 0;
    if (digits >= kAccountDigitsMin) count = std::max(count, of_account);
    if (count == 0) {
      ++i;
      continue;
    }
    found.push_back({groups[i].begin - groups[i].plus_bytes, groups[i + count - 1].end});
    i += count;
  }
}

}  // namespace ioc::text
