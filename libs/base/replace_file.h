// A file that is wholly the new one or, after an error or kill -9, what it was before.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "libs/base/result.h"

namespace ioc {

// Written beside it as PATH.new with `mode` (less the umask), brought to the disk, and renamed. That the rename outlives a power
// cut is the caller's to ask for, with fsync() of the folder. Transient: the text says what could not be done, to which file,
// and the system's reason.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view bytes, mode_t mode);

}  // namespace ioc
