// What a partition's runner needs of the world besides log and store: a strand, timers, a clock. Behind a seam so
// that a simulation can run the same runner in one thread on a seed.
#pragma once

#include <functional>

#include "libs/base/time.h"

namespace ioc::triage_service {

class Scheduler {
 public:
  virtual ~Scheduler() = default;
  // Runs later on this strand; never inside the call. From any thread.
  virtual void post(std::function<void()> work) = 0;
  // The same, not before `delay` has passed.
  virtual void after(Millis delay, std::function<void()> work) = 0;
  // Runs `work` where it may block, then `then` on this strand.
  virtual void blocking(std::function<void()> work, std::function<void()> then) = 0;
  [[nodiscard]] virtual WallTime now() const = 0;
};

}  // namespace ioc::triage_service
