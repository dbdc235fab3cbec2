// Opens the incident or adds the event to the one that the stages before found: counts, membership, what is raised by
// it, and the citizen's status.
#include <algorithm>

#include "libs/triage/memory/face.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/object_life.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

void count_source(Incident& shown, Feed feed) {
  for (SourceCount& source : shown.sources) {
    if (source.feed != feed) continue;
    ++source.events;
    return;
  }
  shown.sources.push_back({feed, 1});
}

void add_newest(Incident& shown, const EventId& event, std::uint64_t most) {
  shown.newest_events.push_back(event);
  if (shown.newest_events.size() > most) shown.newest_events.erase(shown.newest_events.begin());
}

// A clock closed it, and here is more of it that is no echo: it is open again, for a clock's closing does not count (DESIGN D4).
void come_back(Context& context, Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  Beside& beside = incident.beside;
  if (shown.state != IncidentState::Closed || beside.closed_by_record || !work.reopens) return;
  const auto* alert = std::get_if<CameraAlert>(&work.event.body);
  const bool echo = work.event.occurred_at <= shown.last_event_at && work.event.feed != Feed::CitizenReports;
  if (echo || (alert && alert->state == AlertState::End)) return;
  shown.state = IncidentState::New;
  beside.close_at = beside.forget_at = beside.archive_at = LogTime();
  work.reason = Reason("came_back_after_closing");
  context.touch(incident, Change::Version);
  start_clocks(context, incident, work.event.feed, work.event.id);
}

// What was stored of an event's object.
struct Remembered {
  std::uint64_t hash = 0;  // of source and object id
  LogTime silent_at;
  bool over = false;
  bool has_life = false;   // its silence is followed
};

void count_alert(bool was_open, const Remembered& object, Beside& beside) {
  const bool ends = object.over;
  bool counted = was_open;
  if (object.has_life) {
    const bool listed = ends ? beside.silences.forget(object.hash) : beside.silences.hear(object.hash, object.silent_at);
    counted = counted || listed;
  }
  if (!ends && !counted) ++beside.objects_open;
  if (ends && counted && beside.objects_open > 0) --beside.objects_open;
  beside.objects_open = std::max<std::uint64_t>(beside.objects_open, beside.silences.listed.size());
}

// A camera's alerts end: the condition is over when every alert has ended. What a checkpoint or the online monitor tells is
// of one moment: over at once, until it is told again. Citizens' reports do not end.
void follow_end(Context& context, Work& work, OpenIncident& incident, bool new_object, const Remembered& object) {
  if (work.event.feed == Feed::CitizenReports) return set_ended_clock(context, incident);
  if (std::holds_alternative<CameraAlert>(work.event.body)) {
    const bool was_open = !new_object && work.known && !work.known->over(context.now);
    count_alert(was_open, object, incident.beside);
  }
  const bool ended = incident.beside.objects_open == 0;
  const bool changed = ended != incident.shown.ended;
  incident.shown.ended = ended;
  set_ended_clock(context, incident);
  if (changed) context.touch(incident, Change::Version);
}

// What triage would show by now without the operator's choice, for the way back to it.
void raise_overruled(const Class& cls, Overruled& kept) {
  if (kept.triage_severity) kept.triage_severity = std::min(*kept.triage_severity, cls.severity);
  if (kept.emergency) kept.emergency = *kept.emergency || cls.emergency;
}

// A further report may tell of danger where a citizen's report opened the incident: the incident then shows the danger's words. Those it
// showed before stay with the report that opened it, so that a split gives each its own. True: the words were taken.
bool take_words_of_danger(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const bool further = work.outcome == DecisionKind::Joined && work.event.feed == Feed::CitizenReports;
  const auto opener = further ? context.objects.member(shown.id, EventId(shown.opened_by)) : std::nullopt;
  if (!opener || opener->feed != Feed::CitizenReports) return false;
  context.objects.put_report(opener->event, encode_face(shown));
  shown.title = work.cls.title;
  shown.summary = work.cls.summary;
  incident.words_read = false;
  return true;
}

// The incident is about the danger that its only report, when changed, or a further report tells of. Its category before becomes a further
// one.
void take_danger(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const bool only_report = work.outcome == DecisionKind::Revised && shown.reports == 1 && shown.sources.size() == 1;
  const bool chosen = shown.overruled && !shown.overruled->category.empty();
  const bool words = take_words_of_danger(context, work, incident);
  if (!(only_report || words) || chosen) return;
  const CategoryCode before = shown.category;
  shown.category = work.cls.category->code;
  shown.sub_kind = work.cls.sub_kind;
  shown.further_categories = work.cls.further;
  const auto& further = shown.further_categories;
  const bool told = before == shown.category || std::find(further.begin(), further.end(), before) != further.end();
  if (words && !told) shown.further_categories.push_back(before);
  if (incident.indexed) context.book.index(incident);  // under its type
}

// An operator who saw the danger and ruled it out is not told of it again by the same report. Danger that triage had not seen before,
// or that a further report brings, is new.
void raise(Context& context, Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const Overruled chosen = shown.overruled.value_or(Overruled());
  const bool ruled_out = chosen.emergency == true && !shown.emergency && work.outcome != DecisionKind::Joined;
  const bool emergency = work.cls.emergency && !shown.emergency && !ruled_out;
  const bool severer = work.cls.severity < shown.severity && !ruled_out && !chosen.severity;
  if (shown.overruled) raise_overruled(work.cls, *shown.overruled);
  if (!emergency && !severer) return;
  const Rerouting rerouting(context, incident);
  if (emergency) {
    take_danger(context, work, incident);
    shown.emergency = true;
  }
  if (severer) shown.severity = work.cls.severity;
  context.touch(incident, Change::Version);
  tighten_clocks(context, incident);
  rerouting.follow(work.event.id);
}

// One that nothing told more of takes its sub-kind from a further event of its category. Where an operator chose the category, the
// sub-kind is the operator's too, and only what triage would show by now follows.
void take_sub_kind(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  if (work.cls.sub_kind.empty()) return;
  if (shown.overruled && !shown.overruled->category.empty()) {
    Overruled& kept = *shown.overruled;
    if (kept.sub_kind.empty() && kept.category == work.cls.category->code) kept.sub_kind = work.cls.sub_kind;
    return;
  }
  if (!shown.sub_kind.empty() || shown.category != work.cls.category->code) return;
  const Rerouting rerouting(context, incident);
  shown.sub_kind = work.cls.sub_kind;
  context.touch(incident, Change::Version);
  tighten_clocks(context, incident);
  rerouting.follow(work.event.id);
}

// Hand-overs of its object, which a relocation may have taken back home.
std::uint32_t object_hop(const Work& work) { return std::max(work.hop, work.known ? work.known->hop : 0); }

Remembered remember(Context& context, Work& work, OpenIncident& incident, bool new_object) {
  const Event& event = work.event;
  const auto* alert = std::get_if<CameraAlert>(&event.body);
  const bool ended = alert && alert->state == AlertState::End;
  const std::uint32_t hop = object_hop(work);
  context.objects.add_member(incident.shown.id, {event.id, event.feed, hop, new_object, !ended, event.source,
                                                 event.object, event.occurred_at});
  if (event.object.empty()) return {0, LogTime(), ended, false};
  KnownObject object;
  const bool has_life = alert && context.behaviour >= since::kFollowsLives;
  if (has_life) {
    object = after(event, *alert, life_of(work), context.now, work.cls.silent_for);
  } else {
    object.revision = std::max(event.revision, work.known ? work.known->revision : 0);
    object.ended = ended;
  }
  object.incident = incident.shown.id;
  object.hop = hop;
  Remembered remembered{0, object.silent_at, object.over(context.now), has_life};
  remembered.hash = context.objects.put(event.source, event.object, std::move(object));
  return remembered;
}

void tell_citizen(Context& context, const Work& work, OpenIncident& incident, bool joined) {
  ReportStatus status = status_in(context, incident);
  status.source = work.event.source;
  status.report = work.event.object;
  status.event = work.event.id;
  status.joined = status.joined || joined;
  if (status.joined && status.state == ReportState::Received) status.state = ReportState::Joined;
  status.hop = object_hop(work);
  context.out.report_status(std::move(status));
}

void absorb(Context& context, Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const bool new_object = !work.known || work.known->incident != shown.id;
  ++shown.events;
  count_source(shown, work.event.feed);
  if (new_object && work.event.feed == Feed::CitizenReports) ++shown.reports;
  add_newest(shown, work.event.id, context.bundle->limits.life.newest_events);
  shown.last_event_at = std::max(shown.last_event_at, work.event.occurred_at);
  context.touch(incident, Change::Counts);
  add_marks(work.event, context.bundle->limits.correlate.marks_max, incident.beside.marks);
  const Remembered object = remember(context, work, incident, new_object);
  follow_end(context, work, incident, new_object, object);
}

// Where a further report says that it is, and of what type: the next may be about that.
void add_words(Context& context, Work& work, OpenIncident& incident) {
  const std::uint64_t most = context.bundle->limits.correlate.marks_max;
  const std::uint64_t address = work.address.of(work.cls.address), type = type_hash(work.cls.category->code.str(), work.cls.sender_category);
  add_mark(MarkKind::Type, type, work.event.id, most, incident.beside.marks);
  if (address != 0) add_mark(MarkKind::Address, address, work.event.id, most, incident.beside.marks);
}

Incident face_of(const Work& work) {
  Incident face;
  const Class& cls = work.cls;
  face.category = cls.category->code;
  face.sub_kind = cls.sub_kind;
  face.further_categories = cls.further;
  face.sender_category = cls.sender_category;
  face.severity = cls.severity;
  face.emergency = cls.emergency;
  face.title = cls.title;
  face.summary = cls.summary;
  face.address = cls.address;
  face.position = work.place.position;
  face.position_source = work.place.source;
  face.place_state = work.place.state;
  face.unit = work.place.unit;
  face.unit_name = work.place.unit_name;
  return face;
}

// The only report of an incident, told again in other words: show the newest words.
void take_new_words(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  if (shown.reports != 1 || work.event.feed != Feed::CitizenReports || shown.sources.size() != 1) return;
  if (shown.title == work.cls.title && shown.summary == work.cls.summary) return;
  shown.title = work.cls.title;
  shown.summary = work.cls.summary;
  incident.words_read = false;
  context.touch(incident, Change::Version);
}

// An incident without a usable place takes it from a later event that has one.
void take_place(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const Place& place = work.place;
  if (!shown.unit.empty() || place.unit.empty()) return;
  shown.position = place.position;
  shown.position_source = place.source;
  shown.place_state = place.state;
  shown.unit = place.unit;
  shown.unit_name = place.unit_name;
  incident.beside.default_spot = place.default_spot;
  incident.beside.denied_spot = place.denied;
  if (incident.indexed) context.book.index(incident);
  add_subscribers(context, incident, work.event.occurred_at);
  context.touch(incident, Change::Version);
}

Decision with_reasons(Work& work, DecisionKind kind) {
  Decision decision = about(work, kind);
  decision.candidates = std::move(work.candidates);
  decision.details = work.cls.evidence;
  decision.details.push_back({"category", work.cls.category->code.str()});
  if (!work.cls.sub_kind.empty()) decision.details.push_back({"sub_kind", work.cls.sub_kind.str()});
  decision.details.push_back({"place", std::string(work.place.reason)});
  decision.details.insert(decision.details.end(), work.place.notes.begin(), work.place.notes.end());
  add_former(work, decision);
  return decision;
}

Decision repeated_by_sensor(const Work& work) {
  Decision decision = about(work, work.outcome);
  add_former(work, decision);
  return decision;
}

// What only tells more of a known alert takes the key from no newer incident; what was only read by key holds none.
void own_repeat(Context& context, const Work& work, OpenIncident& incident) {
  const std::string& key = work.cls.repeat_key;
  if (key.empty()) return;
  if (!incident.indexed) {
    if (!belongs_in_memory(incident, context.now)) return;
    context.book.index(incident);  // it came back
  }
  if (work.outcome == DecisionKind::Revised && context.book.repeating(key)) return;
  context.book.own_repeat(incident, key, work.event.occurred_at.ms());
}

// The report that is told again is the one that opened the incident.
bool holds_opener(Context& context, const Work& work, const OpenIncident& incident) {
  const auto opener = context.objects.member(incident.shown.id, EventId(incident.shown.opened_by));
  return opener && opener->object == work.event.object && opener->source == work.event.source;
}

void join(Context& context, Work& work) {
  OpenIncident& incident = *work.target;
  const bool sensor = work.outcome == DecisionKind::Suppressed;
  come_back(context, work, incident);
  absorb(context, work, incident);
  raise(context, work, incident);
  take_sub_kind(context, work, incident);
  if (work.outcome == DecisionKind::Revised) take_new_words(context, work, incident);
  take_place(context, work, incident);
  if (work.event.feed == Feed::CitizenReports) add_words(context, work, incident);
  if (incident.indexed) context.book.index_addresses(incident);
  own_repeat(context, work, incident);
  context.out.decide(*work.reason, sensor ? repeated_by_sensor(work) : with_reasons(work, work.outcome));
  if (work.event.feed != Feed::CitizenReports) return;
  context.objects.put_report(work.event.id, encode_face(face_of(work)));
  tell_citizen(context, work, incident, work.outcome == DecisionKind::Joined || !holds_opener(context, work, incident));
}

void fill(Context& context, const Work& work, OpenIncident& incident) {
  Incident& shown = incident.shown;
  const Area* own = context.bundle->area_on(context.partition);
  copy_face(face_of(work), shown);
  shown.area = own ? own->id : context.bundle->area_of(work.place.unit).id;
  shown.opened_at = work.event.occurred_at;
  shown.last_event_at = work.event.occurred_at;
  shown.received_at = context.now;
  shown.occurrence = work.occurrence;
  shown.recurrence_of = work.recurrence_of;
  shown.opened_by = work.event.id.str();
  incident.beside.kind = work.cls.kind;
  incident.beside.default_spot = work.place.default_spot;
  incident.beside.denied_spot = work.place.denied;
}

void explain(Context& context, Work& work) {
  Decision located = about(work, DecisionKind::Located);
  located.details = {{"unit", work.place.unit.str()}, {"state", std::string(name_of(work.place.state))},
                     {"position", std::string(name_of(work.place.source))}, {"how", std::string(work.place.reason)}};
  located.details.insert(located.details.end(), work.place.notes.begin(), work.place.notes.end());
  context.out.decide("place_of_first_event", std::move(located));
  Decision classified = about(work, DecisionKind::Classified);
  classified.rule = work.cls.severity_rule;
  classified.details = std::move(work.cls.evidence);
  classified.details.push_back({"category", work.cls.category->code.str()});
  if (!work.cls.sub_kind.empty()) classified.details.push_back({"sub_kind", work.cls.sub_kind.str()});
  classified.details.push_back({"severity", std::string(name_of(work.cls.severity))});
  context.out.decide("words_and_rules", std::move(classified));
}

void suggest(Context& context, Work& work, OpenIncident& incident) {
  const Limits& limits = context.bundle->limits;
  for (const Candidate& candidate : work.candidates) {
    if (candidate.verdict != "suggested" || incident.shown.suggestions.size() >= limits.life.suggestions) continue;
    incident.shown.suggestions.push_back({candidate.incident, static_cast<std::uint32_t>(candidate.score_permille)});
  }
  if (incident.shown.suggestions.empty()) return;
  Decision decision = about(work, DecisionKind::Suggested);
  for (const Suggestion& one : incident.shown.suggestions) decision.details.push_back({"incident", one.incident.str()});
  context.out.decide("score_below_join", std::move(decision));
}

void park_if_full(Context& context, const Work& work, OpenIncident& incident) {
  const std::uint64_t most = context.bundle->limits.life.open_max;
  if (context.book.size() <= most) return;
  context.book.park(incident);
  Decision decision = about(work, DecisionKind::Parked);
  decision.details = {{"open_max", std::to_string(most)}};
  context.out.decide("memory_for_open_incidents_is_full", std::move(decision));
}

void open(Context& context, Work& work) {
  OpenIncident& incident = context.book.add(incident_id(context.partition, work.event.id.str()));
  incident.opened_now = true;
  work.target = &incident;
  fill(context, work, incident);
  incident.address_known = work.address;
  absorb(context, work, incident);
  context.book.index(incident);
  if (!work.cls.repeat_key.empty()) context.book.own_repeat(incident, work.cls.repeat_key, work.event.occurred_at.ms());
  Decision decision = about(work, DecisionKind::Opened);
  decision.candidates = work.candidates;
  add_former(work, decision);
  context.out.decide(work.former ? Reason("id_reused") : Reason("nothing_open_matches"), std::move(decision));
  suggest(context, work, incident);
  explain(context, work);
  park_if_full(context, work, incident);
  if (work.event.feed == Feed::CitizenReports) tell_citizen(context, work, incident, false);
}

}  // namespace

Next admit(Context& context, Work& work) {
  if (work.target) {
    join(context, work);
    return Next::Done;
  }
  // Ids are made by ingest and the desk and never meet; bytes that somebody else wrote may.
  if (context.book.find(incident_id(context.partition, work.event.id.str()))) {
    context.out.decide("incident_id_is_taken", about(work, DecisionKind::Repeated));
    return Next::Done;
  }
  open(context, work);
  return Next::Stage;
}

}  // namespace ioc::triage
