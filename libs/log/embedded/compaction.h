// One pass of compaction over a partition (README.md, "Compaction").
#pragma once

#include <cstdint>
#include <stop_token>

#include "libs/log/embedded/partition.h"
#include "libs/log/embedded/settings.h"
#include "libs/store/store.h"

namespace ioc::log::embedded {

// Does nothing until enough is new. Memory: compaction_keys_bytes_max for keys plus two segments.
[[nodiscard]] Result<void> compact(store::Store& store, Partition& partition, const EmbeddedSettings& settings,
                                   std::int64_t now_ms, const std::stop_token& stop);

}  // namespace ioc::log::embedded
