// A process's place in the consumer group, as libs/log/kafka/membership.cpp keeps it.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "tests/simulation/network.h"

namespace ioc::simulation {

class Member {
 public:
  struct Listener {
    std::function<void(PartitionId)> assigned;
    std::function<void(PartitionId, std::function<void()> stopped)> revoked;
  };
  Member(Timeline& timeline, Broker& broker, Network& network, Probes& probes, ProcessPtr process, std::string instance)
      : x_timeline(timeline), x_broker(broker), x_network(network), x_probes(probes), x_process(std::move(process)),
        x_instance(std::move(instance)) {}

  void start(Listener listener);
  // Gives everything back, leaves, then calls `left`.
  void leave(std::function<void()> left);
  [[nodiscard]] bool joined() const { return x_state == State::Joined; }
  [[nodiscard]] bool fenced() const { return x_state == State::Fenced; }
  // Read right before a commit, as it may have changed.
  [[nodiscard]] MemberKey key() const;

 private:
  enum class State { Out, Waiting, Joined, Revoking, Fenced, Left };
  void beat();
  void ask_join();
  void ask_assignment();
  void ask_beat();
  void ask_whether_free();
  void take(Code code);
  void revoke_all(State then, bool forget_id);
  void later();

  Timeline& x_timeline;
  Broker& x_broker;
  Network& x_network;
  Probes& x_probes;
  ProcessPtr x_process;
  const std::string x_instance;
  Listener x_listener;
  State x_state = State::Out;
  std::string x_id;
  std::int32_t x_generation = -1;
  std::set<PartitionId> x_held;
  std::size_t x_stopping = 0;
  std::function<void()> x_left;
  Moment x_look_again{0};  // while fenced
};

}  // namespace ioc::simulation
