#include "libs/log/embedded/watermark.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "libs/log/embedded/layout.h"

namespace ioc::log::embedded {

namespace {

std::string path_in(const std::string& folder) { return folder + "/acknowledged"; }

}  // namespace

Watermark::~Watermark() {
  if (x_file >= 0) ::close(x_file);
}

std::uint64_t Watermark::read(const std::string& folder) {
  std::ifstream file(path_in(folder), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return parse_watermark(bytes).value_or(0);
}

Result<void> Watermark::open(const std::string& folder) {
  x_file = ::open(path_in(folder).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (x_file < 0) return permanent("cannot write " + path_in(folder) + ": " + std::strerror(errno));
  return {};
}

void Watermark::write(std::uint64_t groups) const {
  // Sixteen bytes at the start of a file are written whole, also on a full disk. Not written: only less is noticed.
  const std::string bytes = encode_watermark(groups);
  [[maybe_unused]] const auto written = ::pwrite(x_file, bytes.data(), bytes.size(), 0);
}

Result<void> check_watermark(const std::string& folder, std::uint64_t groups_in_store) {
  const std::uint64_t acknowledged = Watermark::read(folder);
  if (groups_in_store >= acknowledged) return {};
  return corrupt("the newest " + std::to_string(acknowledged - groups_in_store) + " of " + std::to_string(acknowledged) +
                 " commit groups that were acknowledged are gone from " + folder +
                 ": its newest file (*.log, or MANIFEST) is damaged or was cut; restore the folder, or remove " + path_in(folder) +
                 " to go on without them");
}

}  // namespace ioc::log::embedded
