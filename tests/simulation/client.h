// libs/log's seam for one process, on the model broker. The owner's decisions are those of libs/log/kafka/owner.cpp: what it
// may call committed, aborted, fenced or unknown.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "libs/log/log.h"
#include "tests/simulation/member.h"
#include "tests/simulation/network.h"

namespace ioc::simulation {

class ModelOwner;
class ModelReader;

// Mistakes that a Kafka client could make; the simulation must find each (plants.h).
struct ClientMistakes {
  bool keeps_epoch_when_disturbed = false;  // goes on with the same epoch after a lost connection
  bool commits_unchecked = false;           // does not name its generation to the group
  bool reads_uncommitted = false;           // sees records of open and aborted transactions
  bool reads_offset_first = false;          // reads the committed offset before it fences older owners
};

class Client final : public log::Log {
 public:
  struct Times {
    Moment transaction_timeout{0}, acquire_timeout{0};
  };
  Client(Timeline& timeline, Broker& broker, Network& network, Probes& probes, ProcessPtr process, Times times,
         ClientMistakes mistakes);
  ~Client() override;

  [[nodiscard]] std::string id() const override { return "model"; }
  [[nodiscard]] Result<void> ensure_topics(std::span<const log::TopicConfig>) override { return {}; }
  [[nodiscard]] Result<std::optional<std::uint32_t>> partitions_of(std::string_view topic) override;
  [[nodiscard]] Result<log::Range> range(std::string_view topic, PartitionId partition) override;
  void append(std::string_view topic, PartitionId partition, log::Message message,
              std::function<void(Result<Offset>)> done) override;
  [[nodiscard]] Result<std::unique_ptr<log::Reader>> read(std::string_view topic, PartitionId partition, Offset from) override;
  // Groups are Member's: revoking cannot block here.
  [[nodiscard]] Result<std::unique_ptr<log::Membership>> join(std::string_view, std::string_view, std::string_view,
                                                              log::AssignmentListener) override;
  [[nodiscard]] Result<log::Committed> committed(std::string_view group, std::string_view topic, PartitionId partition) override;
  [[nodiscard]] log::Stats stats() const override { return {}; }

  [[nodiscard]] std::unique_ptr<log::Owner> owner(Member& member, PartitionId partition);
  void on_visible(const TopicPartition& place);
  // The process is gone: nothing of it is called any more.
  void abandon();

 private:
  friend class ModelOwner;
  friend class ModelReader;

  // There and back.
  [[nodiscard]] Moment trip() {
    return Moment(x_timeline.random.between(100, 3 * x_broker.weather.longest_trip.count()));
  }

  Timeline& x_timeline;
  Broker& x_broker;
  Network& x_network;
  Probes& x_probes;
  ProcessPtr x_process;
  const Times x_times;
  const ClientMistakes x_mistakes;
  std::set<ModelOwner*> x_owners;
  std::set<ModelReader*> x_readers;
  std::map<std::uint64_t, std::function<void(Result<Offset>)>> x_appends;  // not answered yet
  std::uint64_t x_append_number = 0;
  std::map<TopicPartition, Moment> x_last_arrival;  // appends to a partition keep their order
};

}  // namespace ioc::simulation
