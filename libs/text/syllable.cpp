#include "libs/text/syllable.h"

#include <algorithm>
#include <array>

namespace ioc::text {
namespace {

// The longest that begins the word counts.
constexpr std::array<std::string_view, 27> kInitials{"ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d",
                                                     "g",   "h",  "k",  "l",  "m",  "n",  "p",  "r",  "s",  "t",  "v",  "x", ""};

constexpr std::string_view kRimes[] = {
    "a",    "ac",   "ach",  "ai",   "am",   "an",   "ang",  "anh",  "ao",   "ap",   "at",   "au",   "ay",   "e",    "ec",   "ech",  "em",   "en",
    "eng",  "enh",  "eo",   "ep",   "et",   "eu",   "i",    "ia",   "ich",  "iec",  "iem",  "ien",  "ieng", "iep",  "iet",  "ieu",  "im",   "in",
    "inh",  "ip",   "it",   "iu",   "o",    "oa",   "oac",  "oach", "oai",  "oam",  "oan",  "oang", "oanh", "oao",  "oap",  "oat",  "oay",  "oc",
    "oe",   "oen",  "oeo",  "oet",  "oi",   "om",   "on",   "ong",  "ooc",  "oong", "op",   "ot",   "u",    "ua",   "uan",  "uang", "uat",  "uay",
    "uc",   "ue",   "uech", "uenh", "ui",   "um",   "un",   "ung",  "uo",   "uoc",  "uoi",  "uom",  "uon",  "uong", "uop",  "uot",  "uou",  "up",
    "ut",   "uu",   "uy",   "uya",  "uych", "uyen", "uyet", "uynh", "uyt",  "uyu",  "y",    "yem",  "yen",  "yet",  "yeu",  "ynh",  "yt"};
static_assert(std::is_sorted(std::begin(kRimes), std::end(kRimes)));

bool is_rime(std::string_view rime) { return std::binary_search(std::begin(kRimes), std::end(kRimes), rime); }

}  // namespace

bool is_vietnamese_syllable(std::string_view folded) {
  const auto initial = std::find_if(kInitials.begin(), kInitials.end(), [&](std::string_view one) { return folded.starts_with(one); });
  const std::string_view rime = folded.substr(initial->size());
  if (is_rime(rime)) return true;
  // The i of "gi" and the u of "qu" are the rime's as well: "gi", "gieng", "quyen".
  return (*initial == "gi" || *initial == "qu") && is_rime(folded.substr(1));
}

}  // namespace ioc::text
