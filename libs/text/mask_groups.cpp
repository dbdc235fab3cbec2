// Digits in groups, and what else than a personal number they may be: dates, times of day, degrees, amounts of money.
#include <algorithm>

#include "libs/text/mask.h"
#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kGapMax = 6;
constexpr std::string_view kQuietMarks = " -()[]\n";
// With these amounts, sizes, addresses and times are written, too: "100,200,300", "ngõ 123/456/789", "100*200*300".
constexpr std::string_view kCommonMarks = ".,/_*|~':;!`^\\\"\x02";
constexpr std::string_view kListMarks = ",;";
constexpr std::string_view kOddMarks = "=+#&<>?{}";  // between the parts of a mobile number alone
constexpr std::size_t npos = std::string_view::npos;

bool is_zero(char c) { return c == 'O' || c == 'o'; }
bool is_one(char c) { return c == 'I' || c == 'l'; }
bool may_be_digit(char c) { return is_digit(c) || is_zero(c) || is_one(c); }

// "O912", "09O2 345", "09l2": letters that stand for digits, in the run [begin, end) of both. A letter beside another letter is none of
// them, and a 1 stands between digits only ("100l").
void read_letters(std::string_view plain, std::size_t begin, std::size_t end, std::string& digits) {
  const bool letter_before = begin > 0 && is_letter(plain[begin - 1]), letter_behind = end < plain.size() && is_letter(plain[end]);
  while (begin < end && letter_before && !is_digit(plain[begin])) ++begin;
  while (begin < end && letter_behind && !is_digit(plain[end - 1])) --end;
  const auto run = plain.substr(begin, end - begin);
  const auto count = static_cast<std::size_t>(std::count_if(run.begin(), run.end(), is_digit));
  if (count == run.size() || count == 0) return;
  for (std::size_t i = begin; i < end; ++i) {
    if (is_zero(plain[i])) digits[i] = '0';
    if (is_one(plain[i]) && i > begin && i + 1 < end) digits[i] = '1';
  }
}

std::string read_digits(std::string_view plain) {
  std::string out(plain);
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t end = at;
    while (end < plain.size() && may_be_digit(plain[end])) ++end;
    if (end > at) read_letters(plain, at, end, out);
    at = std::max(end, at + 1);
  }
  return out;
}

// True: `gap` may stand between two groups of one number. The second group notes the signs in it.
bool is_separator(std::string_view gap, Group& second) {
  second.gap_size = gap.size();
  if (gap.size() > kGapMax || gap.find(kMask) != npos) return false;  // what is hidden joins nothing
  std::size_t signs = 0;
  for (const char c : gap) {
    const bool odd = kOddMarks.find(c) != npos;
    const bool common = odd || kCommonMarks.find(c) != npos;
    if (!common && kQuietMarks.find(c) == npos) return false;
    second.dotted = second.dotted || common;
    second.listed = second.listed || odd || (kListMarks.find(c) != npos && gap.size() > 1);
    second.line_ends += c == '\n' ? 1 : 0;
    if (c == ' ' || c == '\n') continue;
    ++signs;
    second.gap = c;
  }
  if (signs == 0) second.gap = ' ';
  if (signs > 1) second.gap = '\0';
  return !gap.empty();
}

int number_in(const Group& group) {
  int value = 0;
  for (const char c : group.digits.substr(0, 4)) value = value * 10 + (c - '0');
  return value;
}

bool is_day(const Group& group) { return group.digits.size() <= 2 && number_in(group) >= 1 && number_in(group) <= 31; }
bool is_month(const Group& group) { return group.digits.size() <= 2 && number_in(group) >= 1 && number_in(group) <= 12; }
bool is_year(const Group& group) { return group.digits.size() == 4 && number_in(group) >= 1900 && number_in(group) <= 2099; }

bool joined(const std::vector<Group>& groups, std::size_t first, std::size_t count) {
  if (first + count > groups.size()) return false;
  return std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(first + 1), groups.begin() + static_cast<std::ptrdiff_t>(first + count),
                     [](const Group& group) { return group.joined; });
}

// "18.10.2021", "18 - 10 - 2021", "2021-10-18"
bool is_date(const std::vector<Group>& groups, std::size_t first) {
  if (!joined(groups, first, 3)) return false;
  const Group &a = groups[first], &b = groups[first + 1], &c = groups[first + 2];
  return is_month(b) && ((is_day(a) && is_year(c)) || (is_year(a) && is_day(c)));
}

// How many groups from `first` on are parted by this sign alone, the first of them; at most one more than `max`.
std::size_t chain(const std::vector<Group>& groups, std::size_t first, char gap, std::size_t max) {
  const auto follows = [&](std::size_t i) { return i < groups.size() && groups[i].gap == gap && groups[i].gap_size == 1 && groups[i].joined; };
  if (first > 0 && follows(first)) return 0;
  std::size_t count = 1;
  while (count <= max && follows(first + count)) ++count;
  return count;
}

// "07:40", "07:40:00"; 0: none
std::size_t clock_groups(const std::vector<Group>& groups, std::size_t first) {
  const std::size_t count = chain(groups, first, ':', 3);
  if (count != 2 && count != 3) return 0;
  for (std::size_t i = first; i < first + count; ++i) {
    const int max = i == first ? 24 : 60;
    if (groups[i].digits.size() > 2 || number_in(groups[i]) > max) return 0;
  }
  return count;
}

// "18/10", "18/10/21"; 0: none
std::size_t short_date_groups(const std::vector<Group>& groups, std::size_t first) {
  for (const char gap : {'/', '.', '-'}) {
    const std::size_t count = chain(groups, first, gap, 3);
    const bool right_count = count == 3 || (count == 2 && gap == '/');
    if (!right_count || !is_day(groups[first]) || !is_month(groups[first + 1])) continue;
    if (count == 2 || groups[first + 2].digits.size() == 2) return count;
  }
  return 0;
}

// "21.5942123", "105,8482312": all of Vietnam lies within these degrees.
bool is_degrees(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t kFractionMin = 4;
  if (first + 1 >= groups.size() || groups[first].behind_letter || groups[first].digits.front() == '0') return false;
  const Group& fraction = groups[first + 1];
  const int whole = number_in(groups[first]);
  const bool in_vietnam = groups[first].digits.size() <= 3 && ((whole >= 8 && whole <= 24) || (whole >= 102 && whole <= 118));
  const bool point = fraction.gap_size == 1 && (fraction.gap == '.' || fraction.gap == ',');
  return in_vietnam && point && fraction.digits.size() >= kFractionMin && chain(groups, first, fraction.gap, 2) == 2;
}

// "12/2026"
bool is_month_of_year(const std::vector<Group>& groups, std::size_t first) {
  return chain(groups, first, '/', 2) == 2 && is_month(groups[first]) && is_year(groups[first + 1]);
}

// "112 113 114"
std::size_t hotline_groups(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t kMin = 3, kMax = 8;
  std::size_t count = 0;
  while (count < kMax && first + count < groups.size()) {
    const Group& group = groups[first + count];
    if (group.digits.size() != 3 || !group.digits.starts_with("11") || (count > 0 && !group.joined)) break;
    ++count;
  }
  return count >= kMin ? count : 0;
}

bool is_compact_date(const Group& group) {
  return group.digits.size() == 8 && is_timestamp(std::string(group.digits) + "0000");
}

// "250.000.000", "250 000 000", "250000000"
bool ends_as_amount(const std::vector<Group>& groups, std::size_t first, std::size_t count) {
  const Group& last = groups[first + count - 1];
  if (count == 1) return last.digits.ends_with("000000");
  if (groups[first].digits.size() > 3 || last.digits != "000") return false;
  return std::all_of(groups.begin() + static_cast<std::ptrdiff_t>(first + 1), groups.begin() + static_cast<std::ptrdiff_t>(first + count),
                     [](const Group& group) { return group.digits.size() == 3 && group.gap_size == 1; });
}

bool unit_follows(std::string_view behind) {
  constexpr std::size_t kBlanksMax = 2;
  for (std::size_t i = 0; i < kBlanksMax && behind.starts_with(' '); ++i) behind.remove_prefix(1);
  if (behind.starts_with(Reading::kUnit) || behind.starts_with('$')) return true;
  return starts_with_any(behind, {"d", "dong", "vnd", "dong/nguoi", "k", "tr", "trieu", "ty", "usd", "nghin", "ngan", "do la", "euro", "xu", "m2", "m3"});
}

}  // namespace

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.starts_with(word) && (text.size() == word.size() || !in_word(text[word.size()]));
  });
}

Groups::Groups(const Reading& reading) : digits(read_digits(reading.plain)) {
  const std::string_view plain = reading.plain, read = digits;
  for (std::size_t at = 0; at < read.size();) {
    if (!is_digit(read[at])) {
      ++at;
      continue;
    }
    Group group;
    group.begin = at;
    while (at < read.size() && is_digit(read[at])) ++at;
    group.end = at;
    group.digits = read.substr(group.begin, at - group.begin);
    group.lettered = group.digits != plain.substr(group.begin, at - group.begin);
    group.plus = group.begin > 0 && read[group.begin - 1] == '+';
    group.behind_letter = group.begin > 0 && is_letter(read[group.begin - 1]);
    if (!all.empty()) group.joined = is_separator(plain.substr(all.back().end, group.begin - all.back().end), group);
    all.push_back(group);
  }
}

bool is_timestamp(std::string_view digits) {
  if (digits.size() != 12 && digits.size() != 14 && digits.size() != 17) return false;
  const auto at = [&](std::size_t from, std::size_t size) {
    int value = 0;
    for (const char c : digits.substr(from, size)) value = value * 10 + (c - '0');
    return value;
  };
  const bool date = at(0, 4) >= 1990 && at(0, 4) <= 2099 && at(4, 2) >= 1 && at(4, 2) <= 12 && at(6, 2) >= 1 && at(6, 2) <= 31;
  return date && at(8, 2) <= 23 && at(10, 2) <= 59;
}

std::size_t groups_of_other_kind(const std::vector<Group>& groups, std::size_t first, bool surely) {
  if (is_date(groups, first)) return 3;
  if (is_month_of_year(groups, first)) return 2;
  if (surely) return hotline_groups(groups, first);
  if (is_degrees(groups, first)) return 2;
  if (is_compact_date(groups[first])) return 1;
  return std::max({clock_groups(groups, first), short_date_groups(groups, first), hotline_groups(groups, first)});
}

std::size_t amount_groups(const Reading& reading, const std::vector<Group>& groups, std::size_t first, std::size_t count) {
  constexpr std::size_t kGroupsMax = 6;
  if (groups[first].digits.front() == '0' || groups[first].plus) return 0;
  // Where the amount goes on behind the groups, its unit stands behind all of it.
  std::size_t last = first + count - 1;
  while (last + 1 < groups.size() && groups[last + 1].gap_size == 1 && groups[last + 1].digits.size() == 3 && groups[last + 1].joined &&
         last - first < kGroupsMax)
    ++last;
  const bool is_amount = ends_as_amount(groups, first, count) || unit_follows(std::string_view(reading.lower).substr(groups[last].end));
  return is_amount ? last + 1 - first : 0;
}

}  // namespace ioc::text
