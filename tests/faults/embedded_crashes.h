// kill -9 in the middle of group commits of the embedded log, again and again: a small process appends and commits, and
// writes down what it was told and what it read.
#pragma once

#include <cstdint>
#include <string>

#include "tests/faults/run.h"

namespace ioc::faults {

// In the process that will be killed; does not return.
[[noreturn]] void append_until_killed(const std::string& folder);
// `self`: this program. Folders are used for some kills each, so that the logs stay small.
Outcome crash_embedded(const std::string& self, const std::string& folder, std::uint64_t kills, std::uint64_t seed);

}  // namespace ioc::faults
