#include "libs/base/replace_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "libs/base/descriptor.h"

namespace ioc {
namespace {

Error failed(const char* what, const std::string& path) { return transient(std::string(what) + " " + path + ": " + std::strerror(errno)); }

Result<void> write_synced(const std::string& path, std::string_view bytes, mode_t mode) {
  const Descriptor out(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!out.ok()) return failed("cannot create", path);
  while (!bytes.empty()) {
    const ssize_t written = ::write(out.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return failed("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(out.get()) != 0) return failed("cannot sync", path);
  return {};
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());  // what a killed one left
  Result<void> done = write_synced(fresh, bytes, mode);
  if (done && std::rename(fresh.c_str(), path.c_str()) != 0) done = failed("cannot replace", path);
  if (!done) ::unlink(fresh.c_str());
  return done;
}

}  // namespace ioc
