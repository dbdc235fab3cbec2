// Processes of their own for what is measured. librdkafka's threads do not survive a fork: fork before the first client
// is made, and make none in the parent.
#pragma once

#include <sys/types.h>

#include <functional>

#include "bench/copy_loop.h"

namespace ioc::bench {

// Runs `work` in a child and waits for it. Throws when it failed; what it printed on stdout stays.
void apart(const std::function<void()>& work);

// Runs `copier` in a child; its CPU time is then its own.
class CopierProcess {
 public:
  explicit CopierProcess(const std::function<CopyCost()>& copier);
  // Waits for its end. Throws when it failed.
  CopyCost wait();

 private:
  int x_pipe[2]{};
  pid_t x_pid = 0;
};

}  // namespace ioc::bench
