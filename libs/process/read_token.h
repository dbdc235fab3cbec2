// Where commands that ask a server take their token from.
#pragma once

#include <string>

#include "libs/base/result.h"

namespace ioc::process {

// The first line of `file`; without one IOC_TOKEN, or "". Permanent: the file cannot be read.
[[nodiscard]] Result<std::string> read_token(const std::string& file);

}  // namespace ioc::process
