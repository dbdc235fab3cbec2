// Two states entry by entry, in the canonical form that does not depend on when they were written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/triage/state.h"

namespace ioc::triage_service {

struct Compared {
  std::uint64_t entries = 0;
  std::uint64_t differences = 0;
  std::vector<std::string> first;  // of the differences: what, table, key
};
Compared compare_states(const triage::StateView& expected, const triage::StateView& found);

}  // namespace ioc::triage_service
