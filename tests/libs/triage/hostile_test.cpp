#include <catch2/catch.hpp>

#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;

TEST_CASE("machine: any bytes lead to effects, never to a stop") {
  std::mt19937 random(4711);
  Bench bench;
  const auto log = make_log(21, 300);
  for (int round = 0; round < 6000; ++round) {
    std::string value = log[random() % log.size()].value;
    for (std::uint32_t changes = random() % 8; changes > 0 && !value.empty(); --changes) {
      const std::size_t at = random() % value.size();
      switch (random() % 4) {
        case 0: value[at] = static_cast<char>(random()); break;
        case 1: value.erase(at, random() % 9); break;
        case 2: value.insert(at, 1 + random() % 5, static_cast<char>(random())); break;
        default: value.resize(at); break;
      }
    }
    bench.now = bench.now + Millis(static_cast<std::int64_t>(random() % 2000));
    bench.step_bytes(value);
    if (round % 500 == 0) bench.restart();
  }
  REQUIRE(bench.machine->next_offset().value() == 6001);
}

TEST_CASE("machine: extreme times, positions and counts do no harm") {
  for (const std::int64_t ms : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 52, INT64_MAX}) {
    Bench bench;
    Event event = report("r1", "Nắp cống bị mất", Position{INT32_MIN, INT32_MAX, UINT32_MAX});
    event.occurred_at = EventTime::from_ms(ms);
    bench.step(event);
    Event alert = camera("c1", "tn_cmt8_01", "illegal_stop", AlertState::End, UINT64_MAX);
    alert.occurred_at = EventTime::from_ms(ms);
    bench.step(alert);
    bench.step(camera("c2", "tn_cmt8_01", "illegal_stop", AlertState::Start, 1));
    bench.step(report("r2", "Nắp cống bị mất"));
    bench.restart();
    REQUIRE_FALSE(bench.incidents.empty());
  }
}

TEST_CASE("machine: memory stays bounded when one camera never stops") {
  Bench bench;
  for (int i = 0; i < 20'000; ++i) {
    bench.now = bench.now + Millis(1000);
    bench.step(at(camera("c" + std::to_string(i), "tn_cmt8_01", "illegal_stop", AlertState::Start), Millis(i * 1000)));
    if (i % 1000 == 0) bench.restart();
  }
  REQUIRE(bench.machine->stats().incidents_in_memory == 1);
  REQUIRE(bench.incidents.size() == 1);
}

TEST_CASE("machine: ids that meet do not open an incident twice") {
  Bench bench;
  bench.step(report("r1", "Nắp cống bị mất"));
  bench.step(report("r2", "Nắp cống bị mất"));
  Event taken = report("r3", "Karaoke ồn ào");
  taken.id = EventId("c-1");
  bench.step(taken);
  bench.wait(Millis(2000));
  Command split = command("c-1", bench.incidents.at("0-e-r1"), CommandKind::Split);
  split.events = {EventId("e-r2")};
  REQUIRE(find(bench.step(split), DecisionKind::Command)->command_result->status == CommandStatus::Refused);
  Command split_again = command("c-2", bench.incidents.at("0-e-r1"), CommandKind::Split);
  split_again.events = {EventId("e-r2")};
  REQUIRE(find(bench.step(split_again), DecisionKind::Command)->command_result->status == CommandStatus::Applied);
  Event after = report("r4", "Đèn đường hỏng");
  after.id = EventId("c-2");
  REQUIRE(find(bench.step(after), DecisionKind::Repeated) != nullptr);
}
