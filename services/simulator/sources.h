// The cameras and checkpoints that the made-up feeds come from: deploy/config/bundle/sources.yaml as it was when this
// was built, so that triage knows them.
#pragma once

#include <string>
#include <vector>

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

const Sources& sources();

}  // namespace ioc::simulator
