// Whether there is room: intake stops while the disk has less free than the reserve, and goes on by itself.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "libs/base/result.h"

namespace ioc::log::embedded {

class DiskSpace {
 public:
  DiskSpace(std::string folder, std::uint64_t reserve_bytes);

  // Any thread; cheap: as the last look found it.
  [[nodiscard]] bool full() const { return x_full.load(std::memory_order_relaxed); }
  // What refused appends are answered.
  [[nodiscard]] Error error() const;

  // The committer's: looks again. A write that failed for a full disk says so with refused().
  void look();
  void refused();

 private:
  const std::string x_folder;
  const std::uint64_t x_reserve_bytes;
  std::atomic<bool> x_full{false};
  std::atomic<std::uint64_t> x_free_bytes{0};
};

}  // namespace ioc::log::embedded
