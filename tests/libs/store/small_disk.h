// A small file system of its own, so that a full disk is a real one. Needs the right to mount (root).
#pragma once

#include <string>

#include <sys/mount.h>

#include "tests/libs/store/folder.h"

namespace ioc::test {

class SmallDisk {
 public:
  explicit SmallDisk(std::uint64_t bytes) {
    x_mounted = ::mount("tmpfs", x_folder.path().c_str(), "tmpfs", 0, ("size=" + std::to_string(bytes)).c_str()) == 0;
  }
  ~SmallDisk() {
    if (x_mounted) ::umount2(x_folder.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return x_mounted; }
  static void resize(const std::string& path, std::uint64_t bytes) {
    const auto options = "size=" + std::to_string(bytes);
    if (::mount("tmpfs", path.c_str(), "tmpfs", MS_REMOUNT, options.c_str()) != 0) {
      throw std::runtime_error("cannot resize the small disk");
    }
  }
  [[nodiscard]] const std::string& path() const { return x_folder.path(); }

 private:
  Folder x_folder;
  bool x_mounted = false;
};

}  // namespace ioc::test
