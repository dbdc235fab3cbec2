// A read-committed consumer of every output, while all goes on: what it sees may never turn out not to be so.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "libs/log/log.h"
#include "tests/faults/history.h"

namespace ioc::faults {

class Follower {
 public:
  // The log must outlive the follower. Follows from the start of the topics.
  Follower(log::Log& log, const std::vector<std::string>& topics, std::uint32_t partitions);
  ~Follower() { stop(); }
  void stop();
  // After stop(): gives each stream what was seen. False: a topic could not be followed to here, which is said.
  bool hand_over(std::vector<Stream>& streams);

 private:
  struct Followed {
    std::string topic;
    PartitionId partition;
    std::unique_ptr<log::Reader> reader;
    std::map<std::string, std::vector<Seen>> seen;  // by stream
    std::string failed;
  };
  void run();
  static bool follow(Followed& one);

  std::vector<Followed> x_all;
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::faults
