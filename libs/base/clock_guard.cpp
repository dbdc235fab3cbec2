#include "libs/base/clock_guard.h"

#include <algorithm>

namespace ioc {

std::int64_t ClockGuard::follow(std::int64_t machine_ms) {
  x_status.held_ms = 0;
  x_status.impossible = false;
  x_now_ms = machine_ms;
  return x_now_ms;
}

std::int64_t ClockGuard::hold(std::int64_t counted_ms, std::int64_t ahead_ms, std::int64_t steady_ms) {
  if (x_status.held_ms == 0) {
    x_held_since_ms = steady_ms;
    x_status.last_step_ms = ahead_ms;
    ++x_status.held;
  }
  x_status.held_ms = ahead_ms;
  x_status.impossible = ahead_ms > kImpossible.count();
  x_now_ms = counted_ms;
  return x_now_ms;
}

std::int64_t ClockGuard::now(std::int64_t machine_ms, std::int64_t steady_ms) {
  const std::int64_t counted_ms = x_now_ms + (steady_ms - x_steady_ms);
  x_steady_ms = steady_ms;
  if (!x_begun) {
    x_begun = true;
    const bool impossible = x_known_ms != 0 && machine_ms - x_known_ms > kImpossible.count();
    return impossible ? hold(x_known_ms, machine_ms - x_known_ms, steady_ms) : follow(machine_ms);
  }

  const std::int64_t ahead_ms = machine_ms - counted_ms;
  const bool was_held = x_status.held_ms != 0;
  if (ahead_ms < -kStep.count()) {
    ++x_status.set_back;
    x_status.last_step_ms = -ahead_ms;
    return follow(machine_ms);
  }
  if (ahead_ms <= kStep.count()) {
    if (was_held) ++x_status.taken_back;
    // Never back: what is asked for twice in a row must not be earlier the second time.
    return follow(std::max(machine_ms, x_now_ms));
  }
  const bool possible = ahead_ms <= kImpossible.count();
  const bool lasted = was_held && steady_ms - x_held_since_ms >= kBelieved.count();
  if (!possible || !lasted) return hold(counted_ms, ahead_ms, steady_ms);
  ++x_status.followed;
  x_status.last_step_ms = ahead_ms;
  return follow(machine_ms);
}

void ClockGuard::known_past(std::int64_t at_ms, std::int64_t steady_ms) {
  if (at_ms <= x_known_ms) return;
  x_known_ms = at_ms;
  if (!x_begun || x_now_ms - at_ms <= kImpossible.count()) return;
  // The clock was believed before anything was known; it is held from here on.
  const std::int64_t machine_ms = x_now_ms + (steady_ms - x_steady_ms);
  x_steady_ms = steady_ms;
  hold(at_ms, machine_ms - at_ms, steady_ms);
}

namespace {

// One clock for all that a process does: two parts must not disagree on what time it is.
struct ProcessClock {
  std::mutex mutex;
  ClockGuard guard;
};

ProcessClock& process_clock() {
  static ProcessClock clock;
  return clock;
}

template <class Clock>
std::int64_t ms_of() {
  return std::chrono::duration_cast<Millis>(Clock::now().time_since_epoch()).count();
}

}  // namespace

WallTime wall_now() {
  ProcessClock& clock = process_clock();
  const std::lock_guard lock(clock.mutex);
  return WallTime::from_ms(clock.guard.now(ms_of<std::chrono::system_clock>(), ms_of<std::chrono::steady_clock>()));
}

ClockGuard::Status clock_status() {
  ProcessClock& clock = process_clock();
  const std::lock_guard lock(clock.mutex);
  return clock.guard.status();
}

void clock_known_past(std::int64_t at_ms) {
  ProcessClock& clock = process_clock();
  const std::lock_guard lock(clock.mutex);
  clock.guard.known_past(at_ms, ms_of<std::chrono::steady_clock>());
}

std::string clock_notice() {
  const WallTime now = wall_now();
  const ClockGuard::Status status = clock_status();
  if (status.held_ms == 0) return {};
  const std::string held = "the machine's clock is " + std::to_string(status.held_ms / 1000) + " s ahead; the time that counts is " + format_time(now);
  if (status.impossible) return held + " until the clock is set right (clock_ahead)";
  return held + "; a step that lasts " + std::to_string(ClockGuard::kBelieved.count() / 1000) + " s is followed (clock_ahead)";
}

}  // namespace ioc
