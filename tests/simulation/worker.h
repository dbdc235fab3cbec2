// One life of an `ioc triage` process: what services/triage/app.cpp puts together, on the model's seams. The runners, the
// bundles and the state views are the production classes.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <set>
#include <vector>

#include "libs/metrics/metrics.h"
#include "services/triage/bundles.h"
#include "services/triage/config.h"
#include "services/triage/fenced_watch.h"
#include "services/triage/partition_runner.h"
#include "tests/simulation/client.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/plants.h"

namespace ioc::simulation {

// What all processes of a run share.
struct Site {
  Timeline& timeline;
  Broker& broker;
  Network& network;
  Probes& probes;
  triage_service::Config config;
  Client::Times times;
  Plant plant = Plant::None;
  bool standbys = false;  // workers follow all partitions and join the group when they are warm
  std::vector<std::string>& violations;
};

class Worker {
 public:
  // `name` is the member's static name; the disk outlives the worker.
  Worker(Site& site, std::string name, std::size_t disk_number, Disk& disk);
  ~Worker();

  void start();
  // An orderly end: gives its partitions back first.
  void stop(std::function<void()> stopped);

  [[nodiscard]] const ProcessPtr& process() const { return x_process; }
  [[nodiscard]] Client& client() { return x_client; }
  [[nodiscard]] Disk& disk() { return x_disk; }
  [[nodiscard]] std::size_t disk_number() const { return x_disk_number; }
  [[nodiscard]] bool fenced() const { return x_member.fenced(); }
  [[nodiscard]] const std::string& name() const { return x_process->name; }
  [[nodiscard]] std::vector<std::string> describe() const;  // for people
  // Partitions that refuse, with why.
  [[nodiscard]] std::map<PartitionId, std::string> refused() const;

 private:
  class WatchedOwner;
  struct Running {
    std::unique_ptr<ModelScheduler> scheduler;
    std::shared_ptr<triage_service::PartitionRunner> runner;
    std::size_t held = 0;  // deltas committed and not written yet
    bool ending = false;
    std::function<void()> then;  // when it has ended
  };
  void make_runner(PartitionId partition, std::unique_ptr<log::Owner> owner);
  void join_when_warm();
  [[nodiscard]] std::unique_ptr<log::Owner> make_owner(PartitionId partition);
  void assigned(PartitionId partition);
  void revoked(PartitionId partition, std::function<void()> stopped);
  void end_runner(PartitionId partition, std::function<void()> ended);
  void look();
  void look_at_lag(PartitionId partition);
  void written(PartitionId partition);

  Site& x_site;
  ProcessPtr x_process;
  Disk& x_disk;
  const std::size_t x_disk_number;
  Client x_client;
  ModelStore x_store;
  metrics::Registry x_registry;
  ModelScheduler x_bundles_strand;
  std::shared_ptr<triage_service::Bundles> x_bundles;
  Member x_member;
  triage_service::FencedWatch x_fenced;
  std::set<PartitionId> x_assigned;
  std::map<PartitionId, Running> x_running;
};

}  // namespace ioc::simulation
