#include "services/ioc/commands/output_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "libs/base/replace_file.h"

namespace ioc::commands {
namespace {

namespace fs = std::filesystem;

bool write_in_place(const std::string& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content << std::flush;
  return out.good();
}

}  // namespace

Result<void> write_whole(const std::string& path, std::string_view content) {
  std::error_code failed;
  const auto there = fs::symlink_status(path, failed);
  const bool in_place = fs::exists(there) && !fs::is_regular_file(there);
  constexpr mode_t kAsTheUmaskSays = 0666;
  if (in_place ? write_in_place(path, content) : replace_file(path, content, kAsTheUmaskSays).has_value()) return {};
  return transient(fmt::format("{}: cannot be written; check folder and disk", path));
}

}  // namespace ioc::commands
