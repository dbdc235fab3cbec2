// Events from the raw Kafka topics: the same bodies, the same path; one transaction holds the events, the dead letters
// and the input offset (DESIGN 3).
#pragma once

#include <memory>
#include <string>

#include "libs/log/log.h"
#include "services/ingest/intake.h"

namespace ioc::ingest {

class RawTopics {
 public:
  // `group`: the name before "-<feed>".
  RawTopics(const RawTopicsConfig& config, std::string group, log::Log& log, Intake& intake, ProtectedStore& store);
  ~RawTopics();  // leaves the groups; what is in work is committed or left for the next owner
  // Joins the groups of those raw topics that exist.
  [[nodiscard]] Result<void> start();

 private:
  struct Topic;
  const RawTopicsConfig& x_config;
  std::string x_group;
  log::Log& x_log;
  Intake& x_intake;
  ProtectedStore& x_store;
  std::vector<std::unique_ptr<Topic>> x_topics;
};

}  // namespace ioc::ingest
