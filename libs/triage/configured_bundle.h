// The bundle of a deployment's configuration: triage activates it on an empty log, and ingest judges danger by it until one is active.
#pragma once

#include <memory>
#include <string>

#include "libs/triage/bundle.h"

namespace ioc::triage {

struct ConfiguredBundle {
  PackedBundle packed;
  std::shared_ptr<const Bundle> compiled;  // never nullptr
};

// Permanent: the folders cannot be read, or the bundle does not compile; the message names every mistake on a line of its own.
[[nodiscard]] Result<ConfiguredBundle> configured_bundle(const std::string& bundle_folder, const std::string& units_folder);

}  // namespace ioc::triage
