// Takes events out of an incident into a new one, whose id is this command's (DESIGN D5). An object moves with all its
// revisions: they tell of the same thing. The two are marked never to be joined again.
#include <algorithm>
#include <set>

#include "libs/triage/commands/commands.h"
#include "libs/triage/memory/face.h"
#include "libs/triage/stages/deadlines.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kEventsMax = 1000;

struct Parted {
  std::vector<Member> taken, left;
};

using ObjectKey = std::pair<SourceId, ObjectId>;

Parted part(Context& context, const IncidentId& from, const std::set<ObjectKey>& objects, const std::set<EventId>& events) {
  Parted parted;
  context.objects.for_each_member(from, [&](const Member& member) {
    const bool taken = events.contains(member.event) ||
                       (!member.object.empty() && objects.contains({member.source, member.object}));
    (taken ? parted.taken : parted.left).push_back(member);
    return true;
  });
  return parted;
}

void recount(Incident& shown, const std::vector<Member>& members, std::uint64_t newest_max) {
  shown.sources.clear();
  shown.newest_events.clear();
  shown.reports = 0;
  shown.events = members.size();
  for (const Member& member : members) {
    auto source = std::find_if(shown.sources.begin(), shown.sources.end(), [&](const auto& one) { return one.feed == member.feed; });
    if (source == shown.sources.end()) shown.sources.push_back({member.feed, 1});
    else ++source->events;
    if (member.feed == Feed::CitizenReports && member.first) ++shown.reports;
    shown.last_event_at = std::max(shown.last_event_at, member.occurred_at);
  }
  const std::size_t skip = members.size() > newest_max ? members.size() - newest_max : 0;
  for (std::size_t i = skip; i < members.size(); ++i) shown.newest_events.push_back(members[i].event);
}

// An alert that has not ended, and its silence, go along. Called once an object.
void move_alert(const KnownObject& known, std::uint64_t object, LogTime now, Beside& from, Beside& to) {
  const bool listed = from.silences.forget(object);
  if (known.over(now)) return;
  if (known.silent_at.ms() != 0) to.silences.hear(object, known.silent_at);
  ++to.objects_open;
  if (from.objects_open > 0) --from.objects_open;
  from.objects_open = std::max<std::uint64_t>(from.objects_open, from.silences.listed.size());
  if (!listed && from.objects_open == from.silences.listed.size()) from.silences.unlisted_ms = 0;
}

void move_members(Context& context, OpenIncident& from, OpenIncident& to, const std::vector<Member>& taken) {
  for (const Member& member : taken) {
    context.objects.remove_member(from.shown.id, member.event);
    context.objects.add_member(to.shown.id, member);
    if (member.object.empty()) continue;
    auto known = context.objects.find(member.source, member.object);
    if (!known || known->incident != from.shown.id) continue;
    known->incident = to.shown.id;
    const std::uint64_t object = context.objects.put(member.source, member.object, *known);
    const bool counts = member.feed == Feed::CameraAlerts && context.behaviour >= since::kFollowsLives;
    if (counts) move_alert(*known, object, context.now, from.beside, to.beside);
  }
}

// Over when all its alerts are; citizens' reports do not end.
void settle_ended(Context& context, OpenIncident& incident) {
  const auto& sources = incident.shown.sources;
  const bool sensors = std::any_of(sources.begin(), sources.end(), [](const SourceCount& one) { return one.feed != Feed::CitizenReports; });
  incident.shown.ended = sensors && incident.beside.objects_open == 0;
  set_ended_clock(context, incident);
}

OpenIncident& open_split(Context& context, const OpenIncident& from, const Command& command, const std::vector<Member>& taken) {
  const IncidentId id = incident_id(context.partition, command.id.str());
  OpenIncident& made = context.book.add(id);
  made.opened_now = true;
  made.shown = from.shown;
  Incident& shown = made.shown;
  shown.id = id;
  shown.version = shown.revision = 1;
  shown.state = IncidentState::New;
  shown.acknowledged_at.reset();
  shown.acknowledged_by.clear();
  shown.assignee.clear();
  shown.forwarded_units.clear();
  shown.clocks.clear();
  shown.suggestions.clear();
  shown.merged.clear();
  shown.chattering = shown.ended = false;
  shown.occurrence = 1;
  shown.recurrence_of = {};
  shown.split_from = from.shown.id;
  shown.received_at = context.now;
  shown.opened_by = command.id.str();
  shown.opened_at = shown.last_event_at = taken.front().occurred_at;
  for (const Member& member : taken) shown.opened_at = std::min(shown.opened_at, member.occurred_at);
  recount(shown, taken, context.bundle->limits.life.newest_events);
  made.beside.kind = from.beside.kind;
  made.beside.default_spot = from.beside.default_spot;
  made.beside.denied_spot = from.beside.denied_spot;
  made.beside.apart_from = {from.shown.id};
  return made;
}

// How well it may be the one whose words the incident shows: by its words, then by its place.
int likeness(Context& context, const Member& member, const Incident& shown) {
  Incident face;
  const bool said = apply_face(context.objects.face_of(member.event), face);
  // Kept for reports that joined: one without had opened an incident, and is shown wherever it went.
  if (!said) return member.feed == Feed::CitizenReports ? 3 : 0;
  if (face.title != shown.title || face.summary != shown.summary) return 0;
  return face.position == shown.position ? 2 : 1;
}

// The words of the opener are kept only where a report that tells of danger is shown in its stead (stages/admit.cpp).
bool opener_is_shown(Context& context, const Member& opener, const Incident& shown) {
  return context.objects.face_of(opener.event).empty() || likeness(context, opener, shown) > 0;
}

// The incident shows the words of the report that opened it. Where that one was taken out before, a command opened the incident, or a
// report that tells of danger is shown, it shows those of the most alike.
bool shown_one_stays(Context& context, const Incident& shown, const Parted& parted) {
  const auto opener_in = [&](const std::vector<Member>& members) {
    return std::any_of(members.begin(), members.end(),
                       [&](const Member& member) { return member.event.str() == shown.opened_by && opener_is_shown(context, member, shown); });
  };
  if (opener_in(parted.taken)) return false;
  if (opener_in(parted.left)) return true;
  const auto most_alike = [&](const std::vector<Member>& members) {
    int most = 0;
    for (const Member& member : members) most = std::max(most, likeness(context, member, shown));
    return most;
  };
  return most_alike(parted.left) >= most_alike(parted.taken);
}

// Each shows what one of its own reports says: what leaves the newest, what stays the oldest, where it has to be another.
void show_own_words(Context& context, OpenIncident& from, OpenIncident& made, const Parted& parted) {
  if (shown_one_stays(context, from.shown, parted)) {
    const auto shows = [&](const Member& member) { return apply_face(context.objects.face_of(member.event), made.shown); };
    (void)std::any_of(parted.taken.rbegin(), parted.taken.rend(), shows);
    made.beside.default_spot = made.beside.denied_spot = false;
    return;
  }
  for (const Member& member : parted.left) {
    if (!apply_face(context.objects.face_of(member.event), from.shown)) continue;
    from.words_read = false;
    from.beside.default_spot = from.beside.denied_spot = false;
    context.book.index(from);
    return;
  }
}

void explain(Context& context, const IncidentId& from, const IncidentId& to, const Member& member, const std::string& actor) {
  Decision decision;
  decision.kind = DecisionKind::Split;
  decision.incident = to;
  decision.event = member.event;
  decision.feed = member.feed;
  decision.actor = actor;
  decision.details = {{"from", from.str()}, {"to", to.str()}};
  context.out.decide("taken_out_by_operator", std::move(decision));
}

}  // namespace

Outcome split(Context& context, OpenIncident& from, const Command& command) {
  if (command.events.empty() || command.events.size() > kEventsMax) return {"name 1 to 1000 of its events", {}};
  if (from.beside.parts_left > 0) return {"it is still arriving from another area; try again", {}};
  if (context.book.find(incident_id(context.partition, command.id.str()))) return {"an incident of this command's id is there already", {}};
  std::set<ObjectKey> objects;
  std::set<EventId> events;
  for (const EventId& event : command.events) {
    const auto member = context.objects.member(from.shown.id, event);
    if (!member) return {"the event " + event.str() + " is not in this incident itself; take apart what was merged first", {}};
    events.insert(event);
    if (!member->object.empty()) objects.emplace(member->source, member->object);
  }
  Parted parted = part(context, from.shown.id, objects, events);
  if (parted.left.empty()) return {"nothing would be left in it; leave at least one event", {}};

  OpenIncident& made = open_split(context, from, command, parted.taken);
  const Rerouting rerouting(context, from);
  const Severity severity = from.shown.severity;
  move_members(context, from, made, parted.taken);
  show_own_words(context, from, made, parted);
  std::vector<EventId> moved;
  for (const Member& member : parted.taken) moved.push_back(member.event);
  made.beside.marks = take_marks(moved, from.beside.marks);
  if (from.indexed) context.book.index_addresses(from);
  from.shown.last_event_at = EventTime::from_ms(INT64_MIN);
  recount(from.shown, parted.left, context.bundle->limits.life.newest_events);
  if (context.behaviour >= since::kFollowsLives) {
    settle_ended(context, from);
    settle_ended(context, made);
    count_silence(context, made);
  }
  from.beside.apart_from.push_back(made.shown.id);
  std::erase_if(from.shown.suggestions, [&](const Suggestion& one) { return one.incident == made.shown.id; });
  context.touch(from, Change::Version);
  context.touch(made, Change::Version);
  context.book.index(made);
  const bool rerouted = rerouting.follow();
  if (rerouted || from.shown.severity != severity) refit_clocks(context, from, "taken_out_by_operator");
  for (const Member& member : parted.taken) explain(context, from.shown.id, made.shown.id, member, command.actor);
  const Feed feed = parted.taken.front().feed;
  route_incident(context, made, feed, parted.taken.front().event);
  start_clocks(context, made, feed, parted.taken.front().event);
  tell_all_citizens(context, made);
  return {{}, {made.shown.id}};
}

}  // namespace ioc::triage
