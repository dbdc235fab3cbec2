// Where a partition stands, and the board on which its strand writes that for other threads.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "libs/domain/ids.h"

namespace ioc::triage_service {

enum class Phase { Acquiring, Loading, CatchingUp, Running, Refused, Fenced, Stopped };
std::string_view name_of(Phase phase);

struct Status {
  Phase phase = Phase::Acquiring;
  std::string message;  // why it refuses or waits; empty when all is well
  Offset next;          // next record to step
  Offset committed;
  std::string bundle;   // active
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
