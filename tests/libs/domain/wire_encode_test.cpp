#include <catch2/catch.hpp>
#include <random>

#include "ioc/v1/decision.pb.h"
#include "ioc/v1/output.pb.h"
#include "ioc/v1/record.pb.h"
#include "libs/domain/wire.h"
#include "libs/domain/wire_decode.h"

using namespace ioc;

namespace {

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : x_random(seed) {}

  std::uint64_t number() {
    constexpr std::uint64_t kEdges[] = {0, 1, 127, 128, 16'383, 16'384, UINT32_MAX, std::uint64_t{1} << 63, UINT64_MAX};
    return pick(2) == 0 ? kEdges[pick(9)] : x_random();
  }
  std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }
  std::int32_t small() { return static_cast<std::int32_t>(number()); }
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(x_random() % below); }
  std::string text() {
    std::string made;
    for (std::uint32_t left = pick(5) == 0 ? pick(400) : pick(12); left > 0; --left) made += pick(9) == 0 ? "ố" : "a";
    return made;
  }
  template <class Id>
  std::vector<Id> ids() {
    std::vector<Id> made;
    for (std::uint32_t left = pick(4); left > 0; --left) made.emplace_back(text());
    return made;
  }

  Overruled overruled() {
    Overruled made;
    made.by = text();
    made.category = CategoryCode(text());
    made.sub_kind = SubKindCode(text());
    made.further_categories = ids<CategoryCode>();
    if (pick(2) == 0) made.severity = static_cast<Severity>(1 + pick(4));
    if (pick(2) == 0) made.emergency = pick(2) == 0;
    if (pick(2) == 0) made.triage_severity = static_cast<Severity>(1 + pick(4));
    return made;
  }

  Incident incident() {
    Incident made;
    made.id = IncidentId(text());
    made.version = number();
    made.revision = number();
    made.state = static_cast<IncidentState>(1 + pick(9));
    if (pick(2) == 0) made.acknowledged_at = LogTime::from_ms(signed_number());
    made.acknowledged_by = text();
    made.category = CategoryCode(text());
    made.sub_kind = SubKindCode(text());
    made.further_categories = ids<CategoryCode>();
    made.sender_category = text();
    made.severity = static_cast<Severity>(1 + pick(4));
    made.emergency = pick(2) == 0;
    made.title = text();
    made.summary = text();
    if (pick(2) == 0) made.position = Position{small(), small(), 0};
    made.position_source = static_cast<PositionSource>(pick(4));
    made.place_state = static_cast<PlaceState>(1 + pick(4));
    made.unit = UnitCode(text());
    made.unit_name = text();
    made.area = AreaId(text());
    made.address = text();
    made.opened_at = EventTime::from_ms(signed_number());
    made.received_at = LogTime::from_ms(signed_number());
    made.updated_at = LogTime::from_ms(signed_number());
    made.last_event_at = EventTime::from_ms(signed_number());
    made.queue = QueueId(text());
    made.assignee = text();
    made.forwarded_units = ids<UnitCode>();
    for (std::uint32_t left = pick(4); left > 0; --left) {
      made.clocks.push_back({static_cast<ClockKind>(1 + pick(3)), LogTime::from_ms(signed_number()), LogTime::from_ms(signed_number()),
                             LogTime::from_ms(signed_number()), static_cast<ClockState>(1 + pick(5))});
    }
    for (std::uint32_t left = pick(3); left > 0; --left) made.sources.push_back({kFeeds[pick(5)], number()});
    made.reports = number();
    made.events = number();
    made.occurrence = static_cast<std::uint32_t>(number());
    for (std::uint32_t left = pick(3); left > 0; --left) made.suggestions.push_back({IncidentId(text()), static_cast<std::uint32_t>(number())});
    made.subscribers = ids<SubscriberId>();
    made.newest_events = ids<EventId>();
    made.outcome = text();
    made.merged_into = IncidentId(text());
    made.split_from = IncidentId(text());
    made.chattering = pick(2) == 0;
    made.ended = pick(2) == 0;
    made.route_rule = text();
    made.opened_by = text();
    made.relocated_to = IncidentId(text());
    made.relocated_from = IncidentId(text());
    made.recurrence_of = IncidentId(text());
    made.merged = ids<IncidentId>();
    if (pick(2) == 0) made.overruled = overruled();
    return made;
  }

  Decision decision() {
    Decision made;
    made.partition = PartitionId(static_cast<std::uint32_t>(number()));
    made.offset = Offset(number());
    made.index = static_cast<std::uint32_t>(number());
    made.decided_at = LogTime::from_ms(signed_number());
    made.kind = static_cast<DecisionKind>(1 + pick(28));
    made.incident = IncidentId(text());
    made.event = EventId(text());
    if (pick(2) == 0) made.feed = kFeeds[pick(5)];
    made.reason = text();
    made.rule = text();
    made.bundle = text();
    made.actor = text();
    for (std::uint32_t left = pick(3); left > 0; --left) {
      Candidate candidate{IncidentId(text()), small(), {}, text()};
      for (std::uint32_t parts = pick(12); parts > 0; --parts) candidate.parts.push_back({text(), small()});
      made.candidates.push_back(std::move(candidate));
    }
    for (std::uint32_t left = pick(4); left > 0; --left) made.details.push_back({text(), text()});
    if (pick(2) == 0) {
      made.command_result = CommandResult{CommandId(text()), static_cast<CommandStatus>(1 + pick(4)), IncidentId(text()), number(), text(), ids<IncidentId>()};
    }
    return made;
  }

 private:
  std::mt19937_64 x_random;
};

// Parsed and written again by Protobuf.
template <class Message>
std::string by_protobuf(const std::string& bytes) {
  Message message;
  REQUIRE(message.ParseFromString(bytes));
  return message.SerializeAsString();
}

}  // namespace

TEST_CASE("wire: what is written directly is what Protobuf would write") {
  Maker maker(20211018);
  for (int round = 0; round < 3000; ++round) {
    INFO("round " << round);
    const Incident incident = maker.incident();
    REQUIRE(wire::encode(incident) == by_protobuf<v1::Incident>(wire::encode(incident)));
    const Decision decision = maker.decision();
    REQUIRE(wire::encode(decision) == by_protobuf<v1::Decision>(wire::encode(decision)));
    REQUIRE(wire::decode_decision(wire::encode(decision)).value() == decision);
    const FeedEntry entry{SubscriberId("pho-yen"), PartitionId(1), maker.number(), incident, LogTime::from_ms(maker.signed_number())};
    REQUIRE(wire::encode(entry) == by_protobuf<v1::FeedEntry>(wire::encode(entry)));
  }
}

namespace {

// Everything that an event can hold, and now and then bytes that no sender of ours would write.
std::string event_bytes(Maker& maker) {
  v1::Record record;
  v1::Event* event = record.mutable_event();
  event->set_id(maker.text() + "x");
  event->set_feed(static_cast<v1::Feed>(1 + maker.pick(5)));
  event->set_source(maker.text());
  event->set_object_id(maker.text());
  event->set_revision(maker.number());
  event->set_occurred_at_ms(maker.pick(4) == 0 ? maker.signed_number() : maker.pick(2'000'000'000));
  event->set_received_at_ms(maker.signed_number());
  for (std::uint32_t left = maker.pick(3); left > 0; --left) event->add_flags(static_cast<v1::EventFlag>(maker.pick(24)));
  if (maker.pick(2) == 0) {
    event->mutable_position()->set_lat_e7(maker.small());
    event->mutable_position()->set_lon_e7(maker.small());
    event->mutable_position()->set_accuracy_m(maker.pick(100));
  }
  for (std::uint32_t left = maker.pick(3); left > 0; --left) {
    auto* flag = event->add_value_flags();
    flag->set_field(maker.text());
    flag->set_reason(static_cast<v1::ValueReason>(maker.pick(14)));
  }
  event->set_value_flags_more(maker.pick(3));
  switch (maker.pick(6)) {
    case 0: {
      auto* body = event->mutable_citizen_report();
      body->set_title(maker.text());
      body->set_text(maker.text());
      body->set_category(maker.text());
      body->set_urgency(static_cast<v1::Urgency>(maker.pick(6)));
      body->set_address(maker.text());
      for (std::uint32_t left = maker.pick(3); left > 0; --left) body->add_media()->set_url(maker.text());
      body->set_channel(maker.text());
      body->set_anonymous(maker.pick(2) == 0);
      body->set_follows(maker.text());
      break;
    }
    case 1: {
      auto* body = event->mutable_camera_alert();
      body->set_camera(maker.text());
      body->set_kind(maker.text());
      body->set_state(static_cast<v1::AlertState>(maker.pick(6)));
      body->set_started_at_ms(maker.signed_number());
      body->set_confidence_permille(maker.pick(1000));
      body->set_zone(maker.text());
      for (std::uint32_t left = maker.pick(3); left > 0; --left) body->add_objects()->set_plate_hash(maker.text());
      body->set_snapshot(maker.text());
      body->set_detector(maker.text());
      break;
    }
    case 2: {
      auto* body = event->mutable_checkpoint_passage();
      body->set_checkpoint(maker.text());
      body->set_direction(static_cast<v1::Direction>(maker.pick(4)));
      body->set_vehicle(static_cast<v1::Vehicle>(maker.pick(9)));
      body->set_people(maker.pick(9));
      body->set_symptoms(maker.pick(2) == 0);
      body->set_result(static_cast<v1::PassageResult>(maker.pick(7)));
      body->set_officer_unit(maker.text());
      break;
    }
    case 3: {
      auto* body = event->mutable_checkpoint_status();
      body->set_checkpoint(maker.text());
      body->set_state(static_cast<v1::CheckpointState>(maker.pick(4)));
      body->set_queue_vehicles(maker.pick(500));
      break;
    }
    case 4: {
      auto* body = event->mutable_online_mention();
      body->set_topic(maker.text());
      for (std::uint32_t left = maker.pick(3); left > 0; --left) body->add_places(maker.text());
      body->set_volume(maker.pick(500));
      body->set_trend(static_cast<v1::Trend>(maker.pick(5)));
      body->set_sentiment_permille(maker.small());
      body->set_link(maker.text());
      break;
    }
    default: event->mutable_indicator()->set_code(maker.text()); break;
  }
  std::string bytes;
  record.SerializeToString(&bytes);
  return bytes;
}

void both_read_the_same(const std::string& bytes) {
  const auto plain = wire::decode_plain_event(bytes);
  if (!plain) return;
  const auto whole = wire::decode_record_by_protobuf(bytes);
  REQUIRE(whole.has_value());
  REQUIRE(std::get<Event>(whole.value()) == *plain);
}

}  // namespace

TEST_CASE("wire: events are read as Protobuf reads them, whatever was done to their bytes") {
  Maker maker(99);
  std::size_t plain = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = event_bytes(maker);
    if (wire::decode_plain_event(bytes)) ++plain;
    both_read_the_same(bytes);
    for (std::uint32_t changes = 1 + maker.pick(3); changes > 0 && !bytes.empty(); --changes) {
      const std::size_t at = maker.pick(static_cast<std::uint32_t>(bytes.size()));
      switch (maker.pick(4)) {
        case 0: bytes[at] = static_cast<char>(maker.number()); break;
        case 1: bytes.erase(at, 1 + maker.pick(3)); break;
        case 2: bytes.insert(at, 1, static_cast<char>(maker.number())); break;
        default: bytes += bytes.substr(at); break;
      }
      both_read_the_same(bytes);
    }
  }
  REQUIRE(plain > 10'000);
}
