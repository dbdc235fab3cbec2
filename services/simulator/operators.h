// The people of the demo: operators who work the desk's queues through its commands, as anyone does. What they do with an
// incident, and how long after it happened, is drawn from (seed, incident): what happened this morning is dealt with when
// the day has been filled in, what happened a minute ago is not.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"

namespace ioc::simulator {

// What an operator sees of an incident on the desk.
struct DeskIncident {
  std::string id, state, severity, category, unit;
  std::uint64_t version = 0, reports = 0;
  std::int64_t opened_ms = 0;
  bool acknowledged = false;
};

struct OperatorStep {
  std::string kind;  // "acknowledge"
  std::string body;  // the command's JSON
};

// The next thing that is due by `now`; nullopt: nothing now. Info that only a sensor saw is left to close by itself.
[[nodiscard]] std::optional<OperatorStep> next_step(std::uint64_t seed, const DeskIncident& incident, WallTime now);
// nullopt: no incident of the desk's.
[[nodiscard]] std::optional<DeskIncident> desk_incident(std::string_view json);

struct OperatorsConfig {
  std::string desk_url;
  std::vector<std::string> tokens;  // an operator each; which incident is whose is drawn too
  std::uint64_t seed = 1;
};

// Until stopped. What fails is logged and tried again; never throws.
void run_operators(const OperatorsConfig& config, const std::stop_token& stop);

}  // namespace ioc::simulator
