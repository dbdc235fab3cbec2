// Where a partition stands, and the board on which its strand writes that for other threads.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "libs/domain/ids.h"

namespace ioc::triage_service {

enum class Phase { Acquiring, Loading, CatchingUp, Standby, Running, Refused, Fenced, Stopped };
std::string_view name_of(Phase phase);

struct Status {
  Phase phase = Phase::Acquiring;
  std::string message;  // why it refuses or waits; empty when all is well
  Offset next;          // next record to step
  Offset committed;     // as far as this process knows
  std::string bundle;   // active
  std::string_view refused_for;  // name of the reason; empty: not refused
  bool warm = false;    // the machine is in memory and was at the committed offset at least once
};

class StatusBoard {
 public:
  void set(Status status) {
    const std::lock_guard lock(x_mutex);
    x_status = std::move(status);
  }
  [[nodiscard]] Status get() const {
    const std::lock_guard lock(x_mutex);
    return x_status;
  }

 private:
  mutable std::mutex x_mutex;
  Status x_status;
};

}  // namespace ioc::triage_service
