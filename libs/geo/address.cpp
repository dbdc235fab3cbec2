// The key of an address, made from its mentions.
#include "libs/geo/address.h"

#include <algorithm>
#include <optional>
#include <span>

#include "libs/geo/place_words.h"
#include "libs/text/syllable.h"

namespace ioc::geo {
namespace {

constexpr std::uint32_t kWordsBetween = 2;  // "số 12 ở đường …": still one address
constexpr std::size_t kFallbackWordsMax = 64;

// What one address is made of; empty: not said.
struct Parts {
  std::string house, lane, street, road, km, group, unit, whole, zone, landmark;
};

std::string take_alleys(std::span<const Mention> mentions) {
  std::vector<const Mention*> alleys;
  for (const Mention& one : mentions) {
    if (one.kind == MentionKind::Alley) alleys.push_back(&one);
  }
  std::stable_sort(alleys.begin(), alleys.end(), [](const Mention* a, const Mention* b) { return a->level < b->level; });
  std::string out;
  for (const Mention* one : alleys) {
    // "ngách 5/3, ngõ 5": the longer path has the shorter in it.
    if (!out.empty() && one->key.starts_with(out + "/")) out = one->key;
    else if (out != one->key) out += (out.empty() ? "" : "/") + one->key;
  }
  return out;
}

Parts parts_of(std::span<const Mention> mentions) {
  Parts parts;
  const auto put = [](std::string& into, const std::string& key) {
    if (into.empty()) into = key;
  };
  for (const Mention& one : mentions) {
    switch (one.kind) {
      case MentionKind::House: put(parts.house, one.key); break;
      case MentionKind::Alley: break;
      case MentionKind::Group: put(parts.group, one.key); break;
      case MentionKind::Street: put(parts.street, one.key); break;
      case MentionKind::Road: put(parts.road, one.key); break;
      case MentionKind::Km: put(parts.km, one.key); break;
      case MentionKind::Zone: put(parts.zone, one.key); break;
      case MentionKind::Landmark: put(parts.landmark, one.key); break;
      case MentionKind::Unit: put(parts.unit, one.key); break;
      case MentionKind::Whole: put(parts.whole, one.key); break;
    }
  }
  parts.lane = take_alleys(mentions);
  return parts;
}

// "5/3/12": from the outermost lane to the house.
std::string path_of(const Parts& parts) {
  if (parts.lane.empty() || parts.house.starts_with(parts.lane + "/")) return parts.house;
  return parts.house.empty() ? parts.lane + "/" : parts.lane + "/" + parts.house;
}

std::string key_of(const Parts& parts) {
  if (!parts.house.empty() && parts.house.find_first_not_of('0') == std::string::npos) return "";
  const std::string line = parts.road.empty() ? parts.street : parts.road;
  const std::string path = path_of(parts);
  if (!parts.km.empty() && !line.empty()) return line + "|km " + parts.km;
  if (!line.empty() && !path.empty()) return line + "|" + path;
  if (!parts.group.empty() && (!parts.unit.empty() || !path.empty())) return parts.unit + "|" + parts.group + "|" + path;
  if (!path.empty() && (!parts.unit.empty() || !parts.lane.empty())) return parts.unit + "|" + path;
  if (!parts.street.empty()) return parts.street + "|" + parts.unit;
  if (!parts.zone.empty()) return parts.zone;
  return parts.landmark;
}

// Other countries' writing: all words, in order.
std::string words_key(std::string_view address) {
  const text::Words words(address);
  const auto is_number = [](const text::Word& word) { return word.folded[0] >= '0' && word.folded[0] <= '9'; };
  const auto number = std::find_if(words.all().begin(), words.all().end(), is_number);
  const bool numbered = number != words.all().end();
  if (words.size() == 0 || (!numbered && words.size() < 2)) return "";
  if (numbered && number->folded.find_first_not_of('0') == std::string_view::npos) return "";
  std::string key = words.joined(0, std::min(words.size(), kFallbackWordsMax));
  return "=" + key;
}

bool is_exact(const Parts& parts) {
  const bool line = !parts.street.empty() || !parts.road.empty();
  if (!parts.km.empty()) return line;
  if (!parts.house.empty() || !parts.lane.empty()) return line || !parts.group.empty() || !parts.unit.empty() || !parts.lane.empty();
  return !parts.group.empty() && !parts.unit.empty();
}

// A place word of Vietnam's, its marks, or words that are all built as Vietnamese ones: "12 Luong Ngoc Quyen".
bool is_ours(std::string_view address, std::span<const Mention> mentions) {
  if (std::any_of(mentions.begin(), mentions.end(), [](const Mention& one) { return !one.bare; })) return true;
  if (mentions.size() < 2) return false;
  if (std::any_of(address.begin(), address.end(), [](char c) { return (c & 0x80) != 0; })) return true;
  const text::Words words(address);
  return std::all_of(words.all().begin(), words.all().end(), [](const text::Word& word) {
    return (word.folded[0] >= '0' && word.folded[0] <= '9') || text::is_vietnamese_syllable(word.folded);
  });
}

}  // namespace

std::string address_key(std::string_view address) {
  const auto mentions = mentions_in(address, Form::Address);
  if (!is_ours(address, mentions)) return words_key(address);
  return key_of(parts_of(mentions));
}

FoundAddress address_in(std::string_view text) { return address_in(Sighted(text)); }

FoundAddress address_in(const Sighted& text) {
  const auto mentions = mentions_in(text, Form::Text);
  for (std::size_t from = 0; from < mentions.size();) {
    std::size_t to = from + 1;
    while (to < mentions.size() && mentions[to].first_word <= mentions[to - 1].first_word + mentions[to - 1].words + kWordsBetween) ++to;
    const std::span<const Mention> together(&mentions[from], to - from);
    const Parts parts = parts_of(together);
    const std::string_view written = text.raw.substr(together.front().from, together.back().to - together.front().from);
    if (is_exact(parts)) {
      FoundAddress found{together.front().from, together.back().to, address_key(written)};
      if (!found.key.empty()) return found;
    }
    from = to;
  }
  return {};
}

}  // namespace ioc::geo
