// After a replay: is every accepted report in exactly one incident? Asks the desk for every event, then for the events
// of every incident met, and compares the two. Nothing is derived: what is not answered is unaccounted for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/simulator/progress.h"
#include "services/simulator/sender.h"

namespace ioc::simulator {

struct AcceptedReport {
  std::string report_id, event_id;
  std::string incident_id;  // filled in by reconcile; empty: in none
};

struct Unaccounted {
  std::string report_id, event_id;
  std::string why;
};

struct Reconciliation {
  std::uint64_t incidents = 0;  // different ones that hold at least one of the reports
  std::uint64_t joined = 0;     // events that are in an incident that another event opened
  std::vector<Unaccounted> unaccounted;
};

struct ReconcileConfig {
  std::string desk_url, token;
  unsigned connections = 4;
  Millis settle{120'000};  // how long an event may take from ingest to the desk, since the last one that arrived
  RetryPolicy retry;
};

// Transient: the desk cannot be reached, or asked to stop. Permanent: it refuses (token).
[[nodiscard]] Result<Reconciliation> reconcile(const ReconcileConfig& config, std::vector<AcceptedReport>& reports,
                                               const std::stop_token& stop, Progress& progress);

}  // namespace ioc::simulator
