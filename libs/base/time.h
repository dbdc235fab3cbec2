// Times as the system uses them. Event time (when it happened) and log time (when the log took it) are
// different types so that they cannot be compared by accident (DESIGN D4). Resolution: milliseconds, UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ioc {

using Millis = std::chrono::milliseconds;

template <class Tag>
class TimePoint {
 public:
  constexpr TimePoint() = default;
  constexpr explicit TimePoint(Millis since_epoch) : x_since_epoch(since_epoch) {}
  static constexpr TimePoint from_ms(std::int64_t ms) { return TimePoint(Millis(ms)); }

  [[nodiscard]] constexpr std::int64_t ms() const noexcept { return x_since_epoch.count(); }

  friend constexpr bool operator==(TimePoint, TimePoint) = default;
  friend constexpr auto operator<=>(TimePoint, TimePoint) = default;
  friend constexpr TimePoint operator+(TimePoint at, Millis by) { return TimePoint(at.x_since_epoch + by); }
  friend constexpr TimePoint operator-(TimePoint at, Millis by) { return TimePoint(at.x_since_epoch - by); }
  friend constexpr Millis operator-(TimePoint a, TimePoint b) { return a.x_since_epoch - b.x_since_epoch; }

 private:
  Millis x_since_epoch{0};
};

using EventTime = TimePoint<struct EventTimeTag>;  // when it happened
using LogTime = TimePoint<struct LogTimeTag>;      // append time; goes back only with a clock that was set back
using WallTime = TimePoint<struct WallTimeTag>;    // a process's clock; decides nothing in triage

// The process's clock, which steps of the machine's clock do not move at once (clock_guard.h). Only services call it.
WallTime wall_now();

// Vietnam has had +07:00 without daylight saving since 1975.
inline constexpr Millis kVietnamOffset = std::chrono::hours(7);

struct ParsedTime {
  std::int64_t ms = 0;
  bool had_zone = true;  // false: no offset in the text, read as +07:00
};

// RFC 3339, and what databases and people write for it: a space for `T`, no offset, an offset of hours alone (`+07`, as
// PostgreSQL prints it) or behind a blank, ` UTC`, 0–9 digits of fraction, no seconds; `2021/10/18 07:40`; `18/10/2021 07:40`,
// `18-10-2021 07:40` and `18.10.2021 07:40`, day first; `07:40 18/10/2021`, `7h40 ngày 18/10/2021`. nullopt: not a time, one
// that could be two (a year of two digits, AM and PM), or a year outside 1970–2199.
std::optional<ParsedTime> parse_time(std::string_view text);
// A day alone, too: `2021-10-18`, `18/10/2021`. It is its beginning in Vietnam.
std::optional<ParsedTime> parse_time_or_day(std::string_view text);

// "2021-10-18T07:40:00.000+07:00"
std::string format_time(std::int64_t ms_since_epoch);
template <class Tag>
std::string format_time(TimePoint<Tag> at) { return format_time(at.ms()); }

// "20211018-074000" in Vietnam's time: the readable prefix of ids.
std::string format_compact(std::int64_t ms_since_epoch);

}  // namespace ioc
