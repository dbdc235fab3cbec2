// An operator knows better where it is. Within the area only place, route and subscribers change. In another area the
// incident is closed here with a link and opens there with its snapshot, clocks and objects (DESIGN D6); a large one
// travels in several records, its members a few at a time.
#include <algorithm>

#include "libs/triage/commands/commands.h"
#include "libs/triage/cut.h"
#include "libs/triage/memory/face.h"
#include "libs/triage/merged.h"
#include "libs/triage/stages/deadlines.h"
#include "libs/triage/stages/stage.h"

namespace ioc::triage {
namespace {

constexpr std::size_t kPartBytes = 256 * 1024, kMemberBytes = 120;  // a member without its texts

struct NewPlace {
  const geo::Unit* unit = nullptr;
  Position position;
  PositionSource source = PositionSource::Reported;
  PlaceState state = PlaceState::Named;
  std::string wrong;
};

NewPlace place_of(const Context& context, const Incident& shown, const Command& command) {
  NewPlace place;
  const geo::Units* units = context.bundle->units.get();
  if (!units) return place.wrong = "the bundle has no units", place;
  if (command.position) {
    place.position = *command.position;
    if (const auto found = units->at(place.position, shown.opened_at)) {
      place.unit = found->unit;
      place.state = found->state;
    }
  }
  if (!command.units.empty()) {
    const geo::Unit* named = units->by_code(command.units.front(), shown.opened_at);
    if (!named) return place.wrong = "there was no unit " + command.units.front().str() + " when it happened", place;
    if (named != place.unit) place.state = PlaceState::Named;
    place.unit = named;
    if (!command.position) {
      place.position = named->centre;
      place.source = PositionSource::PlaceName;
    }
  }
  if (!place.unit) place.wrong = command.position ? "the position is in no unit; name a unit" : "name a unit or a position";
  return place;
}

void put_place(const NewPlace& place, Incident& shown) {
  shown.position = place.position;
  shown.position->accuracy_m = 0;
  shown.position_source = place.source;
  shown.place_state = place.state;
  shown.unit = place.unit->code;
  shown.unit_name = place.unit->name;
}

Outcome move_within(Context& context, OpenIncident& incident, const NewPlace& place) {
  Incident& shown = incident.shown;
  put_place(place, shown);
  incident.beside.default_spot = incident.beside.denied_spot = false;
  context.book.index(incident);
  context.touch(incident, Change::Version);
  route_again(context, incident);
  return {};
}

std::vector<RelocatedMember> members_of(Context& context, const IncidentId& incident) {
  std::vector<RelocatedMember> all;
  context.objects.for_each_member(incident, [&](const Member& member) {
    all.push_back({member.event, member.feed, member.hop + 1, member.first, member.open, member.source, member.object,
                   member.occurred_at, 0, false, context.objects.face_of(member.event)});
    return true;
  });
  for (RelocatedMember& member : all) {
    const auto known = member.object.empty() ? std::nullopt : context.objects.find(member.source, member.object);
    if (!known) continue;
    member.superseded = context.behaviour >= since::kFollowsLives && known->incident != incident;
    if (member.superseded) continue;
    member.hop = std::max(member.hop, known->hop + 1);
    member.revision = known->revision;
    member.ended = known->ended;
    member.newest_at = known->newest_at;
    member.began_at = known->began_at;
    member.silent_at = known->silent_at;
  }
  return all;
}

// Nothing of it is here any more but the link: what comes for its objects goes after them.
void send_after(Context& context, const IncidentId& from, const std::vector<RelocatedMember>& members, PartitionId to) {
  const Millis kept = context.bundle->limits.life.closed;
  for (const RelocatedMember& member : members) {
    context.objects.remove_member(from, member.event);
    if (context.objects.has_report(member.event)) {
      context.objects.put_report(member.event, {});
      context.objects.forget_report_at(member.event, context.now + kept);
    }
    const auto known = member.object.empty() ? std::nullopt : context.objects.find(member.source, member.object);
    if (known && known->incident == from) context.objects.put_away(member.source, member.object, *known, to, context.now, kept);
  }
}

std::vector<Relocation> in_parts(Relocation first, std::vector<RelocatedMember> members) {
  std::vector<Relocation> parts;
  Relocation rest = first;
  rest.snapshot.reset();
  parts.push_back(std::move(first));
  std::size_t bytes = 0;
  for (RelocatedMember& member : members) {
    const std::size_t size = kMemberBytes + member.event.str().size() + member.source.str().size() +
                             member.object.str().size() + member.face.size();
    if (bytes + size > kPartBytes) {
      parts.push_back(rest);
      bytes = 0;
    }
    bytes += size;
    parts.back().members.push_back(std::move(member));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].part = static_cast<std::uint32_t>(i);
    parts[i].parts = static_cast<std::uint32_t>(parts.size());
  }
  return parts;
}

Incident snapshot_for(const OpenIncident& incident, const NewPlace& place) {
  Incident snapshot = incident.shown;
  put_place(place, snapshot);
  snapshot.subscribers.clear();
  snapshot.suggestions.clear();
  snapshot.relocated_from = snapshot.id;
  return snapshot;
}

void close_here(Context& context, OpenIncident& incident, const IncidentId& there) {
  for (const Clock& clock : std::vector<Clock>(incident.shown.clocks)) end_clock(context, incident, clock.kind, ClockState::Stopped);
  incident.shown.state = IncidentState::Closed;
  incident.shown.relocated_to = there;
  incident.beside.closed_by_record = true;
  incident.beside.close_at = incident.beside.forget_at = incident.beside.counts_due = LogTime();
  archive_later(context, incident, context.now);
  context.touch(incident, Change::Version);
}

Outcome move_out(Context& context, OpenIncident& incident, const Command& command, const NewPlace& place, PartitionId to) {
  if (!incident.shown.merged.empty()) return {"others are merged into it; take them apart first", {}};
  std::vector<RelocatedMember> members = members_of(context, incident.shown.id);
  const bool too_far = std::any_of(members.begin(), members.end(), [](const auto& member) { return member.hop > kHopsMax; });
  if (too_far) return {"it was handed over 4 times already; close it and open it where it belongs", {}};
  const Area* own = context.bundle->area_on(context.partition);
  Relocation first;
  first.command = command.id;
  first.from = incident.shown.id;
  first.from_area = own ? own->id : AreaId();
  first.to_area = context.bundle->area_of(place.unit->code).id;
  first.from_partition = context.partition;
  first.from_offset = context.out.offset();
  first.actor = cut(command.actor, 200);
  first.snapshot = snapshot_for(incident, place);
  first.kind = incident.beside.kind;
  first.objects_open = incident.beside.objects_open;
  first.marks = encode_marks(incident.beside.marks);
  send_after(context, incident.shown.id, members, to);
  for (const Relocation& part : in_parts(std::move(first), std::move(members))) context.out.relocation(part, to);
  const IncidentId there(std::to_string(to.value()) + "-" + command.id.str());
  close_here(context, incident, there);
  return {{}, {there}};
}

void refuse(Context& context, const Relocation& relocation, Reason reason, std::string detail) {
  const EventId opener("unusable-" + std::to_string(context.out.offset().value()));
  context.out.dead_letter(reason.text(), "", std::move(detail), opener, "");
  Decision decision;
  decision.kind = DecisionKind::DeadLetter;
  decision.event = opener;
  decision.actor = relocation.actor;
  context.out.decide(reason, std::move(decision));
}

OpenIncident& open_here(Context& context, const Relocation& relocation, const IncidentId& id) {
  OpenIncident& incident = context.book.add(id);
  incident.opened_now = true;
  Incident& shown = incident.shown;
  shown = *relocation.snapshot;
  shown.id = id;
  shown.version = shown.revision = 1;
  shown.received_at = context.now;
  const Area* own = context.bundle->area_on(context.partition);
  shown.area = own ? own->id : relocation.to_area;
  shown.relocated_from = relocation.from;
  shown.relocated_to = shown.merged_into = {};
  shown.merged.clear();
  incident.beside.kind = relocation.kind;
  incident.beside.objects_open = relocation.objects_open;
  if (!decode_marks(relocation.marks, incident.beside.marks)) incident.beside.marks.clear();  // they only help to join
  incident.beside.parts_left = relocation.parts;
  set_ended_clock(context, incident);
  return incident;
}

// The id may stand for a later object by now: at its home, or here already.
bool stands_for_later(Context& context, const IncidentId& id, const RelocatedMember& member) {
  if (context.behaviour < since::kFollowsLives) return false;
  if (member.superseded) return true;
  const auto here = context.objects.find(member.source, member.object);
  return here && !here->away && here->incident != id && here->newest_at > member.newest_at;
}

void take_object(Context& context, OpenIncident& incident, const RelocatedMember& member) {
  if (member.object.empty() || stands_for_later(context, incident.shown.id, member)) return;
  KnownObject known;
  known.incident = incident.shown.id;
  known.revision = member.revision;
  known.hop = member.hop;
  known.ended = member.ended;
  known.newest_at = member.newest_at;
  known.began_at = member.began_at;
  known.silent_at = member.silent_at;
  const std::uint64_t object = context.objects.put(member.source, member.object, known);
  const bool heard = member.silent_at.ms() != 0 && !known.ended;
  if (heard && context.behaviour >= since::kFollowsLives) incident.beside.silences.hear(object, member.silent_at);
}

void take_members(Context& context, OpenIncident& incident, const Relocation& relocation) {
  const IncidentId& id = incident.shown.id;
  for (const RelocatedMember& member : relocation.members) {
    context.objects.add_member(id, {member.event, member.feed, member.hop, member.first, member.open, member.source,
                                    member.object, member.occurred_at});
    if (!member.face.empty() || member.feed == Feed::CitizenReports) context.objects.put_report(member.event, member.face);
    take_object(context, incident, member);
    Decision decision;
    decision.kind = DecisionKind::Relocated;
    decision.incident = id;
    decision.event = member.event;
    decision.feed = member.feed;
    decision.actor = relocation.actor;
    decision.details = {{"from", relocation.from.str()}, {"to", id.str()}, {"hop", std::to_string(member.hop)}};
    context.out.decide("with_its_incident", std::move(decision));
  }
}

}  // namespace

Outcome relocate(Context& context, OpenIncident& incident, const Command& command) {
  if (incident.beside.parts_left > 0) return {"it is still arriving from another area; try again", {}};
  const NewPlace place = place_of(context, incident.shown, command);
  if (!place.wrong.empty()) return {place.wrong, {}};
  const PartitionId to(static_cast<std::uint32_t>(context.bundle->area_of(place.unit->code).partition));
  const bool elsewhere = context.bundle->areas.size() > 1 && to != context.partition && to.value() < context.partitions;
  return elsewhere ? move_out(context, incident, command, place, to) : move_within(context, incident, place);
}

void receive_relocation(Context& context, const Relocation& relocation) {
  const IncidentId id = incident_id(context.partition, relocation.command.str());
  OpenIncident* incident = context.book.find(id);
  if (relocation.part == 0) {
    if (incident) return refuse(context, relocation, "incident_id_is_taken", "the incident " + id.str() + " is there already");
    if (!is_open(relocation.snapshot->state)) return refuse(context, relocation, "not_open", "only an open incident is relocated");
    incident = &open_here(context, relocation, id);
    Decision decision;
    decision.kind = DecisionKind::Relocated;
    decision.incident = id;
    decision.actor = relocation.actor;
    decision.details = {{"from", relocation.from.str()}, {"from_area", relocation.from_area.str()}};
    context.out.decide("from_another_area", std::move(decision));
  } else if (!incident || incident->beside.parts_left != relocation.parts - relocation.part) {
    return refuse(context, relocation, "part_without_its_first", "an earlier part of this relocation is missing");
  }
  take_members(context, *incident, relocation);
  --incident->beside.parts_left;
  context.book.mark_unwritten(*incident);
  if (relocation.part == 0) {
    context.touch(*incident, Change::Version);
    context.book.index(*incident);
    route_incident(context, *incident, first_feed(incident->shown), {});
  }
  if (context.behaviour >= since::kFollowsLives) count_silence(context, *incident);
  if (incident->beside.parts_left == 0) tell_all_citizens(context, *incident);
}

}  // namespace ioc::triage
