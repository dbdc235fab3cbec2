// The log in this process, on this machine's disk (DESIGN D2): see README.md here for layout and invariants.
#pragma once

#include <memory>
#include <string>

#include "libs/log/embedded/settings.h"
#include "libs/log/log.h"

namespace ioc::log {

// Creates the folder when missing. Transient: another process holds it. Corrupt: names what is damaged.
// Readers, owners and memberships are destroyed before the log. Its destructor makes durable what waits.
[[nodiscard]] Result<std::unique_ptr<Log>> open_embedded(const std::string& folder, const EmbeddedSettings& settings);

}  // namespace ioc::log
