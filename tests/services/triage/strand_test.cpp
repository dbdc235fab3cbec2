#include "services/triage/strand.h"

#include <catch2/catch.hpp>

#include "tests/services/triage/memory_world.h"

using namespace ioc;
using namespace ioc::triage_service;
using namespace ioc::triage_service::testing;

TEST_CASE("strand: nothing runs after its end, whoever still holds a callback") {
  VirtualScheduler scheduler(WallTime::from_ms(0));
  int ran = 0;
  std::function<void(int)> callback;
  {
    Strand strand(scheduler);
    callback = strand.callback<int>([&](int by) { ran += by; });
    callback(1);
    strand.after(Millis(5), [&] { ran += 10; });
    scheduler.step();
    CHECK(ran == 1);
    callback(1);
    strand.blocking([] {}, [&] { ran += 100; });
    CHECK(strand.busy());
  }
  callback(1);
  scheduler.run_until([] { return false; }, Millis(100));
  CHECK(ran == 1);
}

TEST_CASE("backoff: doubles up to its limit and starts anew after a success") {
  Backoff backoff(Millis(50), Millis(150));
  CHECK(backoff.next() == Millis(50));
  CHECK(backoff.next() == Millis(100));
  CHECK(backoff.next() == Millis(150));
  backoff.reset();
  CHECK(backoff.next() == Millis(50));
}
