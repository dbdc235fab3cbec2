// A read-committed consumer of every output topic, while all goes on: what it sees may never turn out not to be so.
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
  Follower(log::Log& log, std::vector<std::string> topics, PartitionId partition);
  ~Follower() { stop(); }
  void stop();
  // After stop(): gives each stream what was seen. False: a topic could not be followed to here, which is said.
  bool hand_over(std::vector<Stream>& streams);

 private:
  struct Topic {
    std::string name;
    std::unique_ptr<log::Reader> reader;
    std::vector<Seen> seen;
    std::string failed;
  };
  void run();
  bool follow(Topic& topic);

  const PartitionId x_partition;
  std::vector<Topic> x_topics;
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace ioc::faults
