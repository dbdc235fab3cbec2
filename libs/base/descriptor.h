// A file descriptor that closes itself.
#pragma once

#include <unistd.h>

namespace ioc {

class Descriptor {
 public:
  explicit Descriptor(int fd) : x_fd(fd) {}  // negative: none, as open() says
  ~Descriptor() {
    if (x_fd >= 0) ::close(x_fd);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return x_fd; }
  [[nodiscard]] bool ok() const { return x_fd >= 0; }

 private:
  int x_fd;
};

}  // namespace ioc
