// A test case of this program run in a process of its own, which can be killed. The child case is tagged [.child] (not
// run by itself) and finds its folder in IOC_TEST_FOLDER. A plain fork will not do: RocksDB's threads stay behind.
#pragma once

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace ioc::test {

// A program with no such test case ends with 0 too.
inline constexpr int kChildDone = 42;

class Child {
 public:
  Child(const std::string& test_case, const std::string& folder) {
    const pid_t parent = ::getpid();
    x_pid = ::fork();
    if (x_pid < 0) throw std::runtime_error("cannot fork");
    if (x_pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      ::setenv("IOC_TEST_FOLDER", folder.c_str(), 1);
      ::execl("/proc/self/exe", "test", test_case.c_str(), "--durations", "no", nullptr);
      ::_exit(127);
    }
  }
  ~Child() {
    if (x_pid <= 0) return;
    ::kill(x_pid, SIGKILL);
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void kill() const { ::kill(x_pid, SIGKILL); }
  // The exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(x_pid, &status, 0);
    x_pid = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t x_pid = -1;
};

// In the child.
inline std::string child_folder() {
  const char* folder = ::getenv("IOC_TEST_FOLDER");
  if (folder == nullptr) throw std::runtime_error("a child case runs only from its parent");
  return folder;
}

}  // namespace ioc::test
