#include "bench/apart.h"

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

namespace ioc::bench {

void apart(const std::function<void()>& work) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    int code = 0;
    try {
      work();
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
      code = 4;
    }
    std::fflush(stdout);
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  if (status != 0) throw std::runtime_error("a figure could not be taken");
}

CopierProcess::CopierProcess(const std::function<CopyCost()>& copier) {
  if (::pipe(x_pipe) != 0) throw std::runtime_error("no pipe");
  x_pid = ::fork();
  if (x_pid != 0) return;
  CopyCost cost;
  try {
    cost = copier();
  } catch (const std::exception& error) {
    fmt::print(stderr, "copier: {}\n", error.what());
  }
  static_cast<void>(!::write(x_pipe[1], &cost, sizeof cost));
  ::_exit(0);
}

CopyCost CopierProcess::wait() {
  CopyCost cost;
  ::close(x_pipe[1]);
  const bool whole = ::read(x_pipe[0], &cost, sizeof cost) == sizeof cost;
  ::close(x_pipe[0]);
  ::waitpid(x_pid, nullptr, 0);
  if (!whole || cost.events == 0) throw std::runtime_error("the copier failed");
  return cost;
}

}  // namespace ioc::bench
