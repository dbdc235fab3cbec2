#include "services/simulator/demo.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>

#include "services/simulator/simulate.h"

namespace ioc::simulator {
namespace {

constexpr Millis kPauseAfterFailure{5'000};

}  // namespace

void run_demo(const std::string& url, const std::string& token, std::uint64_t seed, const std::string& bundle_folder,
              std::stop_token stop) {
  SimulateConfig config;
  config.url = url;
  config.token = token;
  config.bundle_folder = bundle_folder;
  config.seed = seed;
  config.fill = std::chrono::hours(24);
  config.duration = Millis(-1);
  config.quiet = true;
  config.filled = [](const SimulateCounts& counts) {
    const auto total = counts.total();
    spdlog::info("demo: filled in sent={} accepted={} rejected={} seconds={:.1f}; going on in real time", total.sent,
                 total.accepted, total.rejected, counts.seconds);
    if (total.rejected > 0) spdlog::warn("demo: first rejected: {}", counts.first_problem);
  };
  while (!stop.stop_requested()) {
    SimulateCounts counts;
    spdlog::info("demo: filling in the last 24 hours");
    const auto done = simulate(config, stop, counts);
    if (!done) spdlog::warn("demo: {}; trying again", done.error().message);
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    if (!stop.stop_requested()) woken.wait_for(lock, stop, kPauseAfterFailure, [] { return false; });
  }
}

}  // namespace ioc::simulator
