#include "tests/services/desk/samples.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

namespace ioc::desk::test {

Event report(const std::string& number, std::int64_t at_ms, const std::string& text) {
  Event event;
  event.id = EventId(format_compact(at_ms) + "-r-" + number);
  event.feed = Feed::CitizenReports;
  event.source = SourceId("c-thainguyen");
  event.object = ObjectId("CTN-" + number);
  event.occurred_at = EventTime::from_ms(at_ms);
  event.received_at = WallTime::from_ms(at_ms + 500);
  event.position = Position{215942000, 1058482000, 15};
  CitizenReport body;
  body.title = text;
  body.text = text;
  event.body = body;
  return event;
}

Incident incident(const std::string& id, std::int64_t opened_ms, const std::string& title, std::uint64_t revision) {
  Incident made;
  made.id = IncidentId(id);
  made.revision = revision;
  made.category = CategoryCode("ha-tang");
  made.title = title;
  made.summary = title;
  made.severity = Severity::Medium;
  made.opened_at = EventTime::from_ms(opened_ms);
  made.received_at = LogTime::from_ms(opened_ms + 1000);
  made.updated_at = made.received_at;
  made.last_event_at = made.opened_at;
  made.queue = QueueId("do-thi");
  made.unit = UnitCode("05443");
  made.unit_name = "Phường Quang Trung";
  made.area = AreaId("thai-nguyen");
  made.place_state = PlaceState::Inside;
  made.events = made.reports = 1;
  made.sources = {{Feed::CitizenReports, 1}};
  made.opened_by = id;
  return made;
}

Decision decision(DecisionKind kind, const std::string& incident_id, const std::string& event_id, std::uint64_t offset,
                  std::uint32_t index) {
  Decision made;
  made.offset = Offset(offset);
  made.index = index;
  made.decided_at = LogTime::from_ms(kMorning + static_cast<std::int64_t>(offset));
  made.kind = kind;
  made.incident = IncidentId(incident_id);
  made.event = EventId(event_id);
  made.feed = Feed::CitizenReports;
  made.reason = "sample";
  made.actor = "triage";
  return made;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "desk-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  x_path = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(x_path, ignored);
}

}  // namespace ioc::desk::test
