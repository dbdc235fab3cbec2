// The demo inside `ioc standalone --demo`.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

namespace ioc::simulator {

struct DemoConfig {
  std::string url;                         // ingest and desk
  std::string token;                       // sends to every feed
  std::vector<std::string> operator_tokens;
  std::uint64_t seed = 1;
  std::string bundle_folder;
};

// Fills in the last 24 hours at full speed, then goes on in real time until stopped, with operators at work. What was filled
// in before is sent with the same bytes and counts once. Failures are logged and tried again; never throws.
void run_demo(const DemoConfig& demo, const std::stop_token& stop);

}  // namespace ioc::simulator
