// Places that a text mentions, as northern Vietnam writes them: "số nhà 12A, ngõ 5/3, phố Bến Oánh", "tổ 7 phường
// Quang Trung", "QL3 Km12+300", "KCN Sông Công". And the key of an address: equal for the same house, or the same
// kilometre of a road, in other writing. Knows no list of units or streets; pure, any bytes will do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libs/domain/ids.h"

namespace ioc::geo {

enum class MentionKind : std::uint8_t { House, Alley, Group, Street, Road, Km, Zone, Landmark, Unit, Whole };
[[nodiscard]] std::string_view name_of(MentionKind kind);

struct Mention {
  MentionKind kind = MentionKind::House;
  std::uint32_t from = 0, to = 0;   // bytes of the text as it was written
  std::string key;                  // "12a", "5/3", "to 7", "ben oanh", "ql3", "12300" (metres), "kcn song cong", "quang trung"
  std::uint32_t first_word = 0, words = 0;
  bool bare = false;                // no place word before it: "12 Bến Oánh" is a bare house and a bare street
  bool point = false;               // a landmark as small as a house: a crossing, a hospital
  std::uint8_t level = 0;           // alleys: ngõ 0, ngách 1, hẻm 2; whole units: a province 1, else 0
  std::vector<UnitCode> units;      // Units::mentions_in fills it: those of the asked time, none or several when unclear
};

inline constexpr std::size_t kMentionsMax = 64;  // of a text; what follows does not count

// An address field is all address: names may be in small letters, a number at its start is a house. In running text names
// have capitals; where the whole text has none, only a street's name is taken (street_names.h).
enum class Form : std::uint8_t { Address, Text };
[[nodiscard]] std::vector<Mention> mentions_in(std::string_view text, Form form);
struct Sighted;  // place_words.h: a text that is asked more than once
[[nodiscard]] std::vector<Mention> mentions_in(const Sighted& text, Form form);

// Normalised; "": unknown, that is empty, house number 0, or only units or a road without a kilometre. Writing that is
// not Vietnam's is taken word by word.
[[nodiscard]] std::string address_key(std::string_view address);

// Exact: two reports with that key are at one place: a house of a street or of a unit's group, a kilometre, a crossing, a
// landmark as small. Rough: they may be kilometres apart: a street, lane, group, zone or large landmark, a house of a ward
// without a street. Whoever compares rough addresses needs a distance, too. The key holds it: a rough one begins with '~'.
enum class Precision : std::uint8_t { Unknown, Rough, Exact };
[[nodiscard]] Precision precision_of(std::string_view key);

// The key leaves out the town, since most writers do. Two that name different ones are two places: "số 12 Hùng Vương,
// TP Sông Công" and "..., TP Phổ Yên".
struct ReadAddress {
  std::string key, town;  // town: of a town or district, folded; no province; "": not said
};
[[nodiscard]] ReadAddress read_address(std::string_view address);

// The first address in a running text that says at least a house, lane, kilometre, crossing or group of a unit. An address
// that says where the sender lives ("tôi ở số 5 …, thấy cháy ở …") counts only where the text tells no other place.
struct FoundAddress {
  std::uint32_t from = 0, to = 0;  // as it was written
  std::string key;                 // of what was written; "": none found
};
[[nodiscard]] FoundAddress address_in(std::string_view text);
[[nodiscard]] FoundAddress address_in(const Sighted& text);

}  // namespace ioc::geo
