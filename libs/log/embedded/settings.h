// Limits of the embedded log, from the configuration.
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/time.h"
#include "libs/config/config.h"

namespace ioc::log {

struct EmbeddedSettings {
  std::string dir;  // empty: `log` in the data folder
  std::uint64_t queued_bytes_max = 64ULL << 20;
  std::uint64_t message_bytes_max = 8ULL << 20;
  std::uint64_t group_bytes_max = 8ULL << 20;
  std::uint64_t reserve_bytes = 256ULL << 20;
  std::uint64_t segment_bytes = 4ULL << 20;
  std::uint64_t tail_bytes_max = 2ULL << 20;
  std::uint64_t cache_bytes = 16ULL << 20;
  std::uint64_t memtable_bytes = 32ULL << 20;
  std::uint64_t compaction_keys_bytes_max = 32ULL << 20;
  std::uint64_t compaction_dirty_percent = 50;
  Millis tombstone_retention = std::chrono::hours(24);
  Millis cleaning_interval = std::chrono::seconds(10);
  Millis acquire_limit = std::chrono::seconds(30);

  void declare(config::Fields& fields);
};

}  // namespace ioc::log
