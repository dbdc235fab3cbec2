// Phones, identity numbers, passports, accounts and cards.
#include <algorithm>
#include <optional>

#include "libs/text/mask_parts.h"

namespace ioc::text {
namespace {

constexpr std::size_t kDigitsMin = 9, kDigitsMax = 15;
constexpr std::size_t kAccountDigitsMin = 6, kAccountDigitsMax = 19;
constexpr std::size_t kLocalMin = 7, kLocalMax = 8;  // a phone without its area
constexpr std::size_t kOwnIdMin = 8;                 // digits of a number that a word calls an identity number
constexpr std::size_t kNear = 12, kFar = 32, kBeside = 3;

// Words that say what the number behind them is.
struct Words {
  Announced accounts, banks, phones, own_phones, identities, prices;
  explicit Words(std::string_view lower) {
    accounts.add(lower, {"stk", "tai khoan", "so tk", "account"});
    banks.add(lower, {"tk", "ngan hang", "chuyen khoan", "acc", "vietcombank", "techcombank", "agribank", "bidv", "vietinbank",
                      "mbbank", "mb bank", "sacombank", "vpbank", "tpbank", "acb", "vcb"});
    phones.add(lower, {"sdt", "dien thoai", "dt", "so may", "may ban", "tel", "phone", "zalo", "lien he", "lh", "goi", "so", "alo"});
    own_phones.add(lower, {"sdt", "dien thoai", "dt", "so may", "may ban", "tel", "phone"});
    identities.add(lower, {"cmt", "cmnd", "cccd", "can cuoc", "chung minh", "chung minh thu", "dinh danh", "ho chieu", "passport", "bhxh",
                           "bhyt", "bao hiem", "mst", "ma so thue", "gplx", "bang lai"});
    prices.add(lower, {"gia", "so tien", "so tien la", "vnd", "gia la", "tri gia", "kinh phi", "tien", "usd"});
  }
};

// Kinds of number that the words before a place announce.
struct Said {
  bool account = false, phone = false, own_phone = false, identity = false, price = false;
};

struct Read {
  std::string digits;
  bool dotted = false, listed = false, lettered = false;
  std::size_t line_ends = 0;
  void add(const Group& group, bool is_first) {
    digits += group.digits;
    lettered = lettered || group.lettered;
    if (is_first) return;
    dotted = dotted || group.dotted;
    listed = listed || group.listed;
    line_ends += group.line_ends;
  }
};

bool is_mobile(std::string_view digits) { return digits.size() == 10 && digits[0] == '0' && digits[1] >= '3'; }

// 9 or 12 digits in groups. On lines of their own stand lists of amounts, too.
bool is_identity_read(const Read& read, std::size_t groups) {
  constexpr std::size_t kOldGroupsMax = 5;
  const bool doubtful = read.lettered && groups > 1;
  if (read.listed || doubtful) return false;
  if (read.digits.size() == 12) return is_identity(read.digits) && read.line_ends <= 1;
  const bool old = read.digits.size() == 9 && !read.lettered && read.digits[0] <= '3' && groups <= kOldGroupsMax;
  return old && !read.dotted && (read.line_ends == 0 || (read.line_ends == 1 && read.digits[0] == '0'));
}

bool may_begin(const Group& group) { return !group.behind_letter || group.digits.size() >= 3; }  // not "CK03-…"

// How many groups from `first` on make one phone or identity number; 0: none do.
std::size_t personal_groups(const std::vector<Group>& groups, std::size_t first, const Said& said) {
  if (!said.phone && !may_begin(groups[first])) return 0;
  Read read;
  std::size_t found = 0;
  for (std::size_t i = first; i < groups.size() && read.digits.size() <= kDigitsMax; ++i) {
    if (i > first && (!groups[i].joined || groups_of_other_kind(groups, i, said.phone) > 0)) break;
    read.add(groups[i], i == first);
    const bool alone = i == first && read.digits.size() >= kDigitsMin && !read.lettered && !is_timestamp(read.digits);
    const bool phone = is_phone(read.digits, groups[first].plus) && (!read.listed || is_mobile(read.digits));
    const bool mine = alone || phone || is_identity_read(read, i - first + 1);
    if (mine) found = i - first + 1;
  }
  return found;
}

// Groups of up to `max` digits; 0: they are fewer than `min`. A whole number ends at `exact` digits.
std::size_t announced_groups(const std::vector<Group>& groups, std::size_t first, std::size_t min, std::size_t max,
                             std::initializer_list<std::size_t> exact, bool over_lines) {
  std::size_t count = 0, digits = 0;
  for (std::size_t i = first; i < groups.size(); ++i) {
    const bool follows = i == first || (groups[i].joined && !groups[i].listed && (over_lines || groups[i].line_ends == 0));
    if (!follows || groups_of_other_kind(groups, i, true) > 0 || digits + groups[i].digits.size() > max) break;
    digits += groups[i].digits.size();
    ++count;
    if (std::find(exact.begin(), exact.end(), digits) != exact.end()) return count;
  }
  return digits >= min ? count : 0;
}

// "ĐT 3855 123"; "1900 1022" is everybody's.
std::size_t local_groups(const std::vector<Group>& groups, std::size_t first) {
  const std::string_view begin = groups[first].digits;
  if (begin.starts_with("1900") || begin.starts_with("1800") || begin.front() < '2' || !may_begin(groups[first])) return 0;
  if (groups_of_other_kind(groups, first, false) > 0) return 0;
  std::size_t count = 0, digits = 0;
  for (std::size_t i = first; i < groups.size(); ++i) {
    const bool follows = i == first || (groups[i].joined && !groups[i].listed && groups[i].line_ends == 0 && groups[i].gap != '/');
    if (!follows || digits + groups[i].digits.size() > kLocalMax) break;
    digits += groups[i].digits.size();
    ++count;
  }
  const bool amount = count > 0 && groups[first + count - 1].digits.ends_with("000");
  return digits >= kLocalMin && !amount ? count : 0;
}

// "9704 0012 3456 7890", "1903 4567 8910 11": in groups of four, the last of what is left.
std::size_t card_groups(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t kGroup = 4, kFoursMin = 3, kGroupsMin = 4, kGroupsMax = 5;
  std::size_t count = 0, fours = 0;
  for (std::size_t i = first; i < groups.size() && count < kGroupsMax; ++i) {
    const Group& group = groups[i];
    const bool follows = i == first || (group.joined && group.line_ends == 0 && !group.dotted && groups_of_other_kind(groups, i, false) == 0);
    if (!follows || group.digits.size() > kGroup) break;
    ++count;
    if (group.digits.size() < kGroup) break;
    ++fours;
  }
  return fours >= kFoursMin && count >= kGroupsMin ? count : 0;
}

// How many groups from `first` on are personal; 0: none are.
std::size_t groups_to_hide(const std::vector<Group>& groups, std::size_t first, const Said& said) {
  std::size_t count = std::max(personal_groups(groups, first, said), card_groups(groups, first));
  if (said.own_phone) count = std::max(count, local_groups(groups, first));
  if (said.identity) count = std::max(count, announced_groups(groups, first, kOwnIdMin, kDigitsMax, {9, 12}, true));
  if (said.account) count = std::max(count, announced_groups(groups, first, kAccountDigitsMin, kAccountDigitsMax, {}, false));
  const bool price = said.price && groups[first].digits.front() != '0';
  return price ? 0 : count;
}

// The most digits that are joined.
std::size_t longest_run(const std::vector<Group>& groups) {
  std::size_t longest = 0, run = 0;
  for (const Group& group : groups) {
    run = group.digits.size() + (group.joined ? run : 0);
    longest = std::max(longest, run);
  }
  return longest;
}

// What the words before the number that begins at `begin` say. To be asked in order.
Said said_before(const Reading& reading, Words& words, std::size_t begin) {
  Said out;
  const bool bank = words.banks.before(begin, kNear);
  out.account = words.accounts.before(begin, kFar) || bank;
  out.phone = words.phones.before(begin, kNear);
  out.own_phone = words.own_phones.before(begin, kNear);
  out.identity = words.identities.before(begin, kFar);
  const char before = begin > 0 ? reading.plain[begin - 1] : '\0';
  out.price = words.prices.before(begin, kBeside) || before == '$' || before == Reading::kUnit;
  return out;
}

}  // namespace

bool is_phone(std::string_view digits, bool plus) {
  const auto national = [](std::string_view rest) {
    if (rest.starts_with('0')) rest.remove_prefix(1);
    if (rest.size() == 9) return rest.front() >= '2';
    return rest.size() == 10 && (rest.front() == '1' || rest.front() == '2');
  };
  if (digits.starts_with("0084")) return national(digits.substr(4));
  if (digits.starts_with("84") && (plus || digits.size() >= 11)) return national(digits.substr(2));
  if (plus) return digits.size() >= 10;
  return digits.starts_with('0') && (digits.size() == 10 || digits.size() == 11) && national(digits);
}

bool is_identity(std::string_view digits) { return digits.size() == 12 && digits.front() == '0'; }

// A province of 001 to 096 and a century: no counter with zeros before it.
bool is_surely_identity(std::string_view digits) {
  return is_identity(digits) && digits.substr(0, 3) != "000" && digits.substr(0, 3) <= "096" && digits[3] <= '3';
}

void find_numbers(const Reading& reading, std::vector<Span>& found) {
  const Groups read(reading);
  const std::vector<Group>& groups = read.all;
  if (longest_run(groups) < kAccountDigitsMin) return;
  Words words(reading.lower);
  for (std::size_t i = 0; i < groups.size();) {
    const std::size_t begin = groups[i].begin;
    const Said said = said_before(reading, words, begin);
    if (const std::size_t other = groups_of_other_kind(groups, i, said.phone || said.account || said.identity); other > 0) {
      i += other;
      continue;
    }
    const std::size_t count = groups_to_hide(groups, i, said);
    if (const std::size_t amount = count == 0 ? 0 : amount_groups(reading, groups, i, count); amount > 0) {
      i += amount;
      continue;
    }
    if (count > 0) found.push_back({begin - (groups[i].plus ? 1 : 0), groups[i + count - 1].end});
    i += std::max<std::size_t>(count, 1);
  }
}

// "B1234567", "C 12345678" behind "hộ chiếu": one letter and seven or eight digits.
void find_passports(const Reading& reading, std::vector<Span>& found) {
  constexpr std::string_view kJoining = "_-/.";
  const std::string_view plain = reading.plain;
  std::optional<Announced> announced;
  for (std::size_t at = 0; at + 7 < plain.size(); ++at) {
    const bool begins = is_letter(plain[at]) && plain[at] != Reading::kLetter &&
                        (at == 0 || (!in_word(plain[at - 1]) && kJoining.find(plain[at - 1]) == std::string_view::npos));
    if (!begins) continue;
    const bool glued = is_digit(plain[at + 1]), parted = !glued && (plain[at + 1] == ' ' || plain[at + 1] == '-');
    std::size_t end = at + (parted ? 2 : 1);
    const std::size_t digits_begin = end;
    while (end < plain.size() && end - digits_begin < 9 && is_digit(plain[end])) ++end;
    const std::size_t digits = end - digits_begin;
    const bool goes_on = end < plain.size() && (in_word(plain[end]) || plain[end] == '-' || plain[end] == '/');
    if ((digits != 7 && digits != 8) || goes_on) continue;
    if (!announced) announced.emplace().add(reading.lower, {"ho chieu", "passport", "visa"});
    const bool said = announced->before(at, kFar);
    if (said || (glued && is_capital(plain[at]))) found.push_back({at, end});
  }
}

namespace {

// "0912.345.678", "091-234-5678" within a name: the two ways that mobile numbers are mostly written in; 0: none.
std::size_t common_mobile_groups(const std::vector<Group>& groups, std::size_t first) {
  constexpr std::size_t kCount = 3;
  if (first + kCount > groups.size()) return 0;
  const Group &a = groups[first], &b = groups[first + 1], &c = groups[first + 2];
  const bool evenly = b.joined && c.joined && b.gap_size == 1 && c.gap_size == 1 && b.gap == c.gap;
  const bool sizes = b.digits.size() == 3 && a.digits.size() + c.digits.size() == 7 && (a.digits.size() == 3 || a.digits.size() == 4);
  return evenly && sizes && a.digits[0] == '0' && a.digits[1] >= '3' ? kCount : 0;
}

bool beside_word(std::string_view plain, std::size_t begin, std::size_t end) {
  return (begin > 0 && is_letter(plain[begin - 1])) || (end < plain.size() && in_word(plain[end]));
}

}  // namespace

// "cam-0912345678", "?tel=84912345678"; not of a hash: digits beside letters.
void find_numbers_alone(const Reading& reading, std::vector<Span>& found) {
  const std::string_view plain = reading.plain;
  const Groups read(reading);
  std::string whole;
  for (std::size_t i = 0; i < read.all.size(); ++i) {
    const Group& group = read.all[i];
    if (whole.size() <= kDigitsMax) whole += group.digits;
    const bool alone = is_phone(group.digits, group.plus) || is_surely_identity(group.digits);
    const std::size_t count = alone ? 1 : common_mobile_groups(read.all, i);
    if (count == 0) continue;
    const std::size_t end = read.all[i + count - 1].end;
    if (!beside_word(plain, group.begin, end)) found.push_back({group.begin - (group.plus ? 1 : 0), end});
  }
  const bool only_digits = std::none_of(read.digits.begin(), read.digits.end(), is_letter);
  if (only_digits && (is_phone(whole, false) || is_surely_identity(whole))) found.assign(1, {0, plain.size()});
}

}  // namespace ioc::text
