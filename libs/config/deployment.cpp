#include "libs/config/deployment.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace ioc::config {
namespace {

constexpr std::size_t kKeyBytes = 32;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() != 2 * kKeyBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

std::string failed(const std::string& what, const std::string& path) {
  return what + " " + path + ": " + std::strerror(errno);
}

// A lost key would give every event a new id, so it is on the disk before anyone uses it.
Result<void> make_key(const std::string& path) {
  std::array<unsigned char, kKeyBytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return permanent("no random bytes from the system for the identity key");
  }
  std::string text;
  for (const unsigned char byte : bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  text += '\n';
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string draft = path + ".new";
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return permanent(failed("cannot create", draft));
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  // link, not rename: of two processes that start at once, one key wins for both.
  if (!written) return permanent(failed("cannot write", draft));
  const bool linked = ::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const std::string problem = linked ? "" : failed("cannot create", path);
  ::unlink(draft.c_str());
  if (!linked) return permanent(problem);
  return {};
}

}  // namespace

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

Result<std::string> identity_key(const Deployment& deployment) {
  const std::string path = deployment.identity_key_path();
  if (!std::filesystem::exists(path)) {
    if (auto made = make_key(path); made.has_error()) return made.error();
  }
  std::ifstream in(path);
  std::string hex;
  if (!in || !(in >> hex)) return permanent("cannot read the identity key " + path + "; check its permissions");
  auto key = from_hex(hex);
  if (!key) {
    return permanent("the identity key " + path +
                     " is not 64 hexadecimal digits; put the deployment's key back, a new one would double every event");
  }
  return *std::move(key);
}

}  // namespace ioc::config
