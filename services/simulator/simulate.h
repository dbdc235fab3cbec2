// Sends a made-up day to ingest: the past at full speed, then what falls due in real time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "libs/base/result.h"
#include "services/simulator/day.h"
#include "services/simulator/sender.h"

namespace ioc::simulator {

struct SimulateConfig {
  std::string url, token, bundle_folder;
  std::uint64_t seed = 1;
  std::int64_t events_a_second = 0;  // 0: as many as an ordinary day has
  Millis fill{0};                    // so much of the past first, as fast as it is taken
  Millis duration{0};                // then so long in real time; negative: until stopped
  std::size_t batch_lines = 500;
  RetryPolicy retry;
  bool quiet = false;
  std::function<void(const struct SimulateCounts&)> filled;  // called when the past is in
};

struct SimulateCounts {
  struct Kind {
    std::uint64_t sent = 0, accepted = 0, rejected = 0;
  };
  std::array<Kind, kMessageKinds> kinds{};
  std::uint64_t retries = 0;
  std::string first_problem;  // of the first that was rejected
  double seconds = 0;
  [[nodiscard]] Kind total() const;
};

// Stopping is no error. Transient: ingest could not be reached within the limit; `counts` says how far it came.
[[nodiscard]] Result<void> simulate(const SimulateConfig& config, const std::stop_token& stop, SimulateCounts& counts);

[[nodiscard]] std::string to_json(const SimulateCounts& counts);

}  // namespace ioc::simulator
