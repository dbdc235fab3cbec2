// A partition's place on its scheduler: what was posted and has not run when end() is called never runs, and whoever
// still holds a callback of it (a log's thread, a timer) may call it for ever without harm.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "services/triage/scheduler.h"

namespace ioc::triage_service {

class Strand {
 public:
  // The scheduler must live until end() has returned.
  explicit Strand(Scheduler& scheduler);
  ~Strand();
  Strand(const Strand&) = delete;
  Strand& operator=(const Strand&) = delete;

  void post(std::function<void()> work) const;
  void after(Millis delay, std::function<void()> work) const;
  // Runs `work` where it may block, then `then` here; busy() until then.
  void blocking(std::function<void()> work, std::function<void()> then);
  // A callback for other threads: runs `work` here.
  template <class T>
  [[nodiscard]] std::function<void(T)> callback(std::function<void(T)> work) const {
    return [core = x_core, work = std::move(work)](T value) {
      post_to(core, [work, value = std::move(value)] { work(value); });
    };
  }
  [[nodiscard]] bool busy() const { return x_busy > 0; }
  // Whenever blocking work has ended and none is under way.
  void when_idle(std::function<void()> idle) { x_idle = std::move(idle); }
  [[nodiscard]] WallTime now() const { return x_scheduler.now(); }
  void end();

 private:
  struct Core {
    std::mutex mutex;
    Scheduler* scheduler = nullptr;  // guarded; nullptr after the end
    std::atomic<bool> alive{true};
  };
  static void post_to(const std::shared_ptr<Core>& core, std::function<void()> work);

  Scheduler& x_scheduler;
  std::shared_ptr<Core> x_core;
  std::uint64_t x_busy = 0;
  std::function<void()> x_idle;
};

// Runs `work` after what the scheduler runs right now, and returns behind it. Not from the scheduler's own thread.
void run_and_wait(Scheduler& scheduler, const std::function<void()>& work);

// How long to wait before the next attempt: doubles up to a limit, starts anew after a success.
class Backoff {
 public:
  Backoff(Millis first, Millis longest) : x_first(first), x_longest(longest), x_next(first) {}
  [[nodiscard]] Millis next() { return std::exchange(x_next, std::min(x_next * 2, x_longest)); }
  void reset() { x_next = x_first; }

 private:
  Millis x_first, x_longest, x_next;
};

}  // namespace ioc::triage_service
