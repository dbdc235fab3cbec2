// The key of an address, made from its mentions.
#include "libs/geo/address.h"

#include <algorithm>

#include "libs/geo/address_parts.h"
#include "libs/geo/place_words.h"
#include "libs/text/syllable.h"

namespace ioc::geo {
namespace {

constexpr char kRough = '~';

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

// "5/3/12": from the outermost lane to the house.
std::string path_of(const AddressParts& parts) {
  if (parts.lane.empty() || parts.house.starts_with(parts.lane + "/")) return parts.house;
  return parts.house.empty() ? parts.lane + "/" : parts.lane + "/" + parts.house;
}

// Numbers of houses on a national road begin anew in each town.
bool is_exact_house(const AddressParts& parts) {
  if (parts.house.empty() || parts.stretch) return false;
  if (!parts.road.empty()) return !parts.unit.empty();
  return !parts.street.empty() || (!parts.group.empty() && !parts.unit.empty());
}

std::string with_precision(bool exact, std::string key) { return exact ? key : rough(std::move(key)); }

std::string key_of(const AddressParts& parts) {
  if (!parts.house.empty() && parts.house.find_first_not_of('0') == std::string::npos) return "";
  const std::string line = parts.road.empty() ? parts.street : parts.road;
  const std::string path = path_of(parts);
  if (!parts.km.empty() && !line.empty()) return with_precision(!parts.stretch, line + "|km " + parts.km);
  const bool exact = is_exact_house(parts);
  if (!line.empty() && !path.empty()) return with_precision(exact, line + "|" + path);
  if (!parts.group.empty() && !parts.house.empty()) return with_precision(exact, parts.unit + "|" + parts.group + "|" + path);
  if (!parts.point.empty()) return parts.point;
  if (!parts.group.empty() && (!parts.unit.empty() || !path.empty())) return rough(parts.unit + "|" + parts.group + "|" + path);
  if (!path.empty() && (!parts.unit.empty() || !parts.lane.empty())) return rough(parts.unit + "|" + path);
  if (!parts.street.empty()) return rough(parts.street + "|" + parts.unit);
  return rough(parts.zone.empty() ? parts.landmark : parts.zone);
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

std::string rough(std::string key) {
  if (!key.empty()) key.insert(key.begin(), kRough);
  return key;
}

Precision precision_of(std::string_view key) {
  if (key.empty()) return Precision::Unknown;
  return key.front() == kRough ? Precision::Rough : Precision::Exact;
}

AddressParts parts_of(std::span<const Mention> mentions) {
  AddressParts parts;
  const auto put = [](std::string& into, const std::string& key) {
    if (into.empty()) into = key;
  };
  const auto put_single = [&](std::string& into, const std::string& key) {
    if (!into.empty() && into != key) parts.stretch = true;
    put(into, key);
  };
  for (const Mention& one : mentions) {
    switch (one.kind) {
      case MentionKind::House: put_single(parts.house, one.key); break;
      case MentionKind::Alley: break;
      case MentionKind::Group: put(parts.group, one.key); break;
      case MentionKind::Street: put(parts.street, one.key); break;
      case MentionKind::Road: put(parts.road, one.key); break;
      case MentionKind::Km: put_single(parts.km, one.key); break;
      case MentionKind::Zone: put(parts.zone, one.key); break;
      case MentionKind::Landmark: put(one.point ? parts.point : parts.landmark, one.key); break;
      case MentionKind::Unit: put(parts.unit, one.key); break;
      case MentionKind::Whole:
        if (one.level == 0) put(parts.town, one.key);
        break;
    }
  }
  parts.lane = take_alleys(mentions);
  return parts;
}

ReadAddress read_address(std::string_view address) {
  const auto mentions = mentions_in(address, Form::Address);
  if (!is_ours(address, mentions)) return {foreign_key(address), {}};
  const AddressParts parts = parts_of(mentions);
  return {key_of(parts), parts.town};
}

std::string address_key(std::string_view address) { return read_address(address).key; }

}  // namespace ioc::geo
