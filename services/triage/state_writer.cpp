#include "services/triage/state_writer.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace ioc::triage_service {
namespace {

constexpr Millis kTryAgain{1'000};

}  // namespace

void StateWriter::write(std::size_t uncommitted) {
  x_uncommitted = uncommitted;
  while (x_state.held() > x_uncommitted) {
    const auto written = x_state.write_oldest();
    if (written.has_value()) continue;
    if (!std::exchange(x_blocked, true)) {
      spdlog::error("triage: the state cannot be written, no commit until it can partition={} error=\"{}\"",
                    x_partition.value(), written.error().message);
    }
    return x_strand.after(kTryAgain, [this] { write(x_uncommitted); });
  }
  if (!std::exchange(x_blocked, false)) return;
  spdlog::info("triage: the state can be written again partition={}", x_partition.value());
  x_writable();
}

}  // namespace ioc::triage_service
