// How an event stands to one open incident: its situation, the evidence, and the score that the model gives for them.
#pragma once

#include <optional>
#include <vector>

#include "libs/triage/parts/situations.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {

// The event's side of every comparison.
struct Probe {
  Probe(Context& context, Work& work);

  Context& context;
  const Work& work;
  std::uint64_t type = 0, address = 0, town = 0;
  bool place_counts = false;      // its position is its own: no default coordinate, no unit's centre
  std::uint32_t radius_m = 0;
  bool from_citizen = false;
  bool words_tell = false;        // a citizen's own words, more than the category's name
  text::Signature signature;
  Marks marks;                    // these four by read_event()
};

struct Assessed {
  OpenIncident* incident = nullptr;
  OpenIncident* top = nullptr;    // what the event would join: where the incident was merged into
  Situation situation = Situation::None;
  std::int64_t age_ms = 0;        // event time to the nearest end of what the incident has seen
  bool witness = false;           // a record closed it: it only speaks against those that it was taken apart from
  bool apart = false;             // what is at least as like the event was taken out of it, or it out of that
  std::int32_t log_odds = 0, score_permille = 0;
  const DuplicateModel::Thresholds* limits = nullptr;  // set by weigh()
  std::vector<ScorePart> parts;
};

// What stands open at the event's address or spot, in citizens' reports.
struct Crowd {
  std::uint64_t same_type = 0, other_types = 0;
};

// Beyond it, it is another happening: the category's age, and for a sensor, which tells of now, its repetition window.
Millis age_max(const Work& work);
// nullopt: cannot be the same thing. Sets incident, top, situation, age and witness.
std::optional<Assessed> place_in_situation(const Probe& probe, OpenIncident& candidate);
// Before the first `weigh`: dear, so not for events that nothing is near to.
void read_event(Probe& probe);
void add_to_crowd(const Probe& probe, const Assessed& assessed, Crowd& crowd);
// Evidence and score. The dearest part: only for those that may count.
void weigh(const Probe& probe, const Crowd& crowd, Assessed& assessed);

// At one exact address, or within 20 m where not both are exact.
bool at_same_place(const Probe& probe, const OpenIncident& candidate);

// In reach of the event by cell and address: each once, newest first, at most scan_max a row. `past`: also what left memory
// and saw something within so long of the event.
std::vector<OpenIncident*> candidates_near(const Probe& probe, std::optional<Millis> past);

// The sender says that it is about an earlier report: the same while that one is open, else a recurrence.
void follow_earlier(Context& context, Work& work);
// The words say that it happens again ("lần 2", "tái diễn", "lại bị"): a recurrence of what was closed at that place, if
// something of the type was.
void follow_closed(const Probe& probe, Work& work);

}  // namespace ioc::triage
