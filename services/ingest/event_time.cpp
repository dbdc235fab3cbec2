#include "services/ingest/event_time.h"

#include <algorithm>
#include <string>
#include <vector>

namespace ioc::ingest {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;

// All that the source said of when it happened, the best first.
std::vector<GivenTime> times_of(const Parsed& parsed) {
  std::vector<GivenTime> out;
  if (parsed.own_time_ms) out.push_back({parsed.own_time_field, *parsed.own_time_ms});
  out.insert(out.end(), parsed.other_times.begin(), parsed.other_times.end());
  return out;
}

// Which times are believed: history of any age that can be stored, else what is at most late_days ago.
class Belief {
 public:
  Belief(bool keeps_past, const Times& times, WallTime now)
      : x_latest(now.ms() + times.future_tolerance.count()),
        x_earliest(keeps_past ? 0 : std::max<std::int64_t>(now.ms() - static_cast<std::int64_t>(times.late_days) * kDayMs, 0)) {}

  [[nodiscard]] std::optional<ValueReason> against(std::int64_t ms) const {
    if (ms > x_latest) return ValueReason::InFuture;
    if (ms < x_earliest) return ValueReason::TooOld;
    return std::nullopt;
  }

 private:
  std::int64_t x_latest, x_earliest;
};

// The field with a time that cannot be read, or lies before all times that can be kept; empty: none.
std::string unusable_field(const Parsed& parsed, const std::vector<GivenTime>& given) {
  if (given.empty()) return parsed.unreadable_time;
  return given.front().ms < 0 ? given.front().field : "";
}

Refusal too_old(const GivenTime& time, const Times& times, WallTime now) {
  return {RefusalKind::Invalid, "too_old", time.field, std::to_string(times.late_days) + " days",
          std::to_string((now.ms() - time.ms) / kDayMs) + " days",
          "history is taken from a token that is named in replay_tokens, with its own times; from this one it would be dated today"};
}

Refusal unusable(const std::string& field) {
  return {RefusalKind::Invalid, "unusable_time", field, "1970 to 2199, such as 2021-10-18T07:40:00+07:00", "",
          "history is told in its own times, and this one cannot be read or kept"};
}

// An alert begins no later than it is told.
void set_started(Event& event, const Belief& belief) {
  auto* const alert = std::get_if<CameraAlert>(&event.body);
  if (alert == nullptr) return;
  const bool given = alert->started_at.ms() != 0;
  const bool too_old = given && belief.against(alert->started_at.ms()) == ValueReason::TooOld;
  if (too_old) add_value_flag(event, "started_at", ValueReason::TooOld);
  if (!given || too_old || alert->started_at > event.occurred_at) alert->started_at = event.occurred_at;
}

}  // namespace

std::optional<Refusal> set_times(Parsed& parsed, bool keeps_past, const Times& times, WallTime now) {
  Event& event = parsed.event;
  const Belief belief(keeps_past, times, now);
  const auto given = times_of(parsed);
  std::optional<std::int64_t> at;
  for (const GivenTime& time : given) {
    const auto why_not = belief.against(time.ms);
    if (!why_not) {
      at = time.ms;
      break;
    }
    if (*why_not == ValueReason::TooOld && parsed.history && !keeps_past) return too_old(time, times, now);
    add_value_flag(event, time.field, *why_not);
    if (*why_not == ValueReason::InFuture) add_flag(event, EventFlag::TimeFuture);
  }
  const bool is_history = keeps_past || parsed.history;
  const std::string field = at ? "" : unusable_field(parsed, given);
  if (is_history && !field.empty()) return unusable(field);

  if (given.empty() && parsed.unreadable_time.empty()) add_flag(event, EventFlag::TimeMissing);
  event.received_at = now;
  event.occurred_at = EventTime::from_ms(at.value_or(now.ms()));
  if (now.ms() - event.occurred_at.ms() > kDayMs) add_flag(event, EventFlag::TimeOld);
  const bool corrected = at != parsed.own_time_ms || !at;
  if (parsed.revision_is_time && corrected) event.revision = static_cast<std::uint64_t>(event.occurred_at.ms());
  set_started(event, belief);
  return std::nullopt;
}

}  // namespace ioc::ingest
