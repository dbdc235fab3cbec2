// What falls silent, by clocks of log time (DESIGN D4): an open checkpoint, which is the one alert that no event opens; and a
// camera's alert, which is then over as if an `end` had come.
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

void place_of(const Context& context, const std::string& id, Incident& shown) {
  const RegisteredSource* source = context.bundle->source(id);
  if (!source || !source->position) return;
  shown.position = source->position;
  shown.position_source = PositionSource::Registry;
  if (!context.bundle->units) return;
  const auto found = context.bundle->units->at(*source->position, shown.opened_at);
  if (!found) return;
  shown.unit = found->unit->code;
  shown.unit_name = found->unit->name;
  shown.place_state = found->state;
}

Millis silent_for(const Context& context, const OpenIncident& incident) {
  const Kind* kind = context.bundle->kind(incident.beside.kind);
  return kind ? kind->silent_for : Kind{}.silent_for;
}

}  // namespace

void end_silent_alerts(Context& context, OpenIncident& incident) {
  Beside& beside = incident.beside;
  const std::uint64_t silent = beside.silences.take_silent(beside.objects_open, context.now);
  beside.objects_open -= silent;
  Decision decision;
  decision.kind = DecisionKind::Ended;
  decision.incident = incident.shown.id;
  decision.rule = "kinds.yaml";
  decision.details = {{"kind", beside.kind}, {"alerts", std::to_string(silent)}, {"alerts_left", std::to_string(beside.objects_open)}};
  context.out.decide("silent", std::move(decision));
  if (beside.objects_open != 0 || incident.shown.ended) return context.book.mark_unwritten(incident);
  incident.shown.ended = true;
  set_ended_clock(context, incident, context.now);
  context.touch(incident, Change::Version);
}

void count_silence(Context& context, OpenIncident& incident) {
  Silences& silences = incident.beside.silences;
  const Millis wait = silent_for(context, incident);
  if (incident.beside.objects_open <= silences.listed.size() || silences.unlisted_ms != 0 || wait.count() == 0) return;
  silences.unlisted_ms = (context.now + wait).ms();
  context.book.mark_unwritten(incident);
  context.book.set_timer(incident, next_timer_ms(incident));
}

void hear_checkpoint(Context& context, const Event& event) {
  const auto* status = std::get_if<CheckpointStatus>(&event.body);
  const auto* passage = std::get_if<CheckpointPassage>(&event.body);
  if (!status && !passage) return;
  const std::string& id = status ? status->checkpoint : passage->checkpoint;
  const CheckpointLimits& limits = context.bundle->limits.checkpoints;
  Checkpoint* checkpoint = context.checkpoints.at(id, limits.followed_max);
  if (!checkpoint) return;
  checkpoint->heard_at = context.now;
  if (status) checkpoint->open = status->state == CheckpointState::Open;
  if (!checkpoint->silence.empty()) {
    if (OpenIncident* incident = context.book.find(checkpoint->silence)) {
      incident->shown.ended = true;
      set_ended_clock(context, *incident);
      context.touch(*incident, Change::Version);
    }
    checkpoint->silence = {};
  }
  context.checkpoints.changed(id, *checkpoint, context.silent_after());
}

void fire_silence(Context& context, const std::string& id) {
  const CheckpointLimits& limits = context.bundle->limits.checkpoints;
  Checkpoint* checkpoint = context.checkpoints.at(id, limits.followed_max);
  const std::string opener = "silence-" + id + "-" + format_compact(context.now.ms());
  const IncidentId silence_id = incident_id(context.partition, opener);
  if (context.book.find(silence_id)) return;
  checkpoint->silence = silence_id;
  context.checkpoints.changed(id, *checkpoint, context.silent_after());

  const Kind* kind = context.bundle->kind("checkpoint_silent");
  const RegisteredSource* source = context.bundle->source(id);
  OpenIncident& incident = context.book.add(silence_id);
  incident.opened_now = true;
  Incident& shown = incident.shown;
  shown.category = context.bundle->category(kind ? kind->category : "khac").code;
  if (kind) shown.sub_kind = SubKindCode(kind->sub_kind);
  shown.severity = kind ? kind->severity : Severity::Medium;
  shown.title = (kind ? kind->name : "checkpoint_silent") + " — " + (source && !source->name.empty() ? source->name : id);
  shown.opened_at = EventTime::from_ms(checkpoint->heard_at.ms());
  shown.last_event_at = shown.opened_at;
  shown.received_at = context.now;
  shown.opened_by = opener;
  const Area* own = context.bundle->area_on(context.partition);
  place_of(context, id, shown);
  shown.area = own ? own->id : context.bundle->area_of(shown.unit).id;
  incident.beside.kind = "checkpoint_silent";
  context.touch(incident, Change::Version);
  context.book.index(incident);
  Decision decision;
  decision.kind = DecisionKind::Opened;
  decision.incident = silence_id;
  decision.feed = Feed::CheckpointPassages;
  decision.details = {{"checkpoint", id}, {"heard_at", format_time(checkpoint->heard_at)}};
  context.out.decide("checkpoint_silent", std::move(decision));
  route_incident(context, incident, Feed::CheckpointPassages, {});
  start_clocks(context, incident, Feed::CheckpointPassages, {});
}

}  // namespace ioc::triage
