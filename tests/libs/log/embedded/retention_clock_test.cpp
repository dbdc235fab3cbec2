#include "libs/log/embedded/retention_clock.h"

#include <catch2/catch.hpp>

using ioc::log::embedded::RetentionClock;

namespace {
constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kNow = 1'634'515'200'000;
}  // namespace

TEST_CASE("retention clock: it follows the machine's clock while that goes as time passes") {
  RetentionClock clock(kNow);
  for (int hour = 1; hour <= 100; ++hour) CHECK(clock.advance(kNow + hour * kHour, kHour) == kNow + hour * kHour);
}

TEST_CASE("retention clock: a jump ahead of a year deletes no more than a day's worth in an hour") {
  RetentionClock clock(kNow);
  CHECK(clock.advance(kNow + 365 * kDay, 0) == kNow);
  CHECK(clock.advance(kNow + 365 * kDay + kHour, kHour) == kNow + kDay);
  SECTION("the clock is set right: nothing happened") { CHECK(clock.advance(kNow + 2 * kHour, kHour) == kNow + 2 * kHour); }
  SECTION("it was right: it is caught up with") {
    std::int64_t hours = 1;
    while (clock.now_ms() < kNow + 365 * kDay + hours * kHour) ++hours, clock.advance(kNow + 365 * kDay + hours * kHour, kHour);
    CHECK(hours < 17 * 24);
  }
}

TEST_CASE("retention clock: a clock that is set back is followed at once") {
  RetentionClock clock(kNow);
  CHECK(clock.advance(kNow - kDay, kHour) == kNow - kDay);
}
