#include "tests/simulation/timeline.h"

#include <algorithm>
#include <iterator>

namespace ioc::simulation {

void Timeline::at(Moment when, const ProcessPtr& process, std::function<void()> work) {
  if (process && !process->alive) return;
  x_queue.emplace(std::pair(std::max(when, x_now), x_order++), Item{process, std::move(work)});
}

void Timeline::run(Queue::iterator at) {
  x_now = std::max(x_now, at->first.first);
  Item item = std::move(at->second);
  x_queue.erase(at);
  if (item.process && item.process->paused) {
    item.process->waiting.push_back(std::move(item.work));
    return;
  }
  Process* crashed = nullptr;
  try {
    item.work();
  } catch (const Crash& crash) {
    crashed = crash.process;
  }
  if (crashed == nullptr) return;
  item.work = nullptr;  // what it holds must not outlive its process
  crashed->alive = false;
  on_crash(*crashed);
}

bool Timeline::step() {
  if (x_queue.empty()) return false;
  run(x_queue.begin());
  return true;
}

void Timeline::forget(const Process& process) {
  std::erase_if(x_queue, [&](const auto& one) { return one.second.process.get() == &process; });
}

void Timeline::resume(const ProcessPtr& process) {
  process->paused = false;
  auto waiting = std::exchange(process->waiting, {});
  for (auto& work : waiting) in(Moment(1), process, std::move(work));
}

void Timeline::kill(Process& process) {
  if (!process.alive) return;
  if (process.blocked > 0) {
    process.doomed = true;
    process.paused = false;
    return;
  }
  process.alive = false;
  on_crash(process);
}

void Timeline::block(Process& process, Moment until) {
  ++process.blocked;
  while (true) {
    const auto next = std::find_if(x_queue.begin(), x_queue.end(), [](const auto& one) {
      return !one.second.process || one.second.process->blocked == 0;
    });
    if (next == x_queue.end() || (next->first.first > until && !process.paused)) break;
    run(next);
  }
  --process.blocked;
  x_now = std::max(x_now, until);
  if (process.doomed) throw Crash{&process};
}

void Timeline::boundary(Process& process, const char* what) {
  if (process.alive && process.may_crash && ++x_boundaries == point) on_point(process, what);
}

void Timeline::freeze(Process& process, Moment span) {
  process.paused = true;
  in(span, nullptr, [frozen = process.shared_from_this()] { frozen->paused = false; });
  block(process, x_now);
}

void ModelScheduler::post(std::function<void()> work) {
  x_last_post = std::max(x_timeline.now() + Moment(x_timeline.random.between(1, 30)), x_last_post + Moment(1));
  x_timeline.at(x_last_post, x_process, std::move(work));
}

void ModelScheduler::after(Millis delay, std::function<void()> work) {
  x_timeline.in(delay + Moment(x_timeline.random.between(1, 200)), x_process, std::move(work));
}

void ModelScheduler::blocking(std::function<void()> work, std::function<void()> then) {
  x_timeline.in(Moment(x_timeline.random.between(1, 300)), x_process,
                [this, work = std::move(work), then = std::move(then)] {
                  work();
                  post(then);
                });
}

}  // namespace ioc::simulation
