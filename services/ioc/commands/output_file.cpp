#include "services/ioc/commands/output_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace ioc::commands {
namespace {

namespace fs = std::filesystem;

bool write_to(const std::string& path, std::string_view content, bool to_disk) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return false;
  bool good = std::fwrite(content.data(), 1, content.size(), file) == content.size() && std::fflush(file) == 0;
  if (to_disk) good = good && ::fsync(::fileno(file)) == 0;
  return std::fclose(file) == 0 && good;
}

bool replace(const std::string& path, std::string_view content) {
  const std::string fresh = path + ".new";
  if (write_to(fresh, content, true) && std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  std::remove(fresh.c_str());
  return false;
}

}  // namespace

Result<void> write_whole(const std::string& path, std::string_view content) {
  std::error_code failed;
  const auto there = fs::symlink_status(path, failed);
  const bool in_place = fs::exists(there) && !fs::is_regular_file(there);
  if (in_place ? write_to(path, content, false) : replace(path, content)) return {};
  return transient(fmt::format("{}: cannot be written; check folder and disk", path));
}

}  // namespace ioc::commands
