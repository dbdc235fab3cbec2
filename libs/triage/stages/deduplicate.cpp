// Exact identity: a repeat of a known event counts nothing; a newer revision of a known object goes to its incident; an
// older one changes nothing (DESIGN D5).
#include <algorithm>

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

Next follow_object(Context& context, Work& work) {
  const KnownObject& known = *work.known;
  const Event& event = work.event;
  // Full membership outlives the window; and what was handed over may have come with its incident already. No member
  // of it has a newer revision than the object.
  const bool newer = event.revision > known.revision;
  if (!newer && !known.away && context.objects.member(known.incident, event.id)) return repeated(context, work);
  const bool by_arrival = event.revision >= kArrivalOrder && context.behaviour >= since::kOrdersByArrival;
  const bool later = by_arrival && event.revision == known.revision;
  const bool stale = event.revision != 0 && !newer && !later;
  if (stale) {
    Decision decision = about(work, DecisionKind::StaleRevision);
    decision.incident = known.incident;
    decision.details = {{"revision", std::to_string(event.revision)}, {"newest", std::to_string(known.revision)}};
    context.out.decide("older_than_newest", std::move(decision));
    return Next::Done;
  }
  if (!known.away) {
    work.target = context.book.find(known.incident);
    work.outcome = DecisionKind::Revised;
    work.reason = Reason("same_object");
  }
  return Next::Stage;
}

}  // namespace

Next deduplicate(Context& context, Work& work) {
  const Event& event = work.event;
  if (remember(context, event, work.hop)) return repeated(context, work);
  if (!has_object(event) || event.object.empty()) return Next::Stage;
  work.known = context.objects.find(event.source, event.object);
  return work.known ? follow_object(context, work) : Next::Stage;
}

}  // namespace ioc::triage
