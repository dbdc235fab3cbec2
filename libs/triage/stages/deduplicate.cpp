// Exact identity: a repeat of a known event counts nothing; a newer revision of a known object goes to its incident; an
// older one changes nothing (DESIGN D5).
#include <algorithm>
#include <utility>

#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/object_life.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

// True: this id was met before. Else it is remembered from now on. What was handed over may come by again, along the link
// of a relocation: it is a repeat only with as many hand-overs.
bool remember(Context& context, const Event& event, std::uint32_t hop) {
  const Hash128 id = hash128(event.id.str(), hop);
  const auto hour = SeenWindow::hour_of(event.id.str());
  const bool covered = context.seen.covers(hour);
  const bool met = covered ? context.seen.contains(id, *hour) : hop == 0 && context.objects.has_report(event.id);
  if (met) return true;
  if (covered) context.seen.insert(id, *hour);
  // Citizens' reports are remembered as long as their incidents, whatever their id looks like (DESIGN D5).
  const bool kept = !covered || event.feed == Feed::CitizenReports;
  if (kept && (hop == 0 || !context.objects.has_report(event.id))) context.objects.put_report(event.id, {});
  return false;
}

// Objects that can have an incident. Status and indicators name a thing that lasts, not a happening.
bool has_object(const Event& event) {
  if (const auto* passage = std::get_if<CheckpointPassage>(&event.body)) return passage->result != PassageResult::Pass;
  return !std::holds_alternative<CheckpointStatus>(event.body) && !std::holds_alternative<Indicator>(event.body);
}

Next repeated(Context& context, const Work& work) {
  ++context.stats.duplicates;
  context.out.decide("same_event_id", about(work, DecisionKind::Repeated));
  return Next::Done;
}

Next stale(Context& context, const Work& work, const IncidentId& incident, Reason reason) {
  Decision decision = about(work, DecisionKind::StaleRevision);
  decision.incident = incident;
  decision.details = {{"revision", std::to_string(work.event.revision)}, {"newest", std::to_string(work.known->revision)}};
  context.out.decide(reason, std::move(decision));
  return Next::Done;
}

Next begin_anew(Work& work, std::string_view because) {
  work.former = std::exchange(work.known, std::nullopt);
  work.former_because = because;
  return Next::Stage;
}

// The sequence of a message that changes nothing stands still, and yet the camera sent something new of the alert.
void hear_of(Context& context, const Work& work, const CameraAlert& alert, OpenIncident& incident) {
  KnownObject known = *work.known;
  if (known.over(context.now) || alert.state == AlertState::End) return;
  hear(known, work.event, context.now, silent_for(context, alert));
  const std::uint64_t object = context.objects.put(work.event.source, work.event.object, known);
  incident.beside.silences.hear(object, known.silent_at);
  context.book.mark_unwritten(incident);
  context.book.set_timer(incident, next_timer_ms(incident));
}

// Here, all that decides is known. Of an object that was handed over or relocated, the closing of its incident is not: what
// comes later goes after it, whatever its sequence.
Next follow_alert(Context& context, Work& work, const CameraAlert& alert) {
  KnownObject& known = *work.known;
  const Event& event = work.event;
  OpenIncident* incident = known.away ? nullptr : context.book.find(known.incident);
  if (incident && known.newest_at.ms() == 0) known.newest_at = incident->shown.last_event_at;
  const bool closed = !known.away && (!incident || !is_open(top_of(context, *incident).shown.state));
  const Placed placed = place_in_life(context, event, alert, known, closed);
  // No member of the incident is later than its object, or follows it by sequence.
  const bool follows = event.revision > known.revision && !far_above(event.revision, known.revision);
  if (!placed.later && !follows && incident && context.objects.member(known.incident, event.id)) return repeated(context, work);
  work.reopens = placed.reopens;
  switch (placed.standing) {
    case Standing::Anew: return begin_anew(work, placed.because);
    case Standing::OfFormer: return stale(context, work, known.former, "of_former_object");
    case Standing::Older:
      if (known.away && placed.later && alert.state != AlertState::End) return Next::Stage;
      if (incident && placed.later) hear_of(context, work, alert, *incident);
      return stale(context, work, known.incident, "older_than_newest");
    case Standing::Newer: break;
  }
  if (known.away) return Next::Stage;
  work.target = incident;
  work.outcome = DecisionKind::Revised;
  work.reason = reason_to_take(event, known);
  return Next::Stage;
}

Next follow_object(Context& context, Work& work) {
  if (const CameraAlert* alert = alert_with_lives(context, work.event)) return follow_alert(context, work, *alert);
  const KnownObject& known = *work.known;
  const Event& event = work.event;
  // Full membership outlives the window; and what was handed over may have come with its incident already. No member
  // of it has a newer revision than the object.
  const bool newer = event.revision > known.revision;
  if (!newer && !known.away && context.objects.member(known.incident, event.id)) return repeated(context, work);
  const bool by_arrival = event.revision >= kArrivalOrder && context.behaviour >= since::kOrdersByArrival;
  const bool later = by_arrival && event.revision == known.revision;
  if (event.revision != 0 && !newer && !later) return stale(context, work, known.incident, "older_than_newest");
  if (!known.away) {
    work.target = context.book.find(known.incident);
    work.outcome = DecisionKind::Revised;
    work.reason = Reason("same_object");
  }
  return Next::Stage;
}

}  // namespace

Life life_of(const Work& work) {
  return {work.known ? &*work.known : nullptr, work.former ? &*work.former : nullptr, work.reopens};
}

void add_former(const Work& work, Decision& decision) {
  if (!work.former) return;
  if (!work.former->incident.empty()) decision.details.push_back({"former_incident", work.former->incident.str()});
  decision.details.push_back({"former_alert", std::string(work.former_because)});
}

Next deduplicate(Context& context, Work& work) {
  const Event& event = work.event;
  if (remember(context, event, work.hop)) return repeated(context, work);
  if (!has_object(event) || event.object.empty()) return Next::Stage;
  work.known = context.objects.find(event.source, event.object);
  return work.known ? follow_object(context, work) : Next::Stage;
}

}  // namespace ioc::triage
