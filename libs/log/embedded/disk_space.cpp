#include "libs/log/embedded/disk_space.h"

#include <spdlog/spdlog.h>

#include <filesystem>

namespace ioc::log::embedded {

DiskSpace::DiskSpace(std::string folder, std::uint64_t reserve_bytes)
    : x_folder(std::move(folder)), x_reserve_bytes(reserve_bytes) {
  look();
}

Error DiskSpace::error() const {
  return transient("log " + x_folder + ": the disk is full: " + std::to_string(x_free_bytes.load()) +
                   " bytes free, " + std::to_string(x_reserve_bytes) +
                   " are kept in reserve (reserve_bytes); free space and it goes on by itself");
}

void DiskSpace::look() {
  std::error_code failed;
  const auto space = std::filesystem::space(x_folder, failed);
  if (failed) return;
  x_free_bytes = space.available;
  // A little more than the reserve before it goes on, so that it does not flutter.
  const bool was_full = x_full;
  const bool now_full = space.available < x_reserve_bytes + (was_full ? x_reserve_bytes / 16 : 0);
  if (was_full == now_full) return;
  x_full = now_full;
  if (now_full) {
    spdlog::error("log stops taking in: disk full folder={} free_bytes={} reserve_bytes={}", x_folder, space.available,
                  x_reserve_bytes);
  } else {
    spdlog::info("log takes in again folder={} free_bytes={}", x_folder, space.available);
  }
}

void DiskSpace::refused() {
  look();
  if (!x_full.exchange(true)) spdlog::error("log stops taking in: the disk refused a write folder={}", x_folder);
}

}  // namespace ioc::log::embedded
