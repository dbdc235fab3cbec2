// What an event carries from stage to stage, and what a stage is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/text/fold.h"
#include "libs/triage/context.h"

namespace ioc::triage {

// locate
struct Place {
  std::optional<Position> position;
  PositionSource source = PositionSource::None;
  PlaceState state = PlaceState::Unknown;
  UnitCode unit;
  std::string unit_name;
  bool default_spot = false;
  bool denied = false;        // the text says another unit than the one that the position lies in
  std::string_view reason = "no_position";
  std::vector<Detail> notes;  // what the text says of it, and what was wrong with the position
};

// classify
struct Class {
  const Category* category = nullptr;
  SubKindCode sub_kind;    // of that category; empty: nothing tells it
  std::vector<CategoryCode> further;
  std::string sender_category;
  std::uint32_t score_permille = 1000;  // of a text: how much of all categories' likelihood is this one's
  Severity severity = Severity::Medium;
  std::string severity_rule;
  bool emergency = false;
  bool correlate = true;
  std::string kind;
  std::string repeat_key;  // empty: does not repeat itself
  Millis repeat_window{0};
  Millis silent_for{0};    // a camera's alert; 0: its silence means nothing
  std::string title, summary, address;
  text::FoldedText words;  // a citizen's title and text
  std::vector<Detail> evidence;
};

struct Work {
  Work(const Event& arrived, std::uint32_t hops) : event(arrived), hop(hops) {}

  const Event& event;
  const std::uint32_t hop;  // 0: came straight from its source

  OpenIncident* target = nullptr;           // what it belongs to; nullptr: a new incident
  DecisionKind outcome = DecisionKind::Opened;
  std::optional<KnownObject> known;         // its object was met before
  std::optional<KnownObject> former;        // its object's id was another's before
  std::string_view former_because;          // what became of that one: ended, silent, closed
  bool reopens = true;                      // of what is over, it says that it goes on
  Place place;
  Class cls;
  AddressHash address;                      // of the sender's address, then of the one that counts
  std::vector<Candidate> candidates;        // best first
  std::optional<Reason> reason;             // of the outcome
  std::uint32_t occurrence = 1;
  IncidentId recurrence_of;                 // what was closed and happens again
};

enum class Next { Stage, Done };
using Stage = Next (*)(Context&, Work&);

struct NamedStage {
  std::string_view name;
  Stage run;
};

// Ready for a decision about this event.
inline Decision about(const Work& work, DecisionKind kind) {
  Decision decision;
  decision.kind = kind;
  decision.event = work.event.id;
  decision.feed = work.event.feed;
  if (work.target) decision.incident = work.target->shown.id;
  return decision;
}

// Of a camera's alert (object_life.h).
struct Life life_of(const Work& work);
// What a decision says of an id that came back.
void add_former(const Work& work, Decision& decision);

// Hand-overs of an event or of an object (DESIGN D6).
inline constexpr std::uint32_t kHopsMax = 4;

// A checkpoint is heard with every passage and status; an open one that falls silent is an alert (checkpoints' clocks).
void hear_checkpoint(Context& context, const Event& event);

// A point that may be a default coordinate was not met again: it is forgotten.
void expire_spot(Context& context, std::string_view key);

// So late that what it belongs to may have left memory, closed by a clock: then the state is asked (DESIGN D4).
inline bool is_late(const Context& context, const Work& work) {
  const Millis late = context.now - LogTime::from_ms(work.event.occurred_at.ms());
  return late > context.bundle->limits.life.correlatable_after_closing;
}

// Counted and never an incident: passages that passed, short queues, indicators, quiet mentions.
bool only_counted(const Context& context, const Event& event);

Next deduplicate(Context& context, Work& work);
Next locate(Context& context, Work& work);
Next classify(Context& context, Work& work);
Next suppress(Context& context, Work& work);
Next correlate(Context& context, Work& work);
Next admit(Context& context, Work& work);
Next route(Context& context, Work& work);
Next set_deadlines(Context& context, Work& work);

// All stages in order (stages.cpp).
void run_stages(Context& context, Work& work);

}  // namespace ioc::triage
