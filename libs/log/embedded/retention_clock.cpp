#include "libs/log/embedded/retention_clock.h"

#include <algorithm>

namespace ioc::log::embedded {

std::int64_t RetentionClock::advance(std::int64_t wall_ms, std::int64_t passed_ms) {
  // A clock set back is followed at once: deleting less is safe.
  x_now_ms = std::min(wall_ms, x_now_ms + kCatchUp * std::max<std::int64_t>(passed_ms, 0));
  return x_now_ms;
}

}  // namespace ioc::log::embedded
