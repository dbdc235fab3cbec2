// The time by which retention deletes. It follows the machine's clock, but after a jump ahead only so fast, so that a
// clock set a year ahead does not delete a year of records before somebody sees the alarm and sets it right.
#pragma once

#include <cstdint>

namespace ioc::log::embedded {

class RetentionClock {
 public:
  // How many times faster than time passes it may catch up: a jump of a year takes two weeks to take effect; a log that
  // was closed for a week is cleaned as usual seven hours after its start.
  static constexpr std::int64_t kCatchUp = 24;

  // Where it stood when the log was closed, or the newest record's time, or (a new log) the machine's clock.
  explicit RetentionClock(std::int64_t start_ms) : x_now_ms(start_ms) {}

  // `wall_ms`: the machine's clock; `passed_ms`: by a steady clock, since the last call.
  std::int64_t advance(std::int64_t wall_ms, std::int64_t passed_ms);
  [[nodiscard]] std::int64_t now_ms() const { return x_now_ms; }

 private:
  std::int64_t x_now_ms;
};

}  // namespace ioc::log::embedded
