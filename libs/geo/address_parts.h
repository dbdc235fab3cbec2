// What one address is made of, in the order of its key. For this folder alone.
#pragma once

#include <span>
#include <string>

#include "libs/geo/address.h"

namespace ioc::geo {

struct AddressParts {  // empty: not said
  std::string house, lane, street, road, km, group, unit, town, zone, landmark, point;
  bool stretch = false;  // two houses or two kilometres: "Km12 đến Km15"
};

[[nodiscard]] AddressParts parts_of(std::span<const Mention> mentions);

// The key of an address whose writing is none of Vietnam's: all words in order.
[[nodiscard]] std::string foreign_key(std::string_view address);
// The prefix of a rough key.
[[nodiscard]] std::string rough(std::string key);

}  // namespace ioc::geo
