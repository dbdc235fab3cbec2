// Until when the next bytes of a transfer have to come: it may pause for a while, not be slow on the average, and not last for ever.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "libs/base/time.h"

namespace ioc::http {

class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  // `pause_max`: the longest wait for a byte, also granted at the beginning. `lasts_max`: in all.
  Pace(Millis pause_max, std::uint64_t bytes_per_second_min, std::optional<Millis> lasts_max, Clock::time_point begun)
      : x_pause_max(pause_max), x_bytes_per_second_min(bytes_per_second_min), x_lasts_max(lasts_max), x_begun(begun) {}

  // After `bytes` have come.
  [[nodiscard]] Clock::time_point next(std::uint64_t bytes, Clock::time_point now) const {
    const std::chrono::milliseconds earned(bytes * 1000 / x_bytes_per_second_min);
    auto until = std::min(now + x_pause_max, x_begun + x_pause_max + earned);
    if (x_lasts_max) until = std::min(until, x_begun + *x_lasts_max);
    return until;
  }

 private:
  Millis x_pause_max;
  std::uint64_t x_bytes_per_second_min;
  std::optional<Millis> x_lasts_max;
  Clock::time_point x_begun;
};

}  // namespace ioc::http
