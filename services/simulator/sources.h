// The cameras and checkpoints that the made-up feeds come from: those of the bundle's sources.yaml, so that triage
// knows them.
#pragma once

#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/simulator/places.h"

namespace ioc::simulator {

struct Camera {
  std::string id, name, kind;  // kind: traffic | public_order | quarantine
  Point at;
};

struct Checkpoint {
  std::string id, name;
  Point at;
  int queue_long = 0;
};

struct Sources {
  std::vector<Camera> cameras;
  std::vector<Checkpoint> checkpoints;
};

// Permanent: every mistake of BUNDLE_FOLDER/sources.yaml.
[[nodiscard]] Result<Sources> read_sources(const std::string& bundle_folder);

}  // namespace ioc::simulator
