// Two small bundles in code: two areas that are a square each, subscribers, short clocks. The second differs in what it
// joins and where it routes, so that an activation shows.
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "libs/triage/bundle.h"

namespace ioc::simulation {

struct Rules {
  triage::PackedBundle packed;
  std::shared_ptr<const triage::Bundle> compiled;
};

// Compiled once in a process. Throws std::runtime_error, naming every mistake, when they do not compile.
const std::array<Rules, 2>& rules();
std::shared_ptr<const triage::Bundle> rules_of(std::string_view hash);

// Corner of a square of 0.1 degrees that is a unit, 1e-7 degrees: `area` 0 or 1.
inline constexpr std::int32_t kSouthE7 = 210'000'000;
inline constexpr std::int32_t kWestE7[] = {1'050'000'000, 1'051'000'000};
inline constexpr std::int32_t kSideE7 = 1'000'000;

}  // namespace ioc::simulation
