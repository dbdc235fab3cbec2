// The time that a process goes by: the machine's clock, guarded against steps that are mistakes. A step ahead is followed
// only after it has lasted, because what was done a day ahead (deadlines that fire, memory that expires) cannot be undone;
// until then time goes on as a steady clock counts it. A step back is followed at once.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "libs/base/time.h"

namespace ioc {

class ClockGuard {
 public:
  // Smaller steps are the clock's own corrections, and followed at once.
  static constexpr Millis kStep{60'000};
  // A step ahead that lasts so long is followed: shorter than the minute in which a clock that was set right must count.
  static constexpr Millis kBelieved{30'000};
  // No machine is switched off for longer: such a step is never followed. Some clocks begin in 2099 when a battery is empty.
  static constexpr Millis kImpossible = std::chrono::hours(24 * 400);

  // `machine_ms`: the machine's clock; `steady_ms`: a clock that nobody sets. Calls come with `steady_ms` ascending.
  std::int64_t now(std::int64_t machine_ms, std::int64_t steady_ms);
  // Something is known to have happened then, such as the newest record of a log. Only a clock that is impossibly far
  // ahead of it is held, since the machine may have been off. Of several calls the latest time counts.
  void known_past(std::int64_t at_ms, std::int64_t steady_ms);

  struct Status {
    std::int64_t held_ms = 0;      // the machine's clock is so far ahead of the time that counts; 0: they agree
    bool impossible = false;       // held until the clock is set
    std::uint64_t held = 0;        // steps ahead that were held
    std::uint64_t taken_back = 0;  // of those, the ones that ended by themselves
    std::uint64_t followed = 0;    // of those, the ones that lasted
    std::uint64_t set_back = 0;    // steps back
    std::int64_t last_step_ms = 0;  // of the newest that was held, followed or set back
  };
  [[nodiscard]] const Status& status() const { return x_status; }

 private:
  std::int64_t follow(std::int64_t machine_ms);
  std::int64_t hold(std::int64_t counted_ms, std::int64_t ahead_ms, std::int64_t steady_ms);

  bool x_begun = false;
  std::int64_t x_now_ms = 0, x_steady_ms = 0;
  std::int64_t x_held_since_ms = 0;  // steady
  std::int64_t x_known_ms = 0;
  Status x_status;
};

// The state of this process's clock, which wall_now() reads.
ClockGuard::Status clock_status();
// A line for people when the machine's clock is not followed, with the RUNBOOK's entry; empty: it is followed.
std::string clock_notice();
// The newest record of a log: ClockGuard::known_past.
void clock_known_past(std::int64_t at_ms);

}  // namespace ioc
