#include <catch2/catch.hpp>

#include "libs/domain/decision.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/domain/record.h"

using namespace ioc;

TEST_CASE("names: every name finds its enumerator again") {
  for (const Feed feed : kFeeds) CHECK(feed_named(name_of(feed)) == feed);
  for (int i = 1; i <= static_cast<int>(CommandKind::MarkFalse); ++i) {
    const auto kind = static_cast<CommandKind>(i);
    CHECK(command_kind_named(name_of(kind)) == kind);
  }
  for (int i = 1; i <= static_cast<int>(IncidentState::Closed); ++i) {
    const auto state = static_cast<IncidentState>(i);
    CHECK(incident_state_named(name_of(state)) == state);
  }
  CHECK(severity_named("critical") == Severity::Critical);
  CHECK_FALSE(feed_named("unknown"));
  CHECK_FALSE(command_kind_named(""));
}

TEST_CASE("names: a number that is no flag's is none, also between those that are") {
  CHECK(event_flag_numbered(10) == EventFlag::TextRepaired);
  CHECK(event_flag_numbered(20) == EventFlag::TextConverted);
  for (const std::uint64_t number : {0, 11, 19, 22, 1000}) CHECK_FALSE(event_flag_numbered(number));
}

TEST_CASE("names: the last enumerators are where the tables end") {
  CHECK(name_of(CommandKind::MarkFalse) == "mark_false");
  CHECK(name_of(DecisionKind::Archived) == "archived");
  CHECK(name_of(DecisionKind::Ended) == "ended");
  CHECK(name_of(ReportState::Closed) == "closed");
  CHECK(name_of(IncidentState::Closed) == "closed");
  CHECK(name_of(EventFlag::TextRepaired) == "text_repaired");
  CHECK(name_of(EventFlag::TextGarbled) == "text_garbled");
  CHECK(name_of(ValueReason::Vn2000) == "vn2000");
  CHECK(name_of(PositionSource::None) == "none");
}
