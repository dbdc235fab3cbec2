#include "libs/base/clock_guard.h"

#include <catch2/catch.hpp>

using namespace ioc;

namespace {

constexpr std::int64_t kSecond = 1'000, kDay = 86'400'000;
constexpr std::int64_t kStart = 1'700'000'000'000;

// A machine whose clock can be set, a second at a time.
struct Machine {
  ClockGuard guard;
  std::int64_t true_ms = kStart, wrong_by_ms = 0;

  std::int64_t now() { return guard.now(true_ms + wrong_by_ms, true_ms - kStart); }
  // The largest distance between the time that counted and the true one.
  std::int64_t run(std::int64_t seconds) {
    std::int64_t most = 0;
    for (std::int64_t i = 0; i < seconds; ++i) {
      true_ms += kSecond;
      most = std::max(most, std::abs(now() - true_ms));
    }
    return most;
  }
};

}  // namespace

TEST_CASE("clock guard: a clock that runs, and is corrected a little, is followed") {
  Machine machine;
  CHECK(machine.now() == kStart);
  CHECK(machine.run(100) == 0);
  machine.wrong_by_ms = 20 * kSecond;
  machine.run(1);
  CHECK(machine.now() == machine.true_ms + 20 * kSecond);
  machine.wrong_by_ms = 0;
  std::int64_t before = machine.now();
  for (int i = 0; i < 40; ++i) {
    machine.run(1);
    CHECK(machine.now() >= before);
    before = machine.now();
  }
  CHECK(machine.now() == machine.true_ms);
  CHECK(machine.guard.status().held == 0);
}

TEST_CASE("clock guard: a day ahead for five seconds leaves no trace in the time that counts") {
  Machine machine;
  machine.run(10);
  machine.wrong_by_ms = kDay;
  CHECK(machine.run(5) == 0);
  CHECK(machine.guard.status().held_ms == kDay);
  machine.wrong_by_ms = 0;
  CHECK(machine.run(10) == 0);
  const ClockGuard::Status& status = machine.guard.status();
  CHECK(status.held_ms == 0);
  CHECK(status.held == 1);
  CHECK(status.taken_back == 1);
  CHECK(status.followed == 0);
}

TEST_CASE("clock guard: a step ahead that lasts is followed after half a minute, a step back at once") {
  Machine machine;
  machine.run(10);
  machine.wrong_by_ms = kDay;
  machine.run(29);
  CHECK(machine.now() == machine.true_ms);
  machine.run(3);
  CHECK(machine.now() == machine.true_ms + kDay);
  CHECK(machine.guard.status().followed == 1);
  machine.wrong_by_ms = 0;
  machine.run(1);
  CHECK(machine.now() == machine.true_ms);
  CHECK(machine.guard.status().set_back == 1);
  CHECK(machine.guard.status().last_step_ms == kDay);
}

TEST_CASE("clock guard: a machine that boots in 2099 goes on from what is known, and is right a minute after its clock is set") {
  Machine machine;
  machine.wrong_by_ms = 73 * 365 * kDay;
  const bool asked_before = GENERATE(false, true);
  if (asked_before) machine.now();
  machine.guard.known_past(kStart - kDay, 0);
  machine.run(3'600);
  CHECK(std::abs(machine.now() - (machine.true_ms - kDay)) <= kSecond);  // counted from the first question on
  CHECK(machine.guard.status().impossible);
  machine.wrong_by_ms = 0;
  machine.run(60);
  CHECK(machine.now() == machine.true_ms);
  CHECK(machine.guard.status().held_ms == 0);
}

TEST_CASE("clock guard: a machine that was off for months is believed, and so is one that knows nothing") {
  Machine machine;
  machine.guard.known_past(kStart - 200 * kDay, 0);
  CHECK(machine.now() == kStart);
  Machine fresh;
  fresh.wrong_by_ms = 73 * 365 * kDay;
  CHECK(fresh.now() == kStart + 73 * 365 * kDay);
  fresh.wrong_by_ms = 0;
  fresh.run(1);
  CHECK(fresh.now() == fresh.true_ms);
}
