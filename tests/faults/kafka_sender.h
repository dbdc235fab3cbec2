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
  KafkaSender(log::Log& log, PartitionId partition, std::uint64_t seed, Ledger& ledger);
  // Waits for what is under way.
  ~KafkaSender();
  // Events below `until` may go, so many in a second.
  void allow(std::uint64_t until, std::uint64_t per_second);

 private:
  void run();
  bool send_one();
  void send(std::uint64_t number);

  log::Log& x_log;
  const PartitionId x_partition;
  const std::uint64_t x_seed;
  Ledger& x_ledger;
  std::atomic<std::uint64_t> x_until{0}, x_per_second{1}, x_under_way{0};
  std::uint64_t x_next = 0;
  std::mutex x_mutex;  // x_again
  std::deque<std::uint64_t> x_again;
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::faults
