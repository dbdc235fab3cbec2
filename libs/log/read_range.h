// Reading a stretch of a partition that is there, from a thread that may wait: for commands, not for the services.
#pragma once

#include <functional>
#include <string_view>

#include "libs/log/log.h"

namespace ioc::log {

// Every entry in [from, until), in order. An error of `visit` ends it with that error. Transient: nothing came for a minute.
[[nodiscard]] Result<void> read_range(Log& log, std::string_view topic, PartitionId partition, Offset from, Offset until,
                                      const std::function<Result<void>(const Entry&)>& visit);

}  // namespace ioc::log
