// A camera or sensor that repeats itself raises one incident with a count (DOMAIN "Alarm load"). Judged in event time, so
// that late batches give the same incidents (DESIGN D4).
#include <algorithm>
#include <cstdlib>

#include "libs/triage/merged.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

// Keeps the three newest event times in order; true: they lie within `within`.
bool note_time(RepeatKey& repeat, std::int64_t at_ms, std::uint64_t events, Millis within) {
  auto& newest = repeat.newest_ms;
  if (at_ms > newest.back()) {
    newest.back() = at_ms;
    std::sort(newest.begin(), newest.end(), std::greater<>());
  }
  const std::int64_t last = newest[std::min<std::uint64_t>(events, newest.size()) - 1];
  return last != 0 && newest.front() - last <= within.count();
}

// An id that came back soon after its object's last message: a camera that was cut off is there again. The key's newest times
// are those of first messages, which may be long ago.
bool goes_on(const Work& work, const OpenIncident& owner) {
  if (!work.former || work.former->incident != owner.shown.id) return false;
  return work.event.occurred_at - work.former->newest_at <= work.cls.repeat_window;
}

}  // namespace

Next suppress(Context& context, Work& work) {
  const Class& cls = work.cls;
  if (cls.repeat_key.empty() || work.target) return Next::Stage;
  OpenIncident* owner = context.book.repeating(cls.repeat_key);
  if (is_late(context, work)) {
    const std::uint64_t key = IncidentBook::past_repeat(cls.repeat_key);
    const auto past = context.book.in_past(key, work.event.occurred_at, cls.repeat_window, context.bundle->limits.correlate.scan_max);
    if (!past.empty()) owner = past.back();
  }
  OpenIncident* incident = owner ? &top_of(context, *owner) : nullptr;
  if (!incident || incident->beside.closed_by_record) return Next::Stage;
  RepeatKey* repeat = IncidentBook::repeat_of(*owner, cls.repeat_key);
  const std::int64_t at_ms = work.event.occurred_at.ms();
  if (!repeat) return Next::Stage;
  const bool in_window = std::abs(at_ms - repeat->newest_ms.front()) <= cls.repeat_window.count();
  if (!in_window && !goes_on(work, *owner)) return Next::Stage;
  work.target = incident;
  work.outcome = DecisionKind::Suppressed;
  work.reason = Reason("same_sensor_and_kind");
  const SuppressLimits& limits = context.bundle->limits.suppress;
  const bool chatters = note_time(*repeat, at_ms, limits.chattering_events, limits.chattering_within);
  context.book.mark_unwritten(*owner);
  if (chatters && !incident->shown.chattering) {
    incident->shown.chattering = true;
    context.touch(*incident, Change::Version);
    Decision decision = about(work, DecisionKind::Chattering);
    decision.details = {{"within_ms", std::to_string(limits.chattering_within.count())}};
    context.out.decide("many_in_short_time", std::move(decision));
  }
  return Next::Stage;
}

}  // namespace ioc::triage
