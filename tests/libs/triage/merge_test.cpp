// Merges and their undoing (DESIGN D8, issue's exactness rule): undone in any order, everything is as if nothing was merged.
#include <catch2/catch.hpp>
#include <algorithm>
#include <set>

#include "libs/triage/memory/open_incident.h"
#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

CommandResult run(Bench& bench, const Command& command) {
  const auto decisions = bench.step(command);
  const Decision* decision = find(decisions, DecisionKind::Command);
  REQUIRE(decision != nullptr);
  return *decision->command_result;
}

Command merge(Bench& bench, std::string_view id, const std::string& child, const std::string& into) {
  Command made = command(id, bench.incidents.at(child), CommandKind::Merge);
  made.into = IncidentId(into);
  return made;
}

Position spot(int i) { return {215942000 + i * 200'000, 1058482000, 0}; }

}  // namespace

TEST_CASE("merge: counts, danger, subscribers and clocks of both show in one, and each report is told so") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", spot(0)));
  bench.step(report("r2", "Nhà tôi đang cháy, cứu với", spot(3)));
  const Incident child = bench.incidents.at("0-e-r2");
  REQUIRE(run(bench, merge(bench, "c-1", "0-e-r2", "0-e-r1")).status == CommandStatus::Applied);
  const Incident whole = bench.incidents.at("0-e-r1");
  REQUIRE(whole.reports == 2);
  REQUIRE(whole.emergency);
  REQUIRE(whole.severity == Severity::Critical);
  REQUIRE(whole.merged == std::vector<IncidentId>{child.id});
  REQUIRE(bench.incidents.at("0-e-r2").state == IncidentState::Merged);
  REQUIRE(bench.incidents.at("0-e-r2").merged_into == whole.id);
  REQUIRE(std::any_of(whole.clocks.begin(), whole.clocks.end(), [&](const Clock& clock) { return clock.due_at == child.clocks.back().due_at; }));
  const auto statuses = bench.statuses();
  REQUIRE(statuses.size() == 1);
  REQUIRE(statuses[0].report == ObjectId("r2"));
  REQUIRE(statuses[0].incident == whole.id);
  REQUIRE(statuses[0].state == ReportState::Joined);
  // A decision of people on the one is told to the reports of both.
  Command resolve = command("c-2", whole, CommandKind::Resolve);
  resolve.outcome = "fixed";
  REQUIRE(run(bench, resolve).status == CommandStatus::Applied);
  REQUIRE(bench.statuses().size() == 2);
  for (const ReportStatus& status : bench.statuses()) REQUIRE(status.state == ReportState::Resolved);
  // Its clocks stand still, and it leaves memory with the other.
  for (int day = 0; day < 9; ++day) REQUIRE(find(bench.wait(24h), DecisionKind::ClockBreached) == nullptr);
  REQUIRE(bench.machine->stats().incidents_in_memory == 0);
  bench.restart();
  bench.wait(401 * 24h);
  bench.restart();
  REQUIRE(bench.state.tables[static_cast<std::size_t>(Table::Incidents)].empty());
  REQUIRE(bench.state.tables[static_cast<std::size_t>(Table::Members)].empty());
}

TEST_CASE("merge: what joins meanwhile stays with the target; revisions of the merged one's objects go home with it") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất", spot(0)));
  bench.step(report("r2", "Karaoke ồn ào suốt đêm", spot(3)));
  run(bench, merge(bench, "c-1", "0-e-r2", "0-e-r1"));
  bench.restart();
  const auto joined = bench.step(report("r3", "Karaoke ồn ào suốt đêm", spot(3)));
  REQUIRE(find(joined, DecisionKind::Joined) != nullptr);
  REQUIRE(find(joined, DecisionKind::Joined)->incident == IncidentId("0-e-r1"));
  Event revised = report("r2", "Karaoke ồn ào suốt đêm, mất ngủ", spot(3));
  revised.id = EventId("e-r2-b");
  bench.step(revised);
  REQUIRE(bench.statuses().at(0).incident == IncidentId("0-e-r1"));
  bench.wait(2s);
  REQUIRE(bench.incidents.at("0-e-r1").events == 4);
  REQUIRE(run(bench, command("c-2", bench.incidents.at("0-e-r2"), CommandKind::Unmerge)).status == CommandStatus::Applied);
  REQUIRE(bench.incidents.at("0-e-r1").events == 2);
  REQUIRE(bench.incidents.at("0-e-r1").merged.empty());
  REQUIRE(bench.incidents.at("0-e-r2").events == 2);
  REQUIRE(bench.incidents.at("0-e-r2").state == IncidentState::New);
}

TEST_CASE("merge: danger that comes by a revision of what is merged puts the one on top in its queue; taken apart, that one is as before") {
  for (const bool deep : {false, true}) {
    INFO((deep ? "merged twice" : "merged once"));
    Bench bench;
    for (int i = 0; i < 3; ++i) bench.step(report("r" + std::to_string(i), "Nắp cống bị mất", spot(3 * i)));
    if (deep) run(bench, merge(bench, "c-0", "0-e-r2", "0-e-r1"));
    run(bench, merge(bench, "c-1", "0-e-r1", "0-e-r0"));
    const Incident before = bench.incidents.at("0-e-r0");
    REQUIRE(before.queue == QueueId("do-thi"));
    const std::string told = deep ? "r2" : "r1";
    Event revised = report(told, "Nắp cống bị mất, có người rơi xuống bị thương nặng, cần cấp cứu", spot(deep ? 6 : 3));
    revised.id = EventId("e-" + told + "-b");
    const auto decisions = bench.step(revised);
    REQUIRE(find(decisions, DecisionKind::Revised) != nullptr);
    CHECK(bench.incidents.at("0-e-r0").emergency);
    CHECK(bench.incidents.at("0-e-r0").queue == QueueId("khan-cap"));
    CHECK(std::any_of(decisions.begin(), decisions.end(), [](const Decision& one) {
      return one.kind == DecisionKind::Routed && one.incident == IncidentId("0-e-r0") && one.reason == "most_urgent_of_merged";
    }));
    bench.restart();
    Command out = command("c-2", bench.incidents.at("0-e-r0"), CommandKind::Unmerge);
    out.into = IncidentId("0-e-r1");
    REQUIRE(run(bench, out).status == CommandStatus::Applied);
    const Incident after = bench.incidents.at("0-e-r0");
    CHECK_FALSE(after.emergency);
    CHECK(after.queue == before.queue);
    CHECK(after.route_rule == before.route_rule);
    CHECK(bench.incidents.at("0-e-r1").queue == QueueId("khan-cap"));
  }
}

TEST_CASE("merge: danger ruled out of all of it, and given back, moves the one on top out of the queue that a merged one brought it into, and in again") {
  Bench bench;
  bench.step(Activation{bench.bundle.hash, since::kReclassifies, "test"});
  for (int i = 0; i < 2; ++i) bench.step(report("r" + std::to_string(i), "Nắp cống bị mất", spot(3 * i)));
  run(bench, merge(bench, "c-1", "0-e-r1", "0-e-r0"));
  Event revised = report("r1", "Nắp cống bị mất, có người rơi xuống bị thương nặng, cần cấp cứu", spot(3));
  revised.id = EventId("e-r1-b");
  bench.step(revised);
  REQUIRE(bench.incidents.at("0-e-r0").queue == QueueId("khan-cap"));
  Command made = command("c-2", bench.incidents.at("0-e-r0"), CommandKind::Reclassify);
  made.category = CategoryCode("moi-truong");
  REQUIRE(run(bench, made).status == CommandStatus::Applied);
  CHECK(bench.incidents.at("0-e-r0").queue == QueueId("khan-cap"));  // another category is no less danger
  made = command("c-3", bench.incidents.at("0-e-r0"), CommandKind::Reclassify);
  made.emergency = false;
  REQUIRE(run(bench, made).status == CommandStatus::Applied);
  CHECK_FALSE(bench.incidents.at("0-e-r0").emergency);
  CHECK(bench.incidents.at("0-e-r0").queue == QueueId("moi-truong"));
  made = command("c-4", bench.incidents.at("0-e-r0"), CommandKind::Reclassify);
  made.back_to_triage = true;
  REQUIRE(run(bench, made).status == CommandStatus::Applied);
  CHECK(bench.incidents.at("0-e-r0").emergency);
  CHECK(bench.incidents.at("0-e-r0").queue == QueueId("khan-cap"));
}

TEST_CASE("merge: refusals name what to do; nothing that is merged is worked on by itself") {
  Bench bench;
  for (int i = 0; i < 3; ++i) bench.step(report("r" + std::to_string(i), "Nắp cống bị mất", spot(3 * i)));
  const auto refused = [&](const Command& command) { return run(bench, command).status == CommandStatus::Refused; };
  REQUIRE(refused(merge(bench, "c-1", "0-e-r0", "0-e-r0")));
  REQUIRE(refused(merge(bench, "c-2", "0-e-r0", "0-nothing")));
  REQUIRE(refused(merge(bench, "c-3", "0-e-r0", "1-e-r9")));
  REQUIRE(refused(merge(bench, "c-4", "0-e-r0", "")));
  for (const char* unknown : {"rubbish", "-", "17", "đâu"}) {
    CHECK(run(bench, merge(bench, std::string("c-4-") + unknown, "0-e-r0", unknown)).detail == std::string("there is no incident ") + unknown);
  }
  REQUIRE(run(bench, merge(bench, "c-5", "0-e-r1", "0-e-r0")).status == CommandStatus::Applied);
  REQUIRE(refused(merge(bench, "c-6", "0-e-r2", "0-e-r1")));   // merged itself
  REQUIRE(refused(merge(bench, "c-7", "0-e-r0", "0-e-r1")));   // into its own part
  for (const CommandKind kind : {CommandKind::Acknowledge, CommandKind::Reopen, CommandKind::Assign, CommandKind::Relocate}) {
    REQUIRE(refused(command("c-8-" + std::to_string(static_cast<int>(kind)), bench.incidents.at("0-e-r1"), kind)));
  }
  REQUIRE(refused(command("c-9", bench.incidents.at("0-e-r2"), CommandKind::Unmerge)));
  // On the target, without a name: the newest merge.
  REQUIRE(run(bench, merge(bench, "c-10", "0-e-r2", "0-e-r0")).status == CommandStatus::Applied);
  const CommandResult undone = run(bench, command("c-11", bench.incidents.at("0-e-r0"), CommandKind::Unmerge));
  REQUIRE(undone.created == std::vector<IncidentId>{IncidentId("0-e-r2")});
  REQUIRE(bench.incidents.at("0-e-r0").merged == std::vector<IncidentId>{IncidentId("0-e-r1")});
}

TEST_CASE("merge: a deadline of what was merged still warns, on the one that people see") {
  Bench bench;
  bench.step(camera("a1", "tn_cmt8_01", "congestion", AlertState::Start, 1));
  bench.wait(1h);
  bench.step(report("r1", "Nắp cống bị mất", spot(4)));
  const std::string child = "0-a-a1-11", target = "0-e-r1";
  REQUIRE(bench.incidents.count(child) == 1);
  run(bench, merge(bench, "c-1", child, target));
  bench.restart();
  std::set<std::string> warned;
  for (int i = 0; i < 40 && warned.empty(); ++i) {
    for (const Decision& decision : bench.wait(30min)) {
      if (decision.kind == DecisionKind::ClockWarned && decision.incident.str() == child) warned.insert(decision.incident.str());
    }
  }
  if (bench.incidents.at(child).clocks.empty()) return;  // the bundle sets none for this kind
  REQUIRE(warned.count(child) == 1);
  const auto snapshots = bench.snapshots();
  REQUIRE(std::any_of(snapshots.begin(), snapshots.end(), [&](const Incident& one) { return one.id.str() == target; }));
}

namespace {

// Two machines get the same records, one of them merges and undoes where the other has ticks.
class Twins {
 public:
  explicit Twins(std::uint32_t seed) : x_random(seed) {
    for (int i = 0; i < 14; ++i) open(i);
    for (int i = 0; i < 30; ++i) wait_or_merge(i);
    while (!x_merged.empty()) undo();
    for (const Millis time : {Millis(2000), Millis(60'000), Millis(2000)}) both(time);
    merging.restart();
    plain.restart();
  }

  Bench merging, plain;
  std::size_t merges = 0;
  std::map<std::string, ReportStatus> merging_statuses, plain_statuses;

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(x_random() % below); }

  static void note(Bench& bench, std::map<std::string, ReportStatus>& statuses) {
    for (ReportStatus status : bench.statuses()) {
      status.revision = 0;
      status.updated_at = LogTime();
      statuses[status.report.str()] = status;
    }
  }
  void both(const Record& record) {
    merging.step(record);
    plain.step(record);
    note(merging, merging_statuses);
    note(plain, plain_statuses);
    if (pick(6) == 0) merging.restart();
  }
  void both(Millis time) {
    merging.now = merging.now + time;
    plain.now = merging.now;
    both(Tick{});
  }
  CommandStatus only_merging(const Command& command) {
    const CommandResult result = run(merging, command);
    note(merging, merging_statuses);
    plain.step(Tick{});
    note(plain, plain_statuses);
    return result.status;
  }
  Millis some_time() { return Millis(pick(3) == 0 ? pick(30 * 3'600'000) : pick(600'000)); }

  void open(int i) {
    both(some_time() / 20);
    const std::string id = std::to_string(i);
    const auto at_now = [&](Event event) {
      event.occurred_at = EventTime::from_ms(plain.now.ms());
      return event;
    };
    switch (pick(4)) {
      case 0: both(at_now(report("r" + id, "Nhà tôi đang cháy, cứu với", spot(i)))); break;
      case 1: both(at_now(report("r" + id, "Nắp cống bị mất", spot(i)))); break;
      default: {
        both(at_now(camera("a" + id, pick(2) == 0 ? "tn_cmt8_01" : "nobody" + id, pick(2) == 0 ? "congestion" : "accident", AlertState::Start, 1)));
        if (pick(2) == 0) both(at_now(camera("a" + id, pick(2) == 0 ? "tn_cmt8_01" : "nobody" + id, "congestion", AlertState::End, 2)));
      }
    }
  }
  std::string any() {
    auto at = merging.incidents.begin();
    std::advance(at, pick(static_cast<std::uint32_t>(merging.incidents.size())));
    return at->first;
  }
  void wait_or_merge(int i) {
    if (pick(3) == 0) return both(some_time());
    if (!x_merged.empty() && pick(4) == 0) return undo();
    const std::string child = any(), into = any();
    if (only_merging(merge(merging, "m-" + std::to_string(i), child, into)) != CommandStatus::Applied) return;
    x_merged.insert(child);
    ++merges;
  }
  void undo() {
    auto at = x_merged.begin();
    std::advance(at, pick(static_cast<std::uint32_t>(x_merged.size())));
    REQUIRE(only_merging(command("u-" + std::to_string(++x_undone), merging.incidents.at(*at), CommandKind::Unmerge)) == CommandStatus::Applied);
    x_merged.erase(at);
    if (pick(2) == 0) both(some_time());
  }

  std::mt19937 x_random;
  std::set<std::string> x_merged;
  int x_undone = 0;
};

Incident normal(Incident incident) {
  incident.version = incident.revision = 0;
  incident.updated_at = LogTime();
  return incident;
}

OpenIncident stored(const Bench& bench, const std::string& id) {
  OpenIncident incident;
  const auto& rows = bench.state.tables[static_cast<std::size_t>(Table::Incidents)];
  REQUIRE(rows.count(id) == 1);
  REQUIRE(decode_stored(rows.find(id)->second, incident));
  incident.shown = normal(incident.shown);
  incident.beside.apart_from.clear();
  incident.beside.snapshot_at = LogTime();
  incident.beside.before_merge = IncidentState::New;
  return incident;
}

std::map<std::string, std::string> rows(const Bench& bench, Table table, bool all) {
  std::map<std::string, std::string> found;
  for (const auto& [key, value] : bench.state.tables[static_cast<std::size_t>(table)]) {
    if (all || (!key.starts_with("command/") && !key.starts_with("expire/"))) found.emplace(key, value);
  }
  return found;
}

}  // namespace

TEST_CASE("merge: undone in any order, with only ticks between, nothing is left of it") {
  std::size_t merges = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    INFO("seed " << seed);
    const Twins twins(seed);
    merges += twins.merges;
    REQUIRE(twins.merging.incidents.size() == twins.plain.incidents.size());
    for (const auto& [id, incident] : twins.plain.incidents) {
      INFO("incident " << id);
      REQUIRE(normal(twins.merging.incidents.at(id)) == normal(incident));
      const OpenIncident merging = stored(twins.merging, id), plain = stored(twins.plain, id);
      REQUIRE(merging.shown == plain.shown);
      REQUIRE(merging.beside == plain.beside);
    }
    for (const Table table : {Table::Members, Table::Objects, Table::Seen, Table::Reports, Table::Other}) {
      INFO("table " << name_of(table));
      if (table == Table::Seen) continue;  // packed by delta
      REQUIRE(rows(twins.merging, table, table != Table::Other) == rows(twins.plain, table, table != Table::Other));
    }
    REQUIRE(twins.merging_statuses == twins.plain_statuses);
    REQUIRE(twins.merging.machine->next_due() == twins.plain.machine->next_due());
  }
  REQUIRE(merges > 100);
}
