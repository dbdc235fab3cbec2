// Reads a whole embedded log and says what is in it and what is wrong with it, for `ioc log verify`. Changes nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libs/base/result.h"

namespace ioc::log {

struct PartitionReport {
  std::string name;  // "ioc.events.v1/0"
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  std::uint64_t records = 0;
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> faults;  // each with the offset; at most kFaultsMax, the last says how many more
};

struct LogReport {
  std::string id;
  std::vector<PartitionReport> partitions;
  std::uint64_t committed = 0;       // committed offsets that were looked at
  std::vector<std::string> faults;   // of no one partition
  [[nodiscard]] std::uint64_t fault_count() const;
};

inline constexpr std::size_t kFaultsMax = 100;

// Transient: another process has the log open. Permanent: no log there. Corrupt: so damaged that RocksDB does not open it.
// `progress` gets the bytes read and about how many there are.
[[nodiscard]] Result<LogReport> verify_embedded(const std::string& folder,
                                                const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace ioc::log
