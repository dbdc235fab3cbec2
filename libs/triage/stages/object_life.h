// Which messages of one id tell of one object. Cameras count their alerts anew after a reboot, so that an id comes back; they
// repeat, delay and lose messages; and a sequence may jump. README "Lives of an id" has the rules and their reasons.
#pragma once

#include <string_view>

#include "libs/triage/context.h"

namespace ioc::triage {

// A sequence that is over a thousand times another one, and over a million, is no successor of it.
constexpr bool far_above(std::uint64_t sequence, std::uint64_t other) { return sequence >> 10 > other + 1024; }

// The alert, where its id may come back for another object; nullptr: the message's object has one life.
const CameraAlert* alert_with_lives(const Context& context, const Event& event);

enum class Standing {
  Newer,     // than all that is known of the object
  Older,     // changes nothing
  OfFormer,  // of the object that had the id before: changes nothing
  Anew       // the first message of another object that has the id now
};
struct Placed {
  Standing standing = Standing::Newer;
  bool later = false;        // than the object's newest message
  bool reopens = true;       // Newer: of an alert that is over, it says that it goes on
  std::string_view because;  // Anew: what became of the object before: ended, silent, closed
};

// `closed`: the object's incident is not open any more.
Placed place_in_life(const Context& context, const Event& event, const CameraAlert& alert, const KnownObject& known, bool closed);
// Why a newer message is taken: as a rule because it is of the same object.
Reason reason_to_take(const Event& event, const KnownObject& known);

struct Life {
  const KnownObject* known = nullptr;   // the object before the message; nullptr: the message is its first
  const KnownObject* former = nullptr;  // what had the id before
  bool reopens = true;                  // as Placed says
};
// The object after the message. `silent_for`: of its kind. Incident, hand-overs and partition are the caller's.
KnownObject after(const Event& event, const CameraAlert& alert, const Life& life, LogTime now, Millis silent_for);
Millis silent_for(const Context& context, const CameraAlert& alert);

// A sequence that stands still while time passes: the message changes nothing, but the object is heard.
void hear(KnownObject& known, const Event& event, LogTime now, Millis silent_for);

}  // namespace ioc::triage
