// The `ioc triage` processes of a run: each with a name of its own in the group, a data folder, and a log file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/ids.h"
#include "tests/faults/process.h"

namespace ioc::faults {

class Engines {
 public:
  // `config`: the configuration without the section triage, which each gets by its name.
  Engines(std::string ioc, std::string dir, std::string config, std::size_t count);

  void start(std::size_t engine);
  void start_all();
  // Another process with the same name in the group and the same transactional ids, on a disk of its own. It is the
  // engine from now on; the older one is given back.
  [[nodiscard]] Process start_twin(std::size_t engine);
  [[nodiscard]] Process& process(std::size_t engine) { return x_all[engine].process; }
  void lose_disk(std::size_t engine);
  [[nodiscard]] std::size_t count() const { return x_all.size(); }

  // Whether it works on the partition, by its metrics. False as well: it does not answer.
  [[nodiscard]] bool works_on(std::size_t engine, PartitionId partition) const;
  [[nodiscard]] std::optional<std::size_t> owner_of(PartitionId partition) const;
  // One that works on nothing, where there is one; else any but `owner`.
  [[nodiscard]] std::size_t standby_beside(std::size_t owner, std::uint32_t partitions) const;
  [[nodiscard]] bool ready(std::size_t engine) const;
  // Every one is there and ready. Throws Broken naming one that ended by itself.
  [[nodiscard]] bool all_ready(const std::string& after);
  // A line for each that is not; their metrics lie beside their logs then.
  [[nodiscard]] std::string why_not_ready() const;
  // In order, each with exit code 0; else throws Broken.
  void stop(std::size_t engine);
  void stop_all();

 private:
  struct Engine {
    std::string config, data, log, url;
    std::uint64_t disks = 0;
    Process process;
  };

  const std::string x_ioc, x_dir;
  std::vector<Engine> x_all;
};

}  // namespace ioc::faults
