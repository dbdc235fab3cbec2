// Outline files: lines that neighbours share, and shapes made of them. Grammar: deploy/config/units/README.md.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libs/geo/units.h"

namespace ioc::geo {

using Outlines = std::map<std::string, std::vector<Ring>, std::less<>>;

// Adds a file's shapes. What is wrong goes to `problems`: not JSON, lines out of range, rings that do not close, a
// shape that another file has too.
void read_outlines(std::string_view file, std::string_view content, Outlines& out, std::vector<std::string>& problems);

}  // namespace ioc::geo
