// Everything that must not get in, and some that must: malformed, oversized, wrong types, invalid UTF-8, unknown feeds,
// repeats, revisions out of order. Counts what came back and says what should not have.
#pragma once

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "libs/base/result.h"

namespace ioc::simulator {

struct HostileConfig {
  std::string url, token;
  std::uint64_t seed = 1;
  std::uint64_t rounds = 20;  // how often each kind of attack is tried, each time with other bytes
  bool quiet = false;
};

struct HostileCounts {
  std::uint64_t sent = 0;
  std::map<unsigned, std::uint64_t> by_status;
  std::uint64_t broken = 0;                // connections that ended without an answer
  std::vector<std::string> unexpected;     // "what was sent: what came back"; the first twenty
  std::uint64_t unexpected_count = 0;
};

// Transient: ingest cannot be reached at all.
[[nodiscard]] Result<HostileCounts> attack(const HostileConfig& config, const std::stop_token& stop);

[[nodiscard]] std::string to_json(const HostileCounts& counts);

}  // namespace ioc::simulator
