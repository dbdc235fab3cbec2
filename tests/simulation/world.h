// One run: a broker, some workers that share the partitions, what happens to them, and whether all is right at the end.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/worker.h"
#include "tests/simulation/workload.h"

namespace ioc::simulation {

struct Plan {
  std::uint64_t seed = 1;
  // Given: a short run without other faults, in which the process that crosses this boundary (counted from 1) crashes
  // there or is frozen there until others have taken over. 0: in which nothing happens.
  std::optional<std::uint64_t> point;
  enum class At { Crash, Freeze };
  At at = At::Crash;
  Plant plant = Plant::None;
};

struct Outcome {
  std::vector<std::string> violations;
  std::uint64_t boundaries = 0;       // that were crossed
  const char* point = nullptr;        // the boundary of the plan's point
  std::uint64_t records = 0;          // in the events topic at the end
  Moment lasted{0};                   // virtual time
  Probes probes;
};

[[nodiscard]] Outcome run(const Plan& plan);

class World {
 public:
  explicit World(const Plan& plan);
  ~World();

  [[nodiscard]] Outcome run();

 private:
  friend class Faults;

  void launch(const std::string& name, std::size_t disk);
  [[nodiscard]] Worker* find(const Process& process);
  [[nodiscard]] std::vector<Worker*> alive();
  void crashed(Process& process);
  void stop_orderly(Worker& worker);
  void at_point(Process& process, const char* what);
  void bury(const Process& process);
  [[nodiscard]] bool at_home(const std::string& name, std::size_t disk) const;
  void heal();
  void keep_running();
  void look();
  void look_at_refusals();
  [[nodiscard]] bool settled();
  [[nodiscard]] std::string why_not_settled();
  void finish(Outcome& outcome);
  [[nodiscard]] std::size_t new_disk();

  const Plan x_plan;
  Random x_random;
  Probes x_probes;
  std::vector<std::string> x_violations;
  Timeline x_timeline;
  Broker x_broker;
  Network x_network;
  Site x_site;
  std::vector<std::unique_ptr<Disk>> x_disks;
  std::list<std::unique_ptr<Worker>> x_workers;
  std::map<std::string, std::size_t> x_homes;  // the workers that belong here, each with its disk; doubles have disks of their own
  std::unique_ptr<Workload> x_workload;
  Millis x_clock_ahead{0};  // the broker's, at its most
  bool x_healed = false;
  bool x_stopping = false;
  const char* x_point = nullptr;
  std::set<PartitionId> x_broken;       // lost their tail
  std::set<PartitionId> x_noticed;      // … and somebody refused to go on
};

}  // namespace ioc::simulation
