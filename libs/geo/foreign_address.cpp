// Addresses of other countries, as 311 portals write them: "12 Main St", "5TH AVE & W 42 ST", "100 BLOCK MAIN ST". They
// serve to measure on other cities' reports.
#include <algorithm>
#include <array>

#include "libs/geo/address_parts.h"
#include "libs/text/words.h"

namespace ioc::geo {
namespace {

constexpr std::size_t kWordsMax = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(const text::Word& word) { return is_digit(word.folded[0]); }

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::array<std::string_view, Size>& all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

constexpr std::array<std::string_view, 22> kStreetKinds = {"aly", "av",   "ave",  "avenue", "blvd", "boulevard", "court", "ct",   "dr",     "drive", "highway",
                                                           "hwy", "lane", "ln",   "pl",     "place", "rd",       "road",  "sq",   "square", "st",    "street"};
constexpr std::array<std::string_view, 9> kNumbered = {"av", "ave", "avenue", "pl", "place", "rd", "road", "st", "street"};
constexpr std::array<std::string_view, 4> kCrossings = {"corner", "crossing", "intersection", "junction"};
constexpr std::array<std::string_view, 4> kRanges = {"to", "thru", "through", "until"};
constexpr std::array<std::string_view, 2> kStretches = {"between", "from"};
constexpr std::array<std::string_view, 2> kBlocks = {"block", "blk"};

bool is_street_kind(std::string_view word) { return is_one_of(word, kStreetKinds); }

// "5th" is a street's name and no house.
bool is_ordinal(std::string_view word) {
  const std::size_t digits = static_cast<std::size_t>(std::find_if_not(word.begin(), word.end(), is_digit) - word.begin());
  const std::string_view rest = word.substr(digits);
  return rest == "st" || rest == "nd" || rest == "rd" || rest == "th";
}

// "12 Main St", "25-29 Main St"; not "42 ST", "100 BLOCK MAIN ST", "100 TO 120 MAIN ST".
bool begins_with_house(const text::Words& words) {
  if (words.size() == 0 || !is_number(words[0]) || is_ordinal(words[0].folded)) return false;
  std::size_t next = 1;
  while (next < words.size() && is_number(words[next]) && (words[next].gap == '-' || words[next].gap == '/')) ++next;
  if (next == words.size()) return false;
  const std::string_view word = words[next].folded;
  if (is_one_of(word, kBlocks) || is_one_of(word, kRanges)) return false;
  if (!is_one_of(word, kNumbered)) return true;
  if (next + 1 == words.size() || words[next + 1].gap != ' ') return false;
  const std::string_view behind = words[next + 1].folded;
  return behind.size() == 1 || is_street_kind(behind);  // "12 AVENUE C", "12 Place Rd"
}

bool holds_sign(std::string_view between) { return between.find_first_of("&@") != std::string_view::npos; }

// "Main St & Elm St", "Main St and Elm St", "Main St / Elm St", "INTERSECTION of ...".
bool names_crossing(std::string_view address, const text::Words& words) {
  bool kind_before = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const text::Word& word = words[i];
    if (is_one_of(word.folded, kStretches)) return false;
    if (is_one_of(word.folded, kCrossings)) return true;
    if (i > 0 && holds_sign(address.substr(words[i - 1].to, word.from - words[i - 1].to))) return true;
    if (i > 0 && kind_before && (word.gap == '/' || (word.folded == "and" && i + 1 < words.size()))) return true;
    kind_before = kind_before || is_street_kind(word.folded);
  }
  return false;
}

}  // namespace

std::string foreign_key(std::string_view address) {
  const text::Words words(address);
  const auto number = std::find_if(words.all().begin(), words.all().end(), is_number);
  const bool numbered = number != words.all().end();
  if (words.size() == 0 || (!numbered && words.size() < 2)) return "";
  if (numbered && number->folded.find_first_not_of('0') == std::string_view::npos) return "";
  std::string key = "=" + words.joined(0, std::min(words.size(), kWordsMax));
  return begins_with_house(words) || names_crossing(address, words) ? key : rough(std::move(key));
}

}  // namespace ioc::geo
