#include "libs/domain/wire.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <random>

using namespace ioc;

namespace {

Event report() {
  Event event;
  event.id = EventId("20211018-074000-r-0123456789abcdefghjk");
  event.feed = Feed::CitizenReports;
  event.source = SourceId("citizen-reports");
  event.object = ObjectId("CTN-2021-000123");
  event.revision = 2;
  event.occurred_at = EventTime::from_ms(1634517600250);
  event.received_at = WallTime::from_ms(1634517601000);
  event.flags = {EventFlag::TimeNoZone, EventFlag::TextMasked};
  event.position = Position{215942000, 1058482000, 15};
  event.value_flags = {{"media[0].url", ValueReason::TooLong}, {"", ValueReason::JsonRepaired}};
  event.value_flags_more = 3;
  CitizenReport body;
  body.title = "Nắp cống mất";
  body.text = "Trước số nhà 12, tổ 5";
  body.category = "ha-tang";
  body.urgency = Urgency::Urgent;
  body.address = "Số 12, tổ 5";
  body.media = {{"https://media.example/1.jpg", "photo", "ab"}};
  body.channel = "app";
  body.anonymous = true;
  body.follows = "CTN-1";
  event.body = body;
  return event;
}

std::vector<EventBody> bodies() {
  CameraAlert alert{"cam", "accident", AlertState::Update, EventTime::from_ms(5), 920, "z", {{"car", "h"}}, "s", "model", true};
  CheckpointPassage passage{"CK03", Direction::In, Vehicle::Truck, "h", 2, "24", "19", true, false, PassageResult::Evaded, "ca"};
  CheckpointStatus status{"CK03", CheckpointState::Open, 14, 3};
  OnlineMention mention{"ngap-ung", {"phường Quang Trung"}, 42, 60, Trend::Rising, -400, "https://news.example/1"};
  Indicator indicator{"files", "19", "2021-09", 83'500'000, 90'000'000, "%", "2021-10-01"};
  Indicator no_target{"files", "19", "2021-09", -1, std::nullopt, "%", "2021-10-01"};
  return {alert, passage, status, mention, indicator, no_target};
}

Incident incident() {
  Incident one;
  one.id = IncidentId("0-20211018-074000-r-0123456789abcdefghjk");
  one.version = 3;
  one.revision = 9;
  one.state = IncidentState::InProgress;
  one.acknowledged_at = LogTime::from_ms(77);
  one.acknowledged_by = "an";
  one.category = CategoryCode("ha-tang");
  one.sub_kind = SubKindCode("o-ga");
  one.further_categories = {CategoryCode("giao-thong")};
  one.sender_category = "x";
  one.severity = Severity::High;
  one.emergency = true;
  one.title = "t";
  one.summary = "s";
  one.position = Position{-1, 2, 0};
  one.position_source = PositionSource::Registry;
  one.place_state = PlaceState::Nearest;
  one.unit = UnitCode("05431");
  one.unit_name = "Phường Quán Triều";
  one.area = AreaId("thai-nguyen");
  one.address = "a";
  one.opened_at = EventTime::from_ms(1);
  one.received_at = LogTime::from_ms(2);
  one.updated_at = LogTime::from_ms(3);
  one.last_event_at = EventTime::from_ms(4);
  one.queue = QueueId("q");
  one.assignee = "b";
  one.forwarded_units = {UnitCode("1"), UnitCode("2")};
  one.clocks = {{ClockKind::Resolve, LogTime::from_ms(1), LogTime::from_ms(2), LogTime::from_ms(3), ClockState::Warned}};
  one.sources = {{Feed::CameraAlerts, 2}, {Feed::CitizenReports, 3}};
  one.reports = 3;
  one.events = 5;
  one.occurrence = 2;
  one.suggestions = {{IncidentId("0-x"), 700}};
  one.subscribers = {SubscriberId("song-cong")};
  one.newest_events = {EventId("e")};
  one.outcome = "fixed";
  one.merged_into = IncidentId("0-y");
  one.split_from = IncidentId("0-z");
  one.chattering = true;
  one.ended = true;
  one.route_rule = "r";
  one.opened_by = "e";
  one.overruled = Overruled{"lan", CategoryCode("khac"), SubKindCode("rac"), {CategoryCode("moi-truong")}, Severity::Info, false, Severity::High};
  return one;
}

Decision decision() {
  Decision one;
  one.partition = PartitionId(3);
  one.offset = Offset(12);
  one.index = 1;
  one.decided_at = LogTime::from_ms(5);
  one.kind = DecisionKind::Command;
  one.incident = IncidentId("0-x");
  one.event = EventId("e");
  one.feed = Feed::Indicators;
  one.reason = "r";
  one.rule = "u";
  one.bundle = "b";
  one.actor = "triage";
  one.candidates = {{IncidentId("0-y"), -5, {{"distance", 300}, {"age", -2}}, "joined"}};
  one.details = {{"n", "v"}};
  one.command_result = CommandResult{CommandId("c"), CommandStatus::StaleVersion, IncidentId("0-x"), 4, "d", {IncidentId("0-n")}};
  return one;
}

template <class T>
void check_round_trip(const T& value, Result<T> (*decode)(std::string_view)) {
  const std::string bytes = wire::encode(value);
  const auto back = decode(bytes);
  REQUIRE(back.has_value());
  CHECK(*back == value);
  CHECK(wire::encode(*back) == bytes);
}

}  // namespace

TEST_CASE("wire: every record comes back as it was, byte for byte") {
  Event event = report();
  check_round_trip<Record>(Record(event), wire::decode_record);
  for (EventBody& body : bodies()) {
    event.body = std::move(body);
    check_round_trip<Record>(Record(event), wire::decode_record);
    check_round_trip<Event>(event, wire::decode_event);
  }
  event.position.reset();
  check_round_trip<Record>(Record(Transfer{event, AreaId("a"), AreaId("b"), PartitionId(1), Offset(9), 2}), wire::decode_record);
  check_round_trip<Record>(Record(Tick{}), wire::decode_record);
  check_round_trip<Record>(Record(Activation{"abc", 1, "an"}), wire::decode_record);
  Command command{CommandId("c-1"),    IncidentId("0-x"),  7, CommandKind::Split, "an", WallTime::from_ms(9), QueueId("q"), "p",
                  {UnitCode("1")}, "fixed", "text", {EventId("e1"), EventId("e2")}, IncidentId("0-y"), Position{1, -2, 3},
                  CategoryCode("khac"), SubKindCode("o-ga"), {CategoryCode("ha-tang")}, Severity::High, false, true};
  check_round_trip<Record>(Record(command), wire::decode_record);
  Relocation relocation;
  relocation.command = CommandId("c-1");
  relocation.from = IncidentId("0-x");
  relocation.from_area = AreaId("a");
  relocation.to_area = AreaId("b");
  relocation.from_partition = PartitionId(3);
  relocation.from_offset = Offset(77);
  relocation.parts = 2;
  relocation.actor = "an";
  relocation.snapshot = incident();
  relocation.kind = "accident";
  relocation.objects_open = 2;
  relocation.default_spot = true;
  relocation.members.push_back({EventId("e"), Feed::CameraAlerts, 2, true, true, SourceId("s"), ObjectId("o"), EventTime::from_ms(5),
                                7, true, "face", EventTime::from_ms(6), EventTime::from_ms(7), LogTime::from_ms(8), true});
  check_round_trip<Record>(Record(relocation), wire::decode_record);
  relocation.part = 1;
  relocation.snapshot.reset();
  check_round_trip<Record>(Record(relocation), wire::decode_record);
}

TEST_CASE("wire: every output comes back as it was, byte for byte") {
  check_round_trip<Incident>(incident(), wire::decode_incident);
  check_round_trip<Decision>(decision(), wire::decode_decision);
  check_round_trip<FeedEntry>(FeedEntry{SubscriberId("s"), PartitionId(1), 7, incident(), LogTime::from_ms(8)},
                              wire::decode_feed_entry);
  check_round_trip<ReportStatus>(ReportStatus{SourceId("s"), ObjectId("r"), EventId("e"), IncidentId("0-x"), ReportState::Joined,
                                              true, 1, 5, LogTime::from_ms(6), "fixed"},
                                 wire::decode_report_status);
  check_round_trip<DeadLetter>(DeadLetter{"d", "citizen-reports", "ingest", "too_long", "text", "20000", "detail", "ref",
                                          EventId("e"), "topic", PartitionId(1), Offset(2), WallTime::from_ms(3), "/v1/reports"},
                               wire::decode_dead_letter);
}

// Other programs and stored logs hold these bytes.
TEST_CASE("wire: the bytes of a record are fixed") {
  const std::string bytes = wire::encode(Record(Activation{"ab", 1, "x"}));
  CHECK(bytes == std::string("\x2a\x09\x0a\x02" "ab\x10\x01\x1a\x01x", 11));
  CHECK(wire::encode(Record(Tick{})) == std::string("\x1a\x00", 2));
}

TEST_CASE("wire: the bytes of an event's value flags are fixed, and an event without any has none") {
  Event event;
  event.id = EventId("i");
  event.body = CheckpointStatus{};
  const std::string head = "\x0a\x01i\x10\x01", body("\xba\x01\x00", 3);
  CHECK(wire::encode(event) == head + body);
  event.value_flags = {{"at", ValueReason::TooOld}};
  event.value_flags_more = 2;
  CHECK(wire::encode(event) == head + "\x52\x06\x0a\x02" "at\x10\x08\x58\x02" + body);
}

TEST_CASE("wire: a value flag with a reason of a newer release is left out, the event stays") {
  Event event = report();
  event.value_flags = {{"text", static_cast<ValueReason>(99)}, {"at", ValueReason::Unreadable}};
  const auto back = wire::decode_record(wire::encode(Record(event)));
  REQUIRE(back.has_value());
  CHECK(std::get<Event>(*back).value_flags == std::vector<ValueFlag>{{"at", ValueReason::Unreadable}});
}

TEST_CASE("wire: what is required and missing is named") {
  CHECK(wire::decode_record("").error().message == "record: kind is missing or unknown");
  Event event = report();
  event.id = EventId("");
  CHECK(wire::decode_record(wire::encode(Record(event))).error().message == "event: id is missing");
  for (const std::int64_t at : {INT64_MIN, std::int64_t{-1}, std::int64_t{7'258'118'400'001}, INT64_MAX}) {
    event = report();
    event.occurred_at = EventTime::from_ms(at);
    CHECK(wire::decode_event(wire::encode(event)).error().message == "event: occurred_at is outside 1970 to 2199");
  }
  CHECK(wire::decode_incident("\xff\xff").error().kind == ErrorKind::Corrupt);
}

TEST_CASE("wire: no bytes crash the decoder") {
  std::mt19937 random(11);
  const std::string good = wire::encode(Record(report()));
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = good;
    const int changes = 1 + static_cast<int>(random() % 4);
    for (int change = 0; change < changes; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    const auto record = wire::decode_record(bytes);
    if (record.has_value()) CHECK_NOTHROW(wire::encode(*record));
  }
}
