// The demo inside `ioc standalone --demo`.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

namespace ioc::simulator {

// Fills in the last 24 hours at full speed, then goes on in real time until stopped. What was filled in before is sent
// with the same bytes and counts once. Failures are logged and tried again; never throws.
void run_demo(const std::string& url, const std::string& token, std::uint64_t seed, const std::string& bundle_folder,
              std::stop_token stop);

}  // namespace ioc::simulator
