#include "libs/triage/stages/clock_back.h"

#include <catch2/catch.hpp>

#include "tests/libs/triage/fixture.h"

using namespace ioc;
using namespace ioc::triage;
using namespace ioc::triage::testing;
using namespace std::chrono_literals;

namespace {

constexpr Millis kDecades = std::chrono::hours(24 * 365 * 73);

const Clock& resolve_clock(const Incident& incident) {
  const auto found = std::find_if(incident.clocks.begin(), incident.clocks.end(), [](const Clock& one) { return one.kind == ClockKind::Resolve; });
  REQUIRE(found != incident.clocks.end());
  return *found;
}

// A bench whose records are appended under a clock that can be set.
struct Clocked : Bench {
  explicit Clocked(std::uint32_t behaviour = kBehaviourVersion) { step(Activation{bundle.hash, behaviour, "test"}); }
};

}  // namespace

TEST_CASE("clock back: log time follows a clock that was set back, and deadlines run on with the time they had left") {
  const bool restarted = GENERATE(false, true);
  Clocked bench;
  bench.step(report("r0", "đèn đường hỏng"));
  bench.now = bench.now + kDecades;
  bench.step(report("r1", "Trước số nhà 12 có nắp cống bị mất, rất nguy hiểm", Position{215900000, 1058400000, 0}));
  const Clock wrong = resolve_clock(bench.incidents.at("0-e-r1"));
  CHECK(wrong.started_at == bench.now);
  bench.wait(10min);
  if (restarted) bench.restart();

  bench.now = bench.now - kDecades;
  bench.wait(1s);
  CHECK(bench.machine->log_time() == bench.now);
  const Clock right = resolve_clock(bench.incidents.at("0-e-r1"));
  CHECK(right.due_at - bench.now <= wrong.due_at - wrong.started_at);
  CHECK(right.due_at > bench.now);
  if (restarted) bench.restart();
  const auto passed = bench.wait(right.due_at - bench.now);
  CHECK(find(passed, DecisionKind::ClockBreached) != nullptr);
  bench.step(report("r2", "cây đổ chắn đường", Position{215800000, 1058300000, 0}));
  CHECK(bench.incidents.at("0-e-r2").received_at == bench.now);
}

TEST_CASE("clock back: a deadline that was set before the clock was wrong stays as it was") {
  Clocked bench;
  bench.step(report("r0", "Trước số nhà 12 có nắp cống bị mất, rất nguy hiểm"));
  const Clock set = resolve_clock(bench.incidents.at("0-e-r0"));
  bench.now = bench.now + 5min;
  bench.step(report("r1", "cây đổ", Position{215800000, 1058300000, 0}));
  bench.now = bench.now - 4min;
  bench.wait(0s);
  CHECK(bench.machine->log_time() == bench.now);
  CHECK(resolve_clock(bench.incidents.at("0-e-r0")) == set);
}

TEST_CASE("clock back: log time waits for small steps, and for all of them under the behaviour before") {
  const auto behaviour = GENERATE(kBehaviourOldest, kBehaviourVersion);
  Clocked bench(behaviour);
  bench.wait(10min);
  const LogTime reached = bench.now;
  bench.now = bench.now - 1min;
  bench.wait(0s);
  CHECK(bench.machine->log_time() == reached);
  bench.now = bench.now - 1ms;
  bench.wait(0s);
  CHECK(bench.machine->log_time() == (behaviour < since::kFollowsClockBack ? reached : bench.now));
}
