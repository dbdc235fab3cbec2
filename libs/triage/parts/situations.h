// How a report can stand to an incident that is open, and what else may speak for or against their being one. The only
// list of both: the stage judges by it, the model has a share or a weight for each, training counts by it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ioc::triage {

// In order: of several candidates, the one in the first situation counts (DOMAIN "Duplicates"). Type: the category, or the
// sender's own where it is none of ours. Spot: within 20 m, the address of one of them unknown. Near: beyond 20 m, within
// the category's radius. 30m, 3d: event time to the nearest end of what the incident has seen, up to 30 minutes, up to 3 days.
enum class Situation : std::uint8_t {
  SameTypeSameAddress30m,
  SameTypeSameAddress3d,
  SameTypeSpot30m,
  SameTypeOtherFeed30m,   // spot or near, and a camera or another feed saw it: a camera's place is not the thing's
  SameTypeSpot3d,
  OtherTypeSameAddress30m,
  OtherTypeSameAddress3d,
  SameTypeOtherAddress30m,  // within 20 m, both addresses known
  SameTypeOtherAddress3d,
  SameTypeNear30m,
  SameTypeNear3d,
  SameTypeDoubtful3d,     // one rough address without distance, one exact address in two towns, or near by a position that the text denies
  SameTypeOlder,          // same address or spot, more than 3 days
  OtherTypeSpot3d,        // within 20 m, another address or an unknown one
  None
};
inline constexpr std::size_t kSituations = static_cast<std::size_t>(Situation::None);

// "same_type_same_address_30m", as in files, decisions and `evaluate --decisions`; "none".
std::string_view name_of(Situation situation);
std::optional<Situation> situation_named(std::string_view name);

enum class Evidence : std::uint8_t {
  SeveralOpen2,     // so many reports of the type stand open at the address or spot
  SeveralOpen3,     // three or more
  OthersOpen1,      // open ones of other types there
  OthersOpen2,      // two or more
  TextSame,         // citizens' own words on both sides, likeness 800 permille or more
  TextAlike,        // 400 or more
  TextDifferent,    // below 150
  TextNone,         // one of them says no more than its category's name
  RelatedType,      // types differ but go together: by staff's marks, by further categories, by alike names
  SamePhoto,        // the same bytes
  SamePlate,        // the same number plate's hash
  SameCamera,       // it saw both
  SameStreet,       // one rough address, and they are near each other
};
inline constexpr std::size_t kEvidence = static_cast<std::size_t>(Evidence::SameStreet) + 1;

std::string_view name_of(Evidence evidence);  // "several_open_3"
std::optional<Evidence> evidence_named(std::string_view name);

// In an operator's words, Vietnamese, for the name of either; empty: it is none.
std::string_view words_for(std::string_view name);

}  // namespace ioc::triage
