#include "libs/triage/stages/clock_back.h"

#include <algorithm>
#include <vector>

#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

// Moves what lies after the time that the clock was set to.
class Shift {
 public:
  Shift(LogTime from, LogTime to) : x_to(to), x_by(from - to) {}

  [[nodiscard]] bool is_ahead(LogTime at) const { return at > x_to; }
  // 0 is no time, and lies before.
  void operator()(LogTime& at) const {
    if (is_ahead(at)) at = std::max(x_to, at - x_by);
  }
  void operator()(std::int64_t& at_ms) const {
    if (at_ms == Silences::kNeverMs) return;
    LogTime at = LogTime::from_ms(at_ms);
    (*this)(at);
    at_ms = at.ms();
  }

 private:
  LogTime x_to;
  Millis x_by;
};

// A clock that was started before the wrong time has the right deadline. True: another one is shown than before.
bool shift_shown(Incident& shown, const Shift& shift) {
  bool moved = false;
  for (Clock& clock : shown.clocks) {
    if (!shift.is_ahead(clock.started_at)) continue;
    for (LogTime* at : {&clock.started_at, &clock.warn_at, &clock.due_at}) shift(*at);
    moved = true;
  }
  return moved;
}

void shift_beside(Beside& beside, const Shift& shift) {
  for (LogTime* at : {&beside.snapshot_at, &beside.counts_due, &beside.close_at, &beside.forget_at}) shift(*at);
  for (Silence& silence : beside.silences.listed) shift(silence.at_ms);
  shift(beside.silences.unlisted_ms);
}

}  // namespace

void set_clock_back(Context& context, LogTime to) {
  const Shift shift(context.now, to);
  context.now = to;
  context.out.set_now(to);
  std::vector<OpenIncident*> all;
  context.book.for_each([&all](OpenIncident& incident) { all.push_back(&incident); });
  // Effects come in the same order wherever the log is stepped.
  std::sort(all.begin(), all.end(), [](const OpenIncident* a, const OpenIncident* b) { return a->beside.opened_number < b->beside.opened_number; });
  for (OpenIncident* incident : all) {
    shift_beside(incident->beside, shift);
    if (shift_shown(incident->shown, shift)) context.touch(*incident, Change::Shown);
    context.book.mark_unwritten(*incident);
    context.book.set_timer(*incident, next_timer_ms(*incident));
  }
  context.checkpoints.set_back(to, context.silent_after());
  context.archive_hint_ms.reset();
  context.finish();
}

}  // namespace ioc::triage
