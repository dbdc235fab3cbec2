// A file that a command was asked to write: wholly there or, after an error or kill -9, as it was before.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace ioc::commands {

// Written beside it as PATH.new, then renamed; what is no file of its own (a pipe, a link, a device) is written in place.
// Transient: the text says which file and what to look at.
[[nodiscard]] Result<void> write_whole(const std::string& path, std::string_view content);

}  // namespace ioc::commands
