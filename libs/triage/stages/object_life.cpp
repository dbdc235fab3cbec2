#include "libs/triage/stages/object_life.h"

#include <algorithm>

namespace ioc::triage {
namespace {

// Else its event time is the time at which it arrived, and says nothing of its order.
bool has_own_time(const Event& event) {
  return std::none_of(event.flags.begin(), event.flags.end(),
                      [](EventFlag flag) { return flag == EventFlag::TimeMissing || flag == EventFlag::TimeFuture; });
}

bool is_later(const Event& event, const KnownObject& known, bool own_time) {
  const bool sequences = event.revision != 0 && known.revision != 0;
  if (!own_time && sequences) return event.revision > known.revision;
  return event.occurred_at > known.newest_at;
}

// Sequences say nothing: time does. Of messages of one time, an `end` is the last.
bool is_newer_by_time(const Event& event, const KnownObject& known, bool own_time, bool ends) {
  if (!own_time || event.occurred_at > known.newest_at) return true;
  return event.occurred_at == known.newest_at && (ends || !known.ended);
}

// The clock of a camera that goes on may have been set back; not by so much that it would have been silent meanwhile.
bool is_long_before(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known) {
  const Millis silence = silent_for(context, alert);
  return silence.count() != 0 && known.newest_at - event.occurred_at >= silence;
}

bool is_newer(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known, bool own_time) {
  const bool ends = alert.state == AlertState::End;
  const bool older = own_time && event.occurred_at < known.newest_at;
  if (older && ((!ends && known.over(context.now)) || is_long_before(context, event, alert, known))) return false;
  const std::uint64_t a = event.revision, b = known.revision;
  if (a == 0 || b == 0 || far_above(a, b) || far_above(b, a)) return is_newer_by_time(event, known, own_time, ends);
  if (a >= b) return a > b;
  return own_time && event.occurred_at > known.newest_at;
}

// Heard of in time, the alert would not have been silent.
bool bridges_silence(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known) {
  return event.occurred_at - known.newest_at < silent_for(context, alert);
}

bool is_of_now(const Context& context, const Event& event, const CameraAlert& alert) {
  return context.now - LogTime::from_ms(event.occurred_at.ms()) < silent_for(context, alert);
}

// Why a later message is of another object than the one that is known; empty: it is not.
std::string_view why_anew(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known, bool closed) {
  const bool ends = alert.state == AlertState::End;
  const bool starts = alert.state == AlertState::Start || alert.state == AlertState::Unspecified;
  // An `end` is sent again and again, and begins nothing; unless it says itself that its object began since.
  const bool began_since = alert.started_at > known.newest_at && alert.started_at < event.occurred_at;
  if (ends && !began_since) return {};
  if (known.ended) return "ended";
  if (known.over(context.now) && !bridges_silence(context, event, alert, known)) return "silent";
  return starts && closed ? "closed" : std::string_view();
}

// Without a time of its own (missing, or a camera's clock is ahead), a `start` that arrives so long after the object is no late
// message of it: a line that was cut delivers in order.
bool starts_long_after(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known) {
  const bool starts = alert.state == AlertState::Start || alert.state == AlertState::Unspecified;
  const Millis silence = silent_for(context, alert);
  return starts && event.occurred_at - known.newest_at >= (silence.count() == 0 ? Kind{}.silent_for : silence);
}

}  // namespace

Millis silent_for(const Context& context, const CameraAlert& alert) {
  const Kind* kind = context.bundle->kind(alert.kind);
  return kind ? kind->silent_for : Kind{}.silent_for;
}

const CameraAlert* alert_with_lives(const Context& context, const Event& event) {
  if (context.behaviour < since::kFollowsLives) return nullptr;
  const auto* alert = std::get_if<CameraAlert>(&event.body);
  return alert && !alert->unique_id ? alert : nullptr;
}

Placed place_in_life(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known, bool closed) {
  const bool own_time = has_own_time(event);
  const bool over = known.over(context.now);
  Placed placed;
  placed.later = is_later(event, known, own_time);
  placed.because = why_anew(context, event, alert, known, closed);
  const bool follows = placed.later || (!own_time && starts_long_after(context, event, alert, known));
  if (follows && !placed.because.empty()) {
    placed.standing = Standing::Anew;
    return placed;
  }
  const bool had_former = known.began_at.ms() != 0;
  if (had_former && own_time && event.occurred_at < known.began_at) placed.standing = Standing::OfFormer;
  else if (!is_newer(context, event, alert, known, own_time)) placed.standing = Standing::Older;
  // An old message of a silent alert does not say that the alert goes on now.
  if (over && !known.ended) placed.reopens = is_of_now(context, event, alert);
  return placed;
}

Reason reason_to_take(const Event& event, const KnownObject& known) {
  if (event.revision == 0 || known.revision == 0) return "same_object";
  if (far_above(event.revision, known.revision)) return "sequence_jumped";
  if (event.revision < known.revision) return "sequence_went_back";
  return "same_object";
}

KnownObject after(const Event& event, const CameraAlert& alert, const Life& life, LogTime now, Millis silent_for) {
  KnownObject made;
  if (life.known) {
    made.revision = life.known->revision;
    made.newest_at = life.known->newest_at;
    made.silent_at = life.known->silent_at;
    made.began_at = life.known->began_at;
    made.former = life.known->former;
  } else if (life.former) {
    const bool says_when = alert.started_at > life.former->newest_at && alert.started_at < event.occurred_at;
    made.began_at = says_when ? alert.started_at : event.occurred_at;
    made.former = life.former->incident;
  }
  // An absurd sequence is not kept: it would be the measure of all that follow.
  const bool jumped = !alert.unique_id && made.revision != 0 && far_above(event.revision, made.revision);
  if (alert.unique_id) made.revision = std::max(made.revision, event.revision);
  else if (event.revision != 0 && !jumped) made.revision = event.revision;
  made.newest_at = life.known ? std::max(made.newest_at, event.occurred_at) : event.occurred_at;
  made.ended = alert.state == AlertState::End;
  if (made.ended) made.silent_at = LogTime();
  else if (life.reopens) made.silent_at = silent_for.count() == 0 ? LogTime() : now + silent_for;
  return made;
}

void hear(KnownObject& known, const Event& event, LogTime now, Millis silent_for) {
  known.newest_at = std::max(known.newest_at, event.occurred_at);
  if (silent_for.count() != 0) known.silent_at = now + silent_for;
}

}  // namespace ioc::triage
