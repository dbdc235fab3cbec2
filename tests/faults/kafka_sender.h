// Writes the events of a run straight to the events topic, with an idempotent producer, again until each is
// acknowledged, no faster than it is let.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

#include "libs/log/log.h"
#include "tests/faults/ledger.h"

namespace ioc::faults {

class KafkaSender {
 public:
  // Log and ledger must outlive the sender.
  KafkaSender(log::Log& log, std::uint32_t areas, std::uint64_t seed, Ledger& ledger);
  // Waits for what is under way.
  ~KafkaSender();
  // Events below `until` may go, so many in a second.
  void allow(std::uint64_t until, std::uint64_t per_second);

 private:
  void run();
  bool send_one();
  struct Unsent {
    std::uint64_t number = 0;
    WallTime first_sent;
  };
  void send(Unsent one);

  log::Log& x_log;
  const std::uint32_t x_areas;
  const std::uint64_t x_seed;
  Ledger& x_ledger;
  std::atomic<std::uint64_t> x_until{0}, x_per_second{1}, x_under_way{0};
  std::uint64_t x_next = 0;
  std::mutex x_mutex;  // x_again
  std::deque<Unsent> x_again;
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::faults
