#include "libs/domain/wire.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/stubs/logging.h>

#include <utility>

#include "ioc/v1/command.pb.h"
#include "ioc/v1/decision.pb.h"
#include "ioc/v1/event.pb.h"
#include "ioc/v1/incident.pb.h"
#include "ioc/v1/output.pb.h"
#include "ioc/v1/record.pb.h"
#include "libs/domain/wire_decode.h"

namespace ioc::wire {
namespace {

// Domain enumerators have the wire's numbers; the wire's may be newer than this binary.
template <class To, class From>
To cast(From value) {
  return static_cast<To>(static_cast<int>(value));
}

template <class Ids, class Field>
void put_ids(const Ids& ids, Field* field) {
  field->Reserve(static_cast<int>(ids.size()));
  for (const auto& id : ids) *field->Add() = id.str();
}

template <class Id, class Field>
std::vector<Id> take_ids(Field* field) {
  std::vector<Id> ids;
  ids.reserve(static_cast<std::size_t>(field->size()));
  for (auto& text : *field) ids.emplace_back(std::move(text));
  return ids;
}

template <class T>
std::string serialise(const T& message) {
  std::string bytes;
  message.SerializeToString(&bytes);
  return bytes;
}

// A required enumeration: 1..max of this binary.
template <class Enum>
bool known(int value, Enum last) {
  return value >= 1 && value <= static_cast<int>(last);
}

// ---- Event ----

void put(const CitizenReport& from, v1::CitizenReport* to) {
  to->set_title(from.title);
  to->set_text(from.text);
  to->set_category(from.category);
  to->set_urgency(cast<v1::Urgency>(from.urgency));
  to->set_address(from.address);
  for (const Media& media : from.media) {
    v1::Media* item = to->add_media();
    item->set_url(media.url);
    item->set_kind(media.kind);
    item->set_sha256(media.sha256);
  }
  to->set_channel(from.channel);
  to->set_anonymous(from.anonymous);
  to->set_follows(from.follows);
}

CitizenReport take(v1::CitizenReport* from) {
  CitizenReport to;
  to.title = std::move(*from->mutable_title());
  to.text = std::move(*from->mutable_text());
  to.category = std::move(*from->mutable_category());
  to.urgency = known(from->urgency(), Urgency::Urgent) ? cast<Urgency>(from->urgency()) : Urgency::Unspecified;
  to.address = std::move(*from->mutable_address());
  for (v1::Media& media : *from->mutable_media()) {
    to.media.push_back({std::move(*media.mutable_url()), std::move(*media.mutable_kind()),
                        std::move(*media.mutable_sha256())});
  }
  to.channel = std::move(*from->mutable_channel());
  to.anonymous = from->anonymous();
  to.follows = std::move(*from->mutable_follows());
  return to;
}

void put(const CameraAlert& from, v1::CameraAlert* to) {
  to->set_camera(from.camera);
  to->set_kind(from.kind);
  to->set_state(cast<v1::AlertState>(from.state));
  to->set_started_at_ms(from.started_at.ms());
  to->set_confidence_permille(from.confidence_permille);
  to->set_zone(from.zone);
  for (const SeenObject& object : from.objects) {
    v1::SeenObject* item = to->add_objects();
    item->set_label(object.label);
    item->set_plate_hash(object.plate_hash);
  }
  to->set_snapshot(from.snapshot);
  to->set_detector(from.detector);
  to->set_unique_id(from.unique_id);
}

CameraAlert take(v1::CameraAlert* from) {
  CameraAlert to;
  to.camera = std::move(*from->mutable_camera());
  to.kind = std::move(*from->mutable_kind());
  to.state = known(from->state(), AlertState::End) ? cast<AlertState>(from->state()) : AlertState::Unspecified;
  to.started_at = EventTime::from_ms(from->started_at_ms());
  to.confidence_permille = from->confidence_permille();
  to.zone = std::move(*from->mutable_zone());
  for (v1::SeenObject& object : *from->mutable_objects()) {
    to.objects.push_back({std::move(*object.mutable_label()), std::move(*object.mutable_plate_hash())});
  }
  to.snapshot = std::move(*from->mutable_snapshot());
  to.detector = std::move(*from->mutable_detector());
  to.unique_id = from->unique_id();
  return to;
}

void put(const CheckpointPassage& from, v1::CheckpointPassage* to) {
  to->set_checkpoint(from.checkpoint);
  to->set_direction(cast<v1::Direction>(from.direction));
  to->set_vehicle(cast<v1::Vehicle>(from.vehicle));
  to->set_plate_hash(from.plate_hash);
  to->set_people(from.people);
  to->set_from_unit(from.from_unit);
  to->set_to_unit(from.to_unit);
  to->set_symptoms(from.symptoms);
  to->set_contact(from.contact);
  to->set_result(cast<v1::PassageResult>(from.result));
  to->set_officer_unit(from.officer_unit);
}

CheckpointPassage take(v1::CheckpointPassage* from) {
  CheckpointPassage to;
  to.checkpoint = std::move(*from->mutable_checkpoint());
  to.direction = known(from->direction(), Direction::Out) ? cast<Direction>(from->direction()) : Direction::Unspecified;
  to.vehicle = known(from->vehicle(), Vehicle::Foot) ? cast<Vehicle>(from->vehicle()) : Vehicle::Unspecified;
  to.plate_hash = std::move(*from->mutable_plate_hash());
  to.people = from->people();
  to.from_unit = std::move(*from->mutable_from_unit());
  to.to_unit = std::move(*from->mutable_to_unit());
  to.symptoms = from->symptoms();
  to.contact = from->contact();
  to.result =
      known(from->result(), PassageResult::Evaded) ? cast<PassageResult>(from->result()) : PassageResult::Unspecified;
  to.officer_unit = std::move(*from->mutable_officer_unit());
  return to;
}

void put(const CheckpointStatus& from, v1::CheckpointStatus* to) {
  to->set_checkpoint(from.checkpoint);
  to->set_state(cast<v1::CheckpointState>(from.state));
  to->set_queue_vehicles(from.queue_vehicles);
  to->set_staff(from.staff);
}

CheckpointStatus take(v1::CheckpointStatus* from) {
  CheckpointStatus to;
  to.checkpoint = std::move(*from->mutable_checkpoint());
  to.state =
      known(from->state(), CheckpointState::Closed) ? cast<CheckpointState>(from->state()) : CheckpointState::Unspecified;
  to.queue_vehicles = from->queue_vehicles();
  to.staff = from->staff();
  return to;
}

void put(const OnlineMention& from, v1::OnlineMention* to) {
  to->set_topic(from.topic);
  for (const std::string& place : from.places) to->add_places(place);
  to->set_volume(from.volume);
  to->set_period_minutes(from.period_minutes);
  to->set_trend(cast<v1::Trend>(from.trend));
  to->set_sentiment_permille(from.sentiment_permille);
  to->set_link(from.link);
}

OnlineMention take(v1::OnlineMention* from) {
  OnlineMention to;
  to.topic = std::move(*from->mutable_topic());
  for (std::string& place : *from->mutable_places()) to.places.push_back(std::move(place));
  to.volume = from->volume();
  to.period_minutes = from->period_minutes();
  to.trend = known(from->trend(), Trend::Rising) ? cast<Trend>(from->trend()) : Trend::Unspecified;
  to.sentiment_permille = from->sentiment_permille();
  to.link = std::move(*from->mutable_link());
  return to;
}

void put(const Indicator& from, v1::Indicator* to) {
  to->set_code(from.code);
  to->set_unit(from.unit);
  to->set_period(from.period);
  to->set_value_e6(from.value_e6);
  to->set_has_target(from.target_e6.has_value());
  to->set_target_e6(from.target_e6.value_or(0));
  to->set_measure(from.measure);
  to->set_as_of(from.as_of);
}

Indicator take(v1::Indicator* from) {
  Indicator to;
  to.code = std::move(*from->mutable_code());
  to.unit = std::move(*from->mutable_unit());
  to.period = std::move(*from->mutable_period());
  to.value_e6 = from->value_e6();
  if (from->has_target()) to.target_e6 = from->target_e6();
  to.measure = std::move(*from->mutable_measure());
  to.as_of = std::move(*from->mutable_as_of());
  return to;
}

void put(const Position& from, v1::Position* to) {
  to->set_lat_e7(from.lat_e7);
  to->set_lon_e7(from.lon_e7);
  to->set_accuracy_m(from.accuracy_m);
}

Position take(const v1::Position& from) { return {from.lat_e7(), from.lon_e7(), from.accuracy_m()}; }

void put(const Event& from, v1::Event* to) {
  to->set_id(from.id.str());
  to->set_feed(cast<v1::Feed>(from.feed));
  to->set_source(from.source.str());
  to->set_object_id(from.object.str());
  to->set_revision(from.revision);
  to->set_occurred_at_ms(from.occurred_at.ms());
  to->set_received_at_ms(from.received_at.ms());
  for (const EventFlag flag : from.flags) to->add_flags(cast<v1::EventFlag>(flag));
  if (from.position) {
    put(*from.position, to->mutable_position());
  }
  for (const ValueFlag& flag : from.value_flags) {
    v1::ValueFlag* item = to->add_value_flags();
    item->set_field(flag.field);
    item->set_reason(cast<v1::ValueReason>(flag.reason));
  }
  to->set_value_flags_more(from.value_flags_more);
  struct Body {
    v1::Event* event;
    void operator()(const CitizenReport& body) const { put(body, event->mutable_citizen_report()); }
    void operator()(const CameraAlert& body) const { put(body, event->mutable_camera_alert()); }
    void operator()(const CheckpointPassage& body) const { put(body, event->mutable_checkpoint_passage()); }
    void operator()(const CheckpointStatus& body) const { put(body, event->mutable_checkpoint_status()); }
    void operator()(const OnlineMention& body) const { put(body, event->mutable_online_mention()); }
    void operator()(const Indicator& body) const { put(body, event->mutable_indicator()); }
  };
  std::visit(Body{to}, from.body);
}

Result<Event> take(v1::Event* from) {
  if (from->id().empty()) return corrupt("event: id is missing");
  if (!known(from->feed(), Feed::Indicators)) return corrupt("event: feed is missing or unknown");
  // Ingest bounds it; whatever comes another way must not make differences of times overflow.
  if (from->occurred_at_ms() < 0 || from->occurred_at_ms() > kLatestEventMs) {
    return corrupt("event: occurred_at is outside 1970 to 2199");
  }
  Event to;
  to.id = EventId(std::move(*from->mutable_id()));
  to.feed = cast<Feed>(from->feed());
  to.source = SourceId(std::move(*from->mutable_source()));
  to.object = ObjectId(std::move(*from->mutable_object_id()));
  to.revision = from->revision();
  to.occurred_at = EventTime::from_ms(from->occurred_at_ms());
  to.received_at = WallTime::from_ms(from->received_at_ms());
  for (const int flag : from->flags()) {
    if (const auto known_flag = event_flag_numbered(static_cast<std::uint64_t>(flag))) to.flags.push_back(*known_flag);
  }
  if (from->has_position()) {
    to.position = take(from->position());
  }
  for (v1::ValueFlag& flag : *from->mutable_value_flags()) {
    if (!known(flag.reason(), ValueReason::Vn2000)) continue;
    to.value_flags.push_back({std::move(*flag.mutable_field()), cast<ValueReason>(flag.reason())});
  }
  to.value_flags_more = from->value_flags_more();
  switch (from->body_case()) {
    case v1::Event::kCitizenReport: to.body = take(from->mutable_citizen_report()); break;
    case v1::Event::kCameraAlert: to.body = take(from->mutable_camera_alert()); break;
    case v1::Event::kCheckpointPassage: to.body = take(from->mutable_checkpoint_passage()); break;
    case v1::Event::kCheckpointStatus: to.body = take(from->mutable_checkpoint_status()); break;
    case v1::Event::kOnlineMention: to.body = take(from->mutable_online_mention()); break;
    case v1::Event::kIndicator: to.body = take(from->mutable_indicator()); break;
    case v1::Event::BODY_NOT_SET: return corrupt("event: body is missing or unknown");
  }
  return to;
}

// ---- Command ----

void put(const Command& from, v1::Command* to) {
  to->set_id(from.id.str());
  to->set_incident_id(from.incident.str());
  to->set_version(from.version);
  to->set_kind(cast<v1::CommandKind>(from.kind));
  to->set_actor(from.actor);
  to->set_issued_at_ms(from.issued_at.ms());
  to->set_queue(from.queue.str());
  to->set_person(from.person);
  put_ids(from.units, to->mutable_units());
  to->set_outcome(from.outcome);
  to->set_text(from.text);
  put_ids(from.events, to->mutable_event_ids());
  to->set_into(from.into.str());
  if (from.position) put(*from.position, to->mutable_position());
  to->set_category(from.category.str());
  to->set_sub_kind(from.sub_kind.str());
  put_ids(from.further_categories, to->mutable_further_categories());
  if (from.severity) to->set_severity(cast<v1::Severity>(*from.severity));
  to->set_has_emergency(from.emergency.has_value());
  to->set_emergency(from.emergency.value_or(false));
  to->set_back_to_triage(from.back_to_triage);
}

// Category, severity and danger to life of a command, or those that it overruled: each only where it is named.
template <class Message, class Named>
void take_class(Message* from, Named& to) {
  to.category = CategoryCode(std::move(*from->mutable_category()));
  to.sub_kind = SubKindCode(std::move(*from->mutable_sub_kind()));
  to.further_categories = take_ids<CategoryCode>(from->mutable_further_categories());
  if (known(from->severity(), Severity::Info)) to.severity = cast<Severity>(from->severity());
  if (from->has_emergency()) to.emergency = from->emergency();
}

Result<Command> take(v1::Command* from) {
  if (from->id().empty()) return corrupt("command: id is missing");
  if (!known(from->kind(), CommandKind::MarkFalse)) return corrupt("command: kind is missing or unknown");
  Command to;
  to.id = CommandId(std::move(*from->mutable_id()));
  to.incident = IncidentId(std::move(*from->mutable_incident_id()));
  to.version = from->version();
  to.kind = cast<CommandKind>(from->kind());
  to.actor = std::move(*from->mutable_actor());
  to.issued_at = WallTime::from_ms(from->issued_at_ms());
  to.queue = QueueId(std::move(*from->mutable_queue()));
  to.person = std::move(*from->mutable_person());
  to.units = take_ids<UnitCode>(from->mutable_units());
  to.outcome = std::move(*from->mutable_outcome());
  to.text = std::move(*from->mutable_text());
  to.events = take_ids<EventId>(from->mutable_event_ids());
  to.into = IncidentId(std::move(*from->mutable_into()));
  if (from->has_position()) to.position = take(from->position());
  take_class(from, to);
  to.back_to_triage = from->back_to_triage();
  return to;
}

CommandResult take(v1::CommandResult* from) {
  CommandResult to;
  to.command = CommandId(std::move(*from->mutable_command_id()));
  to.status = known(from->status(), CommandStatus::Refused) ? cast<CommandStatus>(from->status()) : CommandStatus::Refused;
  to.incident = IncidentId(std::move(*from->mutable_incident_id()));
  to.version = from->version();
  to.detail = std::move(*from->mutable_detail());
  to.created = take_ids<IncidentId>(from->mutable_created_incident_ids());
  return to;
}

// ---- Incident ----

Overruled take(v1::Overruled* from) {
  Overruled to;
  to.by = std::move(*from->mutable_by());
  take_class(from, to);
  if (known(from->triage_severity(), Severity::Info)) to.triage_severity = cast<Severity>(from->triage_severity());
  return to;
}

Result<Incident> take(v1::Incident* from) {
  if (from->id().empty()) return corrupt("incident: id is missing");
  if (!known(from->state(), IncidentState::Closed)) return corrupt("incident: state is missing or unknown");
  if (!known(from->severity(), Severity::Info)) return corrupt("incident: severity is missing or unknown");
  Incident to;
  to.id = IncidentId(std::move(*from->mutable_id()));
  to.version = from->version();
  to.revision = from->revision();
  to.state = cast<IncidentState>(from->state());
  if (from->acknowledged_at_ms() != 0) to.acknowledged_at = LogTime::from_ms(from->acknowledged_at_ms());
  to.acknowledged_by = std::move(*from->mutable_acknowledged_by());
  to.category = CategoryCode(std::move(*from->mutable_category()));
  to.further_categories = take_ids<CategoryCode>(from->mutable_further_categories());
  to.sub_kind = SubKindCode(std::move(*from->mutable_sub_kind()));
  to.sender_category = std::move(*from->mutable_sender_category());
  to.severity = cast<Severity>(from->severity());
  to.emergency = from->emergency();
  to.title = std::move(*from->mutable_title());
  to.summary = std::move(*from->mutable_summary());
  if (from->has_position()) to.position = Position{from->lat_e7(), from->lon_e7(), 0};
  to.position_source = known(from->position_source(), PositionSource::PlaceName)
                           ? cast<PositionSource>(from->position_source())
                           : PositionSource::None;
  to.place_state =
      known(from->place_state(), PlaceState::Named) ? cast<PlaceState>(from->place_state()) : PlaceState::Unknown;
  to.unit = UnitCode(std::move(*from->mutable_unit_code()));
  to.unit_name = std::move(*from->mutable_unit_name());
  to.area = AreaId(std::move(*from->mutable_area()));
  to.address = std::move(*from->mutable_address());
  to.opened_at = EventTime::from_ms(from->opened_at_ms());
  to.received_at = LogTime::from_ms(from->received_at_ms());
  to.updated_at = LogTime::from_ms(from->updated_at_ms());
  to.last_event_at = EventTime::from_ms(from->last_event_at_ms());
  to.queue = QueueId(std::move(*from->mutable_queue()));
  to.assignee = std::move(*from->mutable_assignee());
  to.forwarded_units = take_ids<UnitCode>(from->mutable_forwarded_units());
  for (const v1::Clock& clock : from->clocks()) {
    if (!known(clock.kind(), ClockKind::Resolve) || !known(clock.state(), ClockState::Stopped)) continue;
    to.clocks.push_back({cast<ClockKind>(clock.kind()), LogTime::from_ms(clock.started_at_ms()),
                         LogTime::from_ms(clock.warn_at_ms()), LogTime::from_ms(clock.due_at_ms()),
                         cast<ClockState>(clock.state())});
  }
  for (const v1::SourceCount& source : from->sources()) {
    if (known(source.feed(), Feed::Indicators)) to.sources.push_back({cast<Feed>(source.feed()), source.events()});
  }
  to.reports = from->reports();
  to.events = from->events();
  to.occurrence = from->occurrence();
  for (v1::Suggestion& suggestion : *from->mutable_suggestions()) {
    to.suggestions.push_back({IncidentId(std::move(*suggestion.mutable_incident_id())), suggestion.score_permille()});
  }
  to.subscribers = take_ids<SubscriberId>(from->mutable_subscribers());
  to.newest_events = take_ids<EventId>(from->mutable_newest_events());
  to.outcome = std::move(*from->mutable_outcome());
  to.merged_into = IncidentId(std::move(*from->mutable_merged_into()));
  to.split_from = IncidentId(std::move(*from->mutable_split_from()));
  to.chattering = from->chattering();
  to.ended = from->ended();
  to.route_rule = std::move(*from->mutable_route_rule());
  to.opened_by = std::move(*from->mutable_opened_by());
  to.relocated_to = IncidentId(std::move(*from->mutable_relocated_to()));
  to.relocated_from = IncidentId(std::move(*from->mutable_relocated_from()));
  to.recurrence_of = IncidentId(std::move(*from->mutable_recurrence_of()));
  to.merged = take_ids<IncidentId>(from->mutable_merged());
  if (from->has_overruled()) to.overruled = take(from->mutable_overruled());
  return to;
}

// ---- Decision ----

Result<Decision> take(v1::Decision* from) {
  if (!known(from->kind(), DecisionKind::Ended)) return corrupt("decision: kind is missing or unknown");
  Decision to;
  to.partition = PartitionId(from->partition());
  to.offset = Offset(from->offset());
  to.index = from->index();
  to.decided_at = LogTime::from_ms(from->decided_at_ms());
  to.kind = cast<DecisionKind>(from->kind());
  to.incident = IncidentId(std::move(*from->mutable_incident_id()));
  to.event = EventId(std::move(*from->mutable_event_id()));
  if (known(from->feed(), Feed::Indicators)) to.feed = cast<Feed>(from->feed());
  to.reason = std::move(*from->mutable_reason());
  to.rule = std::move(*from->mutable_rule());
  to.bundle = std::move(*from->mutable_bundle());
  to.actor = std::move(*from->mutable_actor());
  for (v1::Candidate& candidate : *from->mutable_candidates()) {
    Candidate item;
    item.incident = IncidentId(std::move(*candidate.mutable_incident_id()));
    item.score_permille = candidate.score_permille();
    for (v1::ScorePart& part : *candidate.mutable_parts()) {
      item.parts.push_back({std::move(*part.mutable_name()), part.points()});
    }
    item.verdict = std::move(*candidate.mutable_verdict());
    to.candidates.push_back(std::move(item));
  }
  for (v1::Detail& detail : *from->mutable_details()) {
    to.details.push_back({std::move(*detail.mutable_name()), std::move(*detail.mutable_value())});
  }
  if (from->has_command_result()) to.command_result = take(from->mutable_command_result());
  return to;
}

// ---- Relocation ----

void put(const Relocation& from, v1::Relocation* to) {
  to->set_command_id(from.command.str());
  to->set_from_incident(from.from.str());
  to->set_from_area(from.from_area.str());
  to->set_to_area(from.to_area.str());
  to->set_from_partition(from.from_partition.value());
  to->set_from_offset(from.from_offset.value());
  to->set_part(from.part);
  to->set_parts(from.parts);
  to->set_actor(from.actor);
  if (from.snapshot) to->set_snapshot(encode(*from.snapshot));
  to->set_kind(from.kind);
  to->set_objects_open(from.objects_open);
  to->set_default_spot(from.default_spot);
  to->set_marks(from.marks);
  for (const RelocatedMember& member : from.members) {
    v1::RelocatedMember* item = to->add_members();
    item->set_event_id(member.event.str());
    item->set_feed(cast<v1::Feed>(member.feed));
    item->set_hop(member.hop);
    item->set_first(member.first);
    item->set_open(member.open);
    item->set_source(member.source.str());
    item->set_object_id(member.object.str());
    item->set_occurred_at_ms(member.occurred_at.ms());
    item->set_revision(member.revision);
    item->set_ended(member.ended);
    item->set_face(member.face);
    item->set_newest_at_ms(member.newest_at.ms());
    item->set_began_at_ms(member.began_at.ms());
    item->set_silent_at_ms(member.silent_at.ms());
    item->set_superseded(member.superseded);
  }
}

Result<Relocation> take(v1::Relocation* from) {
  if (from->command_id().empty()) return corrupt("relocation: command_id is missing");
  Relocation to;
  if (from->part() == 0) {
    auto snapshot = decode_incident(from->snapshot());
    if (!snapshot) return corrupt("relocation: the first part has no snapshot");
    to.snapshot = std::move(*snapshot);
  }
  to.command = CommandId(std::move(*from->mutable_command_id()));
  to.from = IncidentId(std::move(*from->mutable_from_incident()));
  to.from_area = AreaId(std::move(*from->mutable_from_area()));
  to.to_area = AreaId(std::move(*from->mutable_to_area()));
  to.from_partition = PartitionId(from->from_partition());
  to.from_offset = Offset(from->from_offset());
  to.part = from->part();
  to.parts = from->parts();
  to.actor = std::move(*from->mutable_actor());
  to.kind = std::move(*from->mutable_kind());
  to.objects_open = from->objects_open();
  to.default_spot = from->default_spot();
  to.marks = std::move(*from->mutable_marks());
  for (v1::RelocatedMember& member : *from->mutable_members()) {
    if (!known(member.feed(), Feed::Indicators)) return corrupt("relocation: a member's feed is missing or unknown");
    to.members.push_back({EventId(std::move(*member.mutable_event_id())), cast<Feed>(member.feed()), member.hop(), member.first(),
                          member.open(), SourceId(std::move(*member.mutable_source())),
                          ObjectId(std::move(*member.mutable_object_id())), EventTime::from_ms(member.occurred_at_ms()),
                          member.revision(), member.ended(), std::move(*member.mutable_face()),
                          EventTime::from_ms(member.newest_at_ms()), EventTime::from_ms(member.began_at_ms()),
                          LogTime::from_ms(member.silent_at_ms()), member.superseded()});
  }
  return to;
}

// Parses into an arena: one allocation for all sub-messages, none of them freed one by one.
template <class Message, class Take>
auto parse(std::string_view bytes, std::string_view what, Take&& take_it) -> decltype(take_it(std::declval<Message*>())) {
  // What is wrong is in the answer; the library would print a line for every hostile record.
  [[maybe_unused]] static const auto kBefore = google::protobuf::SetLogHandler(nullptr);
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<Message>(&arena);
  if (bytes.size() > 64ULL << 20 || !message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return corrupt(std::string(what) + ": not a Protobuf message of that type");
  }
  return take_it(message);
}

template <class Message, class Domain>
std::string encode_as(const Domain& value) {
  Message message;
  put(value, &message);
  return serialise(message);
}

}  // namespace

std::string encode(const Record& record) {
  v1::Record message;
  struct Kind {
    v1::Record* to;
    void operator()(const Event& event) const { put(event, to->mutable_event()); }
    void operator()(const Command& command) const { put(command, to->mutable_command()); }
    void operator()(const Tick&) const { to->mutable_tick(); }
    void operator()(const Transfer& transfer) const {
      v1::Transfer* item = to->mutable_transfer();
      put(transfer.event, item->mutable_event());
      item->set_from_area(transfer.from_area.str());
      item->set_to_area(transfer.to_area.str());
      item->set_from_partition(transfer.from_partition.value());
      item->set_from_offset(transfer.from_offset.value());
      item->set_hop(transfer.hop);
    }
    void operator()(const Activation& activation) const {
      v1::Activation* item = to->mutable_activation();
      item->set_bundle(activation.bundle);
      item->set_behaviour_version(activation.behaviour_version);
      item->set_activated_by(activation.activated_by);
    }
    void operator()(const Relocation& relocation) const { put(relocation, to->mutable_relocation()); }
  };
  std::visit(Kind{&message}, record);
  return serialise(message);
}

Result<Record> decode_record(std::string_view bytes) {
  if (auto event = decode_plain_event(bytes)) return Record(std::move(*event));
  return decode_record_by_protobuf(bytes);
}

Result<Record> decode_record_by_protobuf(std::string_view bytes) {
  return parse<v1::Record>(bytes, "record", [](v1::Record* message) -> Result<Record> {
    switch (message->kind_case()) {
      case v1::Record::kEvent: {
        auto event = take(message->mutable_event());
        if (event.has_error()) return event.error();
        return Record(std::move(*event));
      }
      case v1::Record::kCommand: {
        auto command = take(message->mutable_command());
        if (command.has_error()) return command.error();
        return Record(std::move(*command));
      }
      case v1::Record::kTick: return Record(Tick{});
      case v1::Record::kTransfer: {
        v1::Transfer* from = message->mutable_transfer();
        auto event = take(from->mutable_event());
        if (event.has_error()) return event.error();
        Transfer to;
        to.event = std::move(*event);
        to.from_area = AreaId(std::move(*from->mutable_from_area()));
        to.to_area = AreaId(std::move(*from->mutable_to_area()));
        to.from_partition = PartitionId(from->from_partition());
        to.from_offset = Offset(from->from_offset());
        to.hop = from->hop();
        return Record(std::move(to));
      }
      case v1::Record::kActivation: {
        v1::Activation* from = message->mutable_activation();
        if (from->bundle().empty()) return corrupt("activation: bundle is missing");
        return Record(Activation{std::move(*from->mutable_bundle()), from->behaviour_version(),
                                 std::move(*from->mutable_activated_by())});
      }
      case v1::Record::kRelocation: {
        auto relocation = take(message->mutable_relocation());
        if (relocation.has_error()) return relocation.error();
        return Record(std::move(*relocation));
      }
      case v1::Record::KIND_NOT_SET: break;
    }
    return corrupt("record: kind is missing or unknown");
  });
}

std::string encode(const Event& event) { return encode_as<v1::Event>(event); }

std::string encode(const ReportStatus& status) {
  v1::ReportStatus message;
  message.set_source(status.source.str());
  message.set_report_id(status.report.str());
  message.set_event_id(status.event.str());
  message.set_incident_id(status.incident.str());
  message.set_state(cast<v1::ReportState>(status.state));
  message.set_joined(status.joined);
  message.set_hop(status.hop);
  message.set_revision(status.revision);
  message.set_updated_at_ms(status.updated_at.ms());
  message.set_outcome(status.outcome);
  return serialise(message);
}

std::string encode(const DeadLetter& letter) {
  v1::DeadLetter message;
  message.set_id(letter.id);
  message.set_feed(letter.feed);
  message.set_stage(letter.stage);
  message.set_reason(letter.reason);
  message.set_field(letter.field);
  message.set_limit(letter.limit);
  message.set_detail(letter.detail);
  message.set_payload_ref(letter.payload_ref);
  message.set_event_id(letter.event.str());
  message.set_origin_topic(letter.origin_topic);
  message.set_origin_partition(letter.origin_partition.value());
  message.set_origin_offset(letter.origin_offset.value());
  message.set_at_ms(letter.at.ms());
  message.set_path(letter.path);
  return serialise(message);
}

Result<Event> decode_event(std::string_view bytes) {
  return parse<v1::Event>(bytes, "event", [](v1::Event* message) { return take(message); });
}

Result<Incident> decode_incident(std::string_view bytes) {
  return parse<v1::Incident>(bytes, "incident", [](v1::Incident* message) { return take(message); });
}

Result<Decision> decode_decision(std::string_view bytes) {
  return parse<v1::Decision>(bytes, "decision", [](v1::Decision* message) { return take(message); });
}

Result<FeedEntry> decode_feed_entry(std::string_view bytes) {
  return parse<v1::FeedEntry>(bytes, "feed entry", [](v1::FeedEntry* message) -> Result<FeedEntry> {
    auto incident = take(message->mutable_incident());
    if (incident.has_error()) return incident.error();
    return FeedEntry{SubscriberId(std::move(*message->mutable_subscriber())), PartitionId(message->partition()),
                     message->number(), std::move(*incident), LogTime::from_ms(message->at_ms())};
  });
}

Result<ReportStatus> decode_report_status(std::string_view bytes) {
  return parse<v1::ReportStatus>(bytes, "report status", [](v1::ReportStatus* message) -> Result<ReportStatus> {
    if (!known(message->state(), ReportState::Closed)) return corrupt("report status: state is missing or unknown");
    ReportStatus to;
    to.source = SourceId(std::move(*message->mutable_source()));
    to.report = ObjectId(std::move(*message->mutable_report_id()));
    to.event = EventId(std::move(*message->mutable_event_id()));
    to.incident = IncidentId(std::move(*message->mutable_incident_id()));
    to.state = cast<ReportState>(message->state());
    to.joined = message->joined();
    to.hop = message->hop();
    to.revision = message->revision();
    to.updated_at = LogTime::from_ms(message->updated_at_ms());
    to.outcome = std::move(*message->mutable_outcome());
    return to;
  });
}

Result<DeadLetter> decode_dead_letter(std::string_view bytes) {
  return parse<v1::DeadLetter>(bytes, "dead letter", [](v1::DeadLetter* message) -> Result<DeadLetter> {
    DeadLetter to;
    to.id = std::move(*message->mutable_id());
    to.feed = std::move(*message->mutable_feed());
    to.stage = std::move(*message->mutable_stage());
    to.reason = std::move(*message->mutable_reason());
    to.field = std::move(*message->mutable_field());
    to.limit = std::move(*message->mutable_limit());
    to.detail = std::move(*message->mutable_detail());
    to.payload_ref = std::move(*message->mutable_payload_ref());
    to.event = EventId(std::move(*message->mutable_event_id()));
    to.origin_topic = std::move(*message->mutable_origin_topic());
    to.origin_partition = PartitionId(message->origin_partition());
    to.origin_offset = Offset(message->origin_offset());
    to.at = WallTime::from_ms(message->at_ms());
    to.path = std::move(*message->mutable_path());
    return to;
  });
}

std::string encode(const BundleChunk& chunk) {
  v1::BundleChunk message;
  message.set_bundle(chunk.bundle);
  message.set_index(chunk.index);
  message.set_count(chunk.count);
  message.set_part(chunk.part);
  message.set_part_index(chunk.part_index);
  message.set_content(chunk.content);
  return serialise(message);
}

std::string encode_manifest(const std::vector<BundlePart>& parts) {
  v1::BundleManifest message;
  for (const BundlePart& part : parts) {
    v1::BundleManifest::Part* item = message.add_parts();
    item->set_name(part.name);
    item->set_hash(part.hash);
    item->set_size_bytes(part.size_bytes);
  }
  return serialise(message);
}

Result<BundleChunk> decode_bundle_chunk(std::string_view bytes) {
  return parse<v1::BundleChunk>(bytes, "bundle chunk", [](v1::BundleChunk* message) -> Result<BundleChunk> {
    return BundleChunk{std::move(*message->mutable_bundle()), message->index(),      message->count(),
                       std::move(*message->mutable_part()),   message->part_index(), std::move(*message->mutable_content())};
  });
}

Result<std::vector<BundlePart>> decode_manifest(std::string_view bytes) {
  return parse<v1::BundleManifest>(bytes, "bundle manifest",
                                   [](v1::BundleManifest* message) -> Result<std::vector<BundlePart>> {
                                     std::vector<BundlePart> parts;
                                     for (v1::BundleManifest::Part& part : *message->mutable_parts()) {
                                       parts.push_back({std::move(*part.mutable_name()), std::move(*part.mutable_hash()),
                                                        part.size_bytes()});
                                     }
                                     return parts;
                                   });
}

}  // namespace ioc::wire
