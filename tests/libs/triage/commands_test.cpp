#include <catch2/catch.hpp>

#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

Incident one(Bench& bench, std::string_view id = "0-e-r1") { return bench.incidents.at(std::string(id)); }

CommandResult result_of(const std::vector<Decision>& decisions) {
  const Decision* decision = find(decisions, DecisionKind::Command);
  REQUIRE(decision != nullptr);
  REQUIRE(decision->command_result.has_value());
  return *decision->command_result;
}

}  // namespace

TEST_CASE("commands: acknowledge once; the same command id yields the first result again, also after a restart") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  const Command acknowledge = command("c-1", one(bench), CommandKind::Acknowledge);
  const CommandResult first = result_of(bench.step(acknowledge));
  REQUIRE(first.status == CommandStatus::Applied);
  REQUIRE(first.version == 2);
  REQUIRE(one(bench).acknowledged_by == "lan");
  bench.restart();
  REQUIRE(result_of(bench.step(acknowledge)) == first);
  REQUIRE(bench.snapshots().empty());
}

TEST_CASE("commands: a stale version, an unknown incident and what is not possible have their own answers") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command stale = command("c-1", one(bench), CommandKind::Acknowledge);
  stale.version = 99;
  const CommandResult answer = result_of(bench.step(stale));
  REQUIRE(answer.status == CommandStatus::StaleVersion);
  REQUIRE(answer.version == 1);
  Command lost = command("c-2", one(bench), CommandKind::Acknowledge);
  lost.incident = IncidentId("0-nothing");
  REQUIRE(result_of(bench.step(lost)).status == CommandStatus::NotFound);
  REQUIRE(result_of(bench.step(command("c-3", one(bench), CommandKind::Merge))).status == CommandStatus::Refused);
}

TEST_CASE("commands: of a forward to more units than there is room for nothing is kept") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command forward = command("c-1", one(bench), CommandKind::Forward);
  for (int unit = 0; unit < 49; ++unit) forward.units.emplace_back("u" + std::to_string(unit));
  bench.step(forward);
  Command more = command("c-2", one(bench), CommandKind::Forward);
  more.units = {UnitCode("x"), UnitCode("y")};
  REQUIRE(result_of(bench.step(more)).status == CommandStatus::Refused);
  bench.step(command("c-3", one(bench), CommandKind::Acknowledge));
  REQUIRE(one(bench).forwarded_units == forward.units);
}

TEST_CASE("commands: forward meets its clock, starts the next and tells the citizens") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command forward = command("c-1", one(bench), CommandKind::Forward);
  forward.units = {UnitCode("05443")};
  const auto decisions = bench.step(forward);
  REQUIRE(find(decisions, DecisionKind::ClockStopped)->reason == "met");
  REQUIRE(find(decisions, DecisionKind::ClockSet) != nullptr);
  REQUIRE(one(bench).state == IncidentState::Forwarded);
  REQUIRE(bench.statuses().at(0).state == ReportState::Forwarded);
}

TEST_CASE("commands: a resolved incident closes by a clock, is found by key, reopens, and is archived in the end") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command resolve = command("c-1", one(bench), CommandKind::Resolve);
  resolve.outcome = "fixed";
  bench.step(resolve);
  REQUIRE(bench.statuses().at(0).state == ReportState::Resolved);
  REQUIRE(find(bench.wait(8 * 24h), DecisionKind::Closed) != nullptr);
  REQUIRE(one(bench).state == IncidentState::Closed);
  REQUIRE(bench.machine->stats().incidents_in_memory == 0);
  bench.restart();
  REQUIRE(result_of(bench.step(command("c-2", one(bench), CommandKind::Assign))).status == CommandStatus::Refused);
  REQUIRE(result_of(bench.step(command("c-3", one(bench), CommandKind::Reopen))).status == CommandStatus::Applied);
  REQUIRE(bench.machine->stats().incidents_in_memory == 1);
  Command again = command("c-4", one(bench), CommandKind::Resolve);
  again.outcome = "explained";
  bench.step(again);
  bench.wait(8 * 24h);
  REQUIRE(find(bench.wait(395 * 24h), DecisionKind::Archived) == nullptr);
  REQUIRE(find(bench.wait(10 * 24h), DecisionKind::Archived) != nullptr);
  bench.restart();
  REQUIRE(bench.state.tables[static_cast<std::size_t>(Table::Incidents)].empty());
  REQUIRE(bench.state.tables[static_cast<std::size_t>(Table::Members)].empty());
  REQUIRE(bench.state.tables[static_cast<std::size_t>(Table::Objects)].empty());
}

TEST_CASE("commands: resolve needs a known outcome, assign a known queue") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  REQUIRE(result_of(bench.step(command("c-1", one(bench), CommandKind::Resolve))).status == CommandStatus::Refused);
  Command assign = command("c-2", one(bench), CommandKind::Assign);
  assign.queue = QueueId("nowhere");
  REQUIRE(result_of(bench.step(assign)).status == CommandStatus::Refused);
  assign = command("c-3", one(bench), CommandKind::Assign);
  assign.queue = QueueId("moi-truong");
  assign.person = "hoa";
  REQUIRE(result_of(bench.step(assign)).status == CommandStatus::Applied);
  REQUIRE(one(bench).queue == QueueId("moi-truong"));
}

TEST_CASE("commands: split takes a report out with its counts and status, and its revisions follow it") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  bench.step(report("r2", "Nắp cống bị mất"));
  bench.wait(2s);
  REQUIRE(one(bench).reports == 2);
  Command split = command("c-1", one(bench), CommandKind::Split);
  split.events = {EventId("e-r2")};
  const CommandResult result = result_of(bench.step(split));
  REQUIRE(result.status == CommandStatus::Applied);
  REQUIRE(result.created == std::vector<IncidentId>{IncidentId("0-c-1")});
  const auto statuses = bench.statuses();
  REQUIRE(statuses.size() == 1);
  REQUIRE(statuses[0].incident == IncidentId("0-c-1"));
  REQUIRE(one(bench).reports == 1);
  REQUIRE(one(bench, "0-c-1").reports == 1);
  REQUIRE(one(bench, "0-c-1").split_from == IncidentId("0-e-r1"));
  bench.restart();
  Event revised = report("r2", "Nắp cống bị mất ở chỗ khác");
  revised.id = EventId("e-r2b");
  const auto decisions = bench.step(revised);
  REQUIRE(find(decisions, DecisionKind::Revised)->incident == IncidentId("0-c-1"));
}

TEST_CASE("commands: what is taken out shows its own words, and so does what is left when the opener goes") {
  for (const bool opener_goes : {false, true}) {
    Bench bench;
    bench.step(report("r1", "Nắp cống bị mất"));
    bench.step(report("r2", "Mất nắp cống, nguy hiểm"));
    bench.wait(2s);
    REQUIRE(one(bench).reports == 2);
    bench.restart();
    Command split = command("c-1", one(bench), CommandKind::Split);
    split.events = {EventId(opener_goes ? "e-r1" : "e-r2")};
    REQUIRE(result_of(bench.step(split)).status == CommandStatus::Applied);
    REQUIRE(one(bench, "0-c-1").summary == (opener_goes ? "Nắp cống bị mất" : "Mất nắp cống, nguy hiểm"));
    REQUIRE(one(bench).summary == (opener_goes ? "Mất nắp cống, nguy hiểm" : "Nắp cống bị mất"));
  }
}

TEST_CASE("commands: a further report that tells of danger is what the incident shows, and a split gives each its own words") {
  for (const bool danger_goes : {true, false}) {
    INFO(danger_goes);
    Bench bench;
    bench.step(report("r1", "Nắp cống bị mất"));
    const Severity before = one(bench).severity;
    bench.step(report("r2", "Nắp cống bị mất, có người rơi xuống cống bất tỉnh"));
    bench.wait(2s);
    REQUIRE(one(bench).reports == 2);
    CHECK(one(bench).emergency);
    CHECK(one(bench).summary == "Nắp cống bị mất, có người rơi xuống cống bất tỉnh");
    bench.step(report("r3", "Mất nắp cống, có người rơi xuống"));
    CHECK(one(bench).summary == "Nắp cống bị mất, có người rơi xuống cống bất tỉnh");
    bench.restart();
    Command split = command("c-1", one(bench), CommandKind::Split);
    split.events = danger_goes ? std::vector{EventId("e-r2"), EventId("e-r3")} : std::vector{EventId("e-r1")};
    REQUIRE(result_of(bench.step(split)).status == CommandStatus::Applied);
    const Incident& danger = one(bench, danger_goes ? "0-c-1" : "0-e-r1");
    const Incident& ordinary = one(bench, danger_goes ? "0-e-r1" : "0-c-1");
    CHECK(danger.emergency);
    CHECK(danger.summary != "Nắp cống bị mất");
    CHECK_FALSE(ordinary.emergency);
    CHECK(ordinary.summary == "Nắp cống bị mất");
    CHECK(ordinary.severity == before);
  }
}

TEST_CASE("commands: what was made by a split shows other words when the report that it shows is taken out of it") {
  for (const bool shown_goes : {true, false}) {
    Bench bench;
    bench.step(report("r1", "Nắp cống bị mất"));
    bench.step(report("r2", "Mất nắp cống, nguy hiểm"));
    bench.step(report("r3", "Nắp cống mất trước cổng trường"));
    bench.wait(2s);
    REQUIRE(one(bench).reports == 3);
    Command split = command("c-1", one(bench), CommandKind::Split);
    split.events = {EventId("e-r2"), EventId("e-r3")};
    REQUIRE(result_of(bench.step(split)).status == CommandStatus::Applied);
    REQUIRE(one(bench, "0-c-1").summary == "Nắp cống mất trước cổng trường");
    bench.restart();
    split = command("c-2", one(bench, "0-c-1"), CommandKind::Split);
    split.events = {EventId(shown_goes ? "e-r3" : "e-r2")};
    REQUIRE(result_of(bench.step(split)).status == CommandStatus::Applied);
    CHECK(one(bench, shown_goes ? "0-c-2" : "0-c-1").summary == "Nắp cống mất trước cổng trường");
    CHECK(one(bench, shown_goes ? "0-c-1" : "0-c-2").summary == "Mất nắp cống, nguy hiểm");
  }
}

TEST_CASE("commands: an incident whose opener was taken out, and what took it, show the words of what stays, however often they are split") {
  Bench bench;
  for (const auto& [id, text] : {std::pair("r1", "Nắp cống bị mất"), std::pair("r2", "Mất nắp cống, nguy hiểm"), std::pair("r3", "Nắp cống mất trước cổng trường"),
                                 std::pair("r4", "Nắp cống mất cạnh cột điện")}) {
    bench.step(report(id, text));
  }
  bench.wait(2s);
  REQUIRE(one(bench).reports == 4);
  const auto take_out = [&](std::string_view id, const std::string& from, std::vector<EventId> events) {
    Command split = command(id, one(bench, from), CommandKind::Split);
    split.events = std::move(events);
    REQUIRE(result_of(bench.step(split)).status == CommandStatus::Applied);
    bench.restart();
  };
  take_out("c-1", "0-e-r1", {EventId("e-r1"), EventId("e-r4")});
  REQUIRE(one(bench, "0-c-1").summary == "Nắp cống bị mất");
  REQUIRE(one(bench).summary == "Mất nắp cống, nguy hiểm");
  take_out("c-2", "0-e-r1", {EventId("e-r2")});
  CHECK(one(bench).summary == "Nắp cống mất trước cổng trường");
  CHECK(one(bench, "0-c-2").summary == "Mất nắp cống, nguy hiểm");
  take_out("c-3", "0-c-1", {EventId("e-r1")});
  CHECK(one(bench, "0-c-1").summary == "Nắp cống mất cạnh cột điện");
  CHECK(one(bench, "0-c-3").summary == "Nắp cống bị mất");
}

TEST_CASE("commands: split refuses strangers, and to leave nothing behind") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  Command split = command("c-1", one(bench), CommandKind::Split);
  split.events = {EventId("e-r9")};
  REQUIRE(result_of(bench.step(split)).status == CommandStatus::Refused);
  split = command("c-2", one(bench), CommandKind::Split);
  split.events = {EventId("e-r1")};
  REQUIRE(result_of(bench.step(split)).status == CommandStatus::Refused);
}

TEST_CASE("deadlines: warning and breach fall due in working time and are said with the incident's new version") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));  // Monday 07:00: 4 hours from 07:30
  REQUIRE(find(bench.wait(3h), DecisionKind::ClockWarned) == nullptr);
  const auto warned = bench.wait(31min);
  REQUIRE(find(warned, DecisionKind::ClockWarned) != nullptr);
  REQUIRE(one(bench).version == 2);
  bench.restart();
  REQUIRE(find(bench.wait(58min), DecisionKind::ClockBreached) == nullptr);
  REQUIRE(find(bench.wait(2min), DecisionKind::ClockBreached) != nullptr);
}

TEST_CASE("machine: effects beyond 1,000 a record wait, survive a restart and leave in order") {
  Bench bench;
  bench.step(report("r0", "Nắp cống bị mất"));
  for (int i = 1; i < 1500; ++i) bench.step(report("r" + std::to_string(i), "Nắp cống bị mất"));
  bench.wait(2s);
  const Incident incident = bench.incidents.at("0-e-r0");
  REQUIRE(incident.reports == 1500);
  Command forward = command("c-1", incident, CommandKind::Forward);
  forward.units = {UnitCode("05443")};
  bench.step(forward);
  REQUIRE(bench.effects.size() == 1000);
  REQUIRE(bench.machine->effects_waiting());
  bench.restart();
  REQUIRE(bench.machine->effects_waiting());
  std::size_t later = 0;
  while (bench.machine->effects_waiting()) {
    bench.step(Tick{});
    later += bench.effects.size();
  }
  REQUIRE(later >= 500);
  REQUIRE(bench.incidents.at("0-e-r0").state == IncidentState::Forwarded);
}
