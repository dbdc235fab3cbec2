#include "services/simulator/demo.h"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "services/simulator/operators.h"
#include "services/simulator/simulate.h"

namespace ioc::simulator {
namespace {

constexpr Millis kPauseAfterFailure{5'000};

}  // namespace

void run_demo(const DemoConfig& demo, const std::stop_token& stop) {
  SimulateConfig config;
  config.url = demo.url;
  config.token = demo.token;
  config.bundle_folder = demo.bundle_folder;
  config.seed = demo.seed;
  config.fill = std::chrono::hours(24);
  config.duration = Millis(-1);
  config.quiet = true;
  const OperatorsConfig people{demo.url, demo.operator_tokens, demo.seed};
  std::jthread working;
  config.filled = [&](const SimulateCounts& counts) {
    const auto total = counts.total();
    spdlog::info("demo: filled in sent={} accepted={} rejected={} seconds={:.1f}; going on in real time", total.sent,
                 total.accepted, total.rejected, counts.seconds);
    if (total.rejected > 0) spdlog::warn("demo: first rejected: {}", counts.first_problem);
    // They come when the day is in: who closes an incident while it fills in would split what belongs together.
    if (!working.joinable()) working = std::jthread([&people, &stop] { run_operators(people, stop); });
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
