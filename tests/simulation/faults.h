// What goes wrong in a run and when, from its seed. Each run has its own selection of kinds, so that some run without any
// lost connection, some with hardly anything else.
#pragma once

#include <vector>

#include "tests/simulation/world.h"

namespace ioc::simulation {

class Faults {
 public:
  Faults(World& world, Random random) : x_world(world), x_random(random) {}
  // Some faults within `span`.
  void plan(Moment span);

 private:
  using Kind = void (Faults::*)();
  void kill();
  void lose_disk();
  void pause();
  void double_worker();
  void stop_and_start();
  void add_worker();
  void broker_down();
  void clock_jump();
  void disk_full();
  void slow_markers();
  void lossy_network();
  void slow_network();
  void failed_produce();
  void bad_reads();
  void lose_tail();
  void weather(Moment longest, std::uint64_t Weather::*permille, std::uint64_t worst);
  [[nodiscard]] Worker* somebody();

  World& x_world;
  Random x_random;
};

}  // namespace ioc::simulation
