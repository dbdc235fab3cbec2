// What bounds memory and state, and what is not lost at a bound.
#include <catch2/catch.hpp>
#include <algorithm>

#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

std::size_t rows_with(const Bench& bench, std::string_view prefix) {
  const auto& rows = bench.state.tables[static_cast<std::size_t>(Table::Other)];
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first.starts_with(prefix); }));
}

Event alert(std::string_view id, Millis after_start, std::uint64_t revision = 1, AlertState state = AlertState::Start) {
  return at(camera(id, "tn_cmt8_01", "illegal_stop", state, revision), after_start);
}

void open_and_end(Bench& bench, std::string_view id, Millis after_start) {
  bench.step(alert(id, after_start, 1));
  bench.step(alert(id, after_start + 1s, 2, AlertState::End));
}

}  // namespace

TEST_CASE("bounds: a command's result is forgotten after its time, and the command is judged anew") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  const Command first = command("c-1", bench.incidents.at("0-e-r1"), CommandKind::Acknowledge);
  bench.step(first);
  bench.wait(29 * 24h);
  REQUIRE(find(bench.step(first), DecisionKind::Command)->reason == "same_command_id");
  bench.restart();
  REQUIRE(rows_with(bench, "command/") == 1);
  bench.wait(25h);
  bench.wait(1h);
  REQUIRE(find(bench.step(first), DecisionKind::Command)->reason == "stale_version");
  bench.wait(32 * 24h);
  bench.restart();
  REQUIRE(rows_with(bench, "command/") == 0);
  REQUIRE(rows_with(bench, "expire/") == 0);
}

TEST_CASE("bounds: a point that nobody reports from any more is forgotten") {
  Bench bench;
  Event event = report("r1", "đèn đường hỏng");
  std::get<CitizenReport>(event.body).address = "Số 1, đường Bắc Kạn";
  bench.step(event);
  bench.restart();
  REQUIRE(rows_with(bench, "spot/") == 1);
  bench.wait(401 * 24h);
  bench.wait(2h);
  bench.restart();
  REQUIRE(rows_with(bench, "spot/") == 0);
}

TEST_CASE("deduplicate: a corrected passage is not counted again, also after a restart") {
  Bench bench;
  Event first = passage("1", PassageResult::Pass);
  REQUIRE(bench.step(first).back().kind == DecisionKind::Counted);
  bench.restart();
  Event corrected = first;
  corrected.id = EventId("p-1-corrected");
  std::get<CheckpointPassage>(corrected.body).people = 5;
  REQUIRE(bench.step(corrected).back().kind == DecisionKind::Revised);
  Event other = passage("2", PassageResult::Pass);
  REQUIRE(bench.step(other).back().kind == DecisionKind::Counted);
}

TEST_CASE("deduplicate: a passage of two hundred days ago is still a repeat") {
  Bench bench;
  Event first = passage("1", PassageResult::Pass);
  first.id = EventId("20211018-065959-p-abc");
  bench.step(first);
  bench.wait(200 * 24h);
  bench.restart();
  REQUIRE(bench.step(first).back().kind == DecisionKind::Repeated);
}

TEST_CASE("correlate: what a clock closed weeks ago, and memory forgot, still gets its late events") {
  Bench bench;
  open_and_end(bench, "c1", 0ms);
  open_and_end(bench, "c2", 5h);  // a newer one has the camera's key
  const auto opened = bench.incidents.size();
  REQUIRE(opened == 2);
  bench.wait(30 * 24h);
  bench.restart();
  REQUIRE(bench.machine->stats().incidents_in_memory == 0);
  REQUIRE(rows_with(bench, "past/") > 0);
  for (const auto& [id, when, expected] : {std::tuple("c3", Millis(5min), "0-a-c1-11"), std::tuple("c4", Millis(5h + 5min), "0-a-c2-11")}) {
    INFO("late alert " << id);
    const Decision suppressed = *find(bench.step(alert(id, when)), DecisionKind::Suppressed);
    REQUIRE(suppressed.incident == IncidentId(expected));
    bench.restart();
  }
  REQUIRE(find(bench.step(alert("c5", 2h)), DecisionKind::Opened) != nullptr);  // of neither
  // A citizen who tells of it late is joined by place.
  const Position spot = *bench.incidents.at("0-a-c1-11").position;
  const auto late = bench.step(at(report("r1", "Ô tô đỗ xe trái phép chắn lối", spot), 6min));
  const Decision* joined = find(late, DecisionKind::Joined);
  if (joined) REQUIRE(joined->incident == IncidentId("0-a-c1-11"));
  else REQUIRE(find(late, DecisionKind::Suggested) != nullptr);
  bench.wait(410 * 24h);
  bench.wait(2h);
  bench.restart();
  bench.wait(1h);
  REQUIRE(rows_with(bench, "past/0-a-c1") == 0);
}

TEST_CASE("correlate: more of an alert whose incident left memory harms nothing that comes after") {
  Bench bench;
  open_and_end(bench, "c1", 0ms);
  bench.wait(30 * 24h);
  const Millis later = 30 * 24h;
  REQUIRE(find(bench.step(alert("c1", later, 7, AlertState::Update)), DecisionKind::Revised) != nullptr);
  for (int i = 0; i < 5; ++i) bench.step(alert("n" + std::to_string(i), later + i * 1min));
  bench.wait(2s);
  REQUIRE(bench.incidents.at("0-a-c1-11").events == 8);  // it came back
}

TEST_CASE("bounds: where memory for open incidents is full, a new one waits in the state, shown, worked on, and comes back") {
  Bench bench(true, with_limits("life: {open_max: 1000}\n"));
  for (int i = 0; i < 1005; ++i) {
    bench.step(report("r" + std::to_string(i), "Nắp cống bị mất", Position{213500000 + i * 20000, 1058482000, 0}));
  }
  REQUIRE(bench.incidents.size() == 1005);
  REQUIRE(bench.machine->stats().incidents_in_memory == 1000);
  REQUIRE(bench.machine->stats().incidents_parked == 5);
  REQUIRE_FALSE(bench.incidents.at("0-e-r1004").queue.empty());
  bench.restart();
  REQUIRE(bench.machine->stats().incidents_parked == 5);
  // A person can work on it, and its revisions find it.
  REQUIRE(find(bench.step(command("c-1", bench.incidents.at("0-e-r1004"), CommandKind::Acknowledge)), DecisionKind::Command)->command_result->status ==
          CommandStatus::Applied);
  Event revised = report("r1003", "Nắp cống bị mất, nguy hiểm");
  revised.id = EventId("e-r1003-b");
  REQUIRE(find(bench.step(revised), DecisionKind::Revised) != nullptr);
  REQUIRE(bench.machine->stats().incidents_in_memory == 1000);
  // Room: the first that waits comes back, with its clocks.
  for (int i = 0; i < 3; ++i) {
    Command resolve = command("c-r" + std::to_string(i), bench.incidents.at("0-e-r" + std::to_string(i)), CommandKind::Resolve);
    resolve.outcome = "fixed";
    bench.step(resolve);
  }
  bench.restart();
  std::size_t breached = 0;
  const auto count = [&](const std::vector<Decision>& decisions) {
    for (const Decision& decision : decisions) {
      if (decision.kind == DecisionKind::ClockBreached && decision.incident == IncidentId("0-e-r1000")) ++breached;
    }
  };
  for (int day = 0; day < 9; ++day) {
    count(bench.wait(24h));
    if (day == 4) bench.restart();
  }
  while (bench.machine->effects_waiting()) count(bench.step(Tick{}));
  REQUIRE(breached > 0);
  REQUIRE(bench.machine->stats().incidents_parked == 2);
  REQUIRE(bench.machine->stats().incidents_in_memory == 1000);
  Event same = at(report("r9999", "Nắp cống bị mất", Position{213500000 + 1000 * 20000, 1058482000, 0}), 5min);
  REQUIRE(find(bench.step(same), DecisionKind::Joined)->incident == IncidentId("0-e-r1000"));
}

TEST_CASE("bounds: in the second half of a busy day nothing in memory grows") {
  Bench bench(true, with_limits("deduplicate: {window: 3h, ids_max: 5000, objects_cached: 1000}\n"
                                "checkpoints: {followed_max: 20}\n"
                                "life: {ended_closing: 30m, correlatable_after_closing: 1h, closing: 1h}\n"));
  constexpr int kEvents = 48'000;
  std::uint64_t most[2][4] = {};
  for (int i = 0; i < kEvents; ++i) {
    const Millis now(86'400'000LL * i / kEvents);
    bench.now = LogTime::from_ms(kStartMs + now.count());
    const std::string number = std::to_string(i);
    Event event;
    if (i % 2 == 0) event = passage(number, PassageResult::Pass, "CK" + std::to_string(i % 50));
    else if (i % 8 == 1) event = camera("o" + number, "cam-" + std::to_string(i / 8 % 40), "congestion", AlertState::Start, 1);
    else event = camera("o" + std::to_string(i - i % 8 + 1), "cam-" + std::to_string(i / 8 % 40), "congestion", i % 8 == 7 ? AlertState::End : AlertState::Update, static_cast<std::uint64_t>(i % 8));
    event = at(event, now);
    event.id = EventId(format_compact(kStartMs + now.count()) + "-" + number);
    std::vector<Effect> effects;
    bench.machine->step({bench.next, bench.now, wire::encode(Record(event))}, effects);
    bench.next = bench.next.next();
    if (i % 500 != 0) continue;
    if (i % 10'000 == 0) bench.restart();
    const Stats& stats = bench.machine->stats();
    const std::uint64_t now_held[] = {stats.ids_in_memory, stats.incidents_in_memory, stats.objects_cached, stats.checkpoints_followed};
    for (std::size_t k = 0; k < 4; ++k) most[i < kEvents / 2 ? 0 : 1][k] = std::max(most[i < kEvents / 2 ? 0 : 1][k], now_held[k]);
  }
  for (std::size_t k = 0; k < 4; ++k) {
    INFO("what " << k);
    REQUIRE(most[0][k] > 0);
    REQUIRE(most[1][k] <= most[0][k] + most[0][k] / 100);
  }
  REQUIRE(most[1][0] <= 5000 + 2001);  // the newest hours stay until an hour is over
  REQUIRE(most[1][2] <= 1000);
  REQUIRE(most[1][3] == 20);
}
