// What the world outside does: feeds that send events of every kind (repeats, revisions, late ones, some that belong to the
// other area), operators who act on what they see, activations, ticks, garbage. Sends again until it is acknowledged.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/domain/record.h"
#include "tests/simulation/client.h"

namespace ioc::simulation {

class Workload {
 public:
  struct Acknowledged {
    TopicPartition place;
    Offset offset;
    std::string value;
  };
  Workload(Timeline& timeline, Broker& broker, Network& network, Probes& probes, Random random, Client::Times times);
  ~Workload();

  // `actions` of them within `span`, some in bursts.
  void start(std::size_t actions, Moment span);
  // Some more, spread over `span` from now on: most faults hurt only while something happens.
  void hurry(Moment span);
  [[nodiscard]] bool done() const { return x_left == 0 && x_unacknowledged == 0; }
  [[nodiscard]] const std::vector<Acknowledged>& acknowledged() const { return x_acknowledged; }
  [[nodiscard]] Client& client() { return x_client; }
  void avoid(PartitionId partition) { x_avoided = partition; }  // sends nothing there any more

 private:
  void act();
  [[nodiscard]] Event timed(Event event);
  [[nodiscard]] Event event_of(Feed feed, std::string object);
  void report();
  void camera();
  void passage();
  void status();
  void mention();
  void indicator();
  void again();
  void command();
  void activation();
  void send(PartitionId partition, std::string value);
  void append(TopicPartition place, log::Message message);
  [[nodiscard]] PartitionId home(Feed feed) const;
  [[nodiscard]] std::optional<Position> somewhere();

  Timeline& x_timeline;
  Broker& x_broker;
  Probes& x_probes;
  Random x_random;
  ProcessPtr x_process;
  Client x_client;
  std::size_t x_left = 0;
  std::size_t x_unacknowledged = 0;
  std::uint64_t x_number = 0;
  std::vector<std::pair<PartitionId, std::string>> x_sent;
  std::vector<Acknowledged> x_acknowledged;
  std::optional<PartitionId> x_avoided;
};

}  // namespace ioc::simulation
