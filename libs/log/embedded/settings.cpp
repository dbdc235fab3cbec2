#include "libs/log/embedded/settings.h"

namespace ioc::log {

void EmbeddedSettings::declare(config::Fields& fields) {
  constexpr std::uint64_t kKiB = 1ULL << 10;
  constexpr std::uint64_t kMiB = 1ULL << 20;
  constexpr std::uint64_t kGiB = 1ULL << 30;
  fields.text("dir", dir, "folder of the log; empty: `log` in the data folder");
  fields.number("queued_bytes_max", queued_bytes_max, 64 * kKiB, 4 * kGiB,
                "appends that wait for the disk, in bytes; beyond it they are refused until some are durable");
  fields.number("message_bytes_max", message_bytes_max, kKiB, 64 * kMiB, "largest message, in bytes");
  fields.number("group_bytes_max", group_bytes_max, 64 * kKiB, 256 * kMiB,
                "what is written with one sync, in bytes, when that much waits");
  fields.number("reserve_bytes", reserve_bytes, 0, 1024 * kGiB,
                "free disk space, in bytes, below which nothing more is taken in; goes on by itself above it");
  fields.number("segment_bytes", segment_bytes, 4 * kKiB, kGiB,
                "unit of retention and compaction of a partition, in bytes");
  fields.number("tail_bytes_max", tail_bytes_max, 4 * kKiB, kGiB,
                "newest records of a partition that are kept in memory for followers, in bytes");
  fields.number("cache_bytes", cache_bytes, kMiB, 64 * kGiB, "cache for reading older records, in bytes");
  fields.number("memtable_bytes", memtable_bytes, kMiB, 4 * kGiB, "written records held in memory until they go to table files, in bytes");
  fields.number("compaction_keys_bytes_max", compaction_keys_bytes_max, 64 * kKiB, 16 * kGiB,
                "memory for the keys of one compaction pass, in bytes");
  fields.number("compaction_dirty_percent", compaction_dirty_percent, 1, 100,
                "a compacted partition is cleaned when this share of it is new since the last time");
  fields.duration("tombstone_retention", tombstone_retention, Millis(0), std::chrono::hours(24 * 3650),
                  "how long compaction keeps a tombstone, so that slow readers see it");
  fields.duration("cleaning_interval", cleaning_interval, Millis(10), std::chrono::hours(24),
                  "how often retention and compaction look for work");
  fields.duration("acquire_limit", acquire_limit, Millis(100), std::chrono::hours(1),
                  "how long taking over a partition may wait for the disk");
}

}  // namespace ioc::log
