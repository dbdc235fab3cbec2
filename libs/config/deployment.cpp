#include "libs/config/deployment.h"

#include <algorithm>
#include <filesystem>

namespace ioc::config {

std::string shared_path(const std::string& name) {
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  return (executable.parent_path().parent_path() / "share" / name).string();
}

std::string Deployment::bundle_path() const { return bundle_folder.empty() ? shared_path("config/bundle") : bundle_folder; }
std::string Deployment::units_path() const { return units_folder.empty() ? shared_path("config/units") : units_folder; }

std::uint32_t Deployment::partitions() const {
  std::uint64_t highest = 0;
  for (const Area& area : areas) highest = std::max(highest, area.partition);
  return static_cast<std::uint32_t>(highest + 1);
}

std::vector<Area> Deployment::areas_or_default() const { return areas.empty() ? std::vector<Area>{Area{}} : areas; }

}  // namespace ioc::config
