// Virtual time of a whole deployment in one thread: what processes and broker do next, in order. A process can be
// paused (its events wait), killed (they are gone) and made to crash at any boundary between itself and the world.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/time.h"
#include "services/triage/scheduler.h"
#include "tests/simulation/random.h"

namespace ioc::simulation {

using Moment = std::chrono::microseconds;  // since the run began

// One life of an operating system process.
struct Process : std::enable_shared_from_this<Process> {
  explicit Process(std::string name_) : name(std::move(name_)) {}
  std::string name;
  bool alive = true;
  bool paused = false;
  bool doomed = false;     // dies when its blocking call returns
  int blocked = 0;         // in a call that waits: none of its other events run
  bool may_crash = true;   // its boundaries count
  Millis clock_ahead{0};   // of the true time
  std::vector<std::function<void()>> waiting;  // while paused
};
using ProcessPtr = std::shared_ptr<Process>;

// Thrown at a boundary and caught by the timeline: nothing of the process runs after it.
struct Crash {
  Process* process;
};

class Timeline {
 public:
  Timeline(Random random_, WallTime start) : random(random_), x_start(start) {}

  Random random;
  std::function<void(Process&)> on_crash;  // the process is not alive any more; frees what it had
  Millis broker_clock_ahead{0};

  [[nodiscard]] Moment now() const { return x_now; }
  [[nodiscard]] WallTime true_time() const { return x_start + std::chrono::duration_cast<Millis>(x_now); }
  // `process` of nullptr: the broker, the network, the weather.
  void at(Moment when, const ProcessPtr& process, std::function<void()> work);
  void in(Moment delay, const ProcessPtr& process, std::function<void()> work) { at(x_now + delay, process, std::move(work)); }
  // Runs what is next; false when nothing is left.
  bool step();
  void forget(const Process& process);
  void resume(const ProcessPtr& process);
  // The process dies as soon as none of its calls is on the stack.
  void kill(Process& process);
  // A call of `process` blocks until then, at least: all others go on.
  void block(Process& process, Moment until);

  // A crossing between a process and the world; each is a point where it may crash.
  void boundary(Process& process, const char* what);
  [[nodiscard]] std::uint64_t boundaries() const { return x_boundaries; }
  // At the boundary of that number, from 1 (0 = at none), this is called: it may throw Crash or freeze the process.
  std::uint64_t point = 0;
  std::function<void(Process&, const char* what)> on_point;
  // Stops the process in the middle of what it does, as SIGSTOP would; it goes on after `span` unless it was killed.
  void freeze(Process& process, Moment span);

 private:
  struct Item {
    ProcessPtr process;
    std::function<void()> work;
  };
  using Queue = std::map<std::pair<Moment, std::uint64_t>, Item>;
  void run(Queue::iterator at);

  WallTime x_start;
  Moment x_now{0};
  std::uint64_t x_order = 0;
  std::uint64_t x_boundaries = 0;
  Queue x_queue;
};

// What one partition of a process runs on.
class ModelScheduler final : public triage_service::Scheduler {
 public:
  ModelScheduler(Timeline& timeline, ProcessPtr process) : x_timeline(timeline), x_process(std::move(process)) {}
  void post(std::function<void()> work) override;
  void after(Millis delay, std::function<void()> work) override;
  void blocking(std::function<void()> work, std::function<void()> then) override;
  [[nodiscard]] WallTime now() const override { return x_timeline.true_time() + x_process->clock_ahead; }

 private:
  Timeline& x_timeline;
  ProcessPtr x_process;
  Moment x_last_post{0};
};

}  // namespace ioc::simulation
