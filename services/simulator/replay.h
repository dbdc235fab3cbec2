// Plays a file of real reports through ingest, in file order, and then proves where each of them is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "services/simulator/reconcile.h"
#include "services/simulator/sender.h"

namespace ioc::simulator {

struct ReplayConfig {
  std::string file, ingest_url, desk_url, token;
  double speed = 0;                // times real time; 0 = as fast as it is taken
  std::size_t batch_lines = 500;   // one batch at a time: two under way could reach the log in either order
  std::size_t batch_bytes = 1 << 20;
  unsigned desk_connections = 4;
  Millis settle{120'000};
  RetryPolicy retry;
  bool quiet = false;              // no progress on standard error
};

struct ReplayResult {
  std::uint64_t sent = 0, accepted = 0, rejected = 0;
  Reconciliation reconciliation;   // rows that nobody answered for are unaccounted for, too
  std::vector<AcceptedReport> reports;
  std::vector<Unaccounted> first_rejected;  // the first ten, with ingest's reason
  double seconds = 0;
};

// Permanent: no such file, or a refusal of everything. Corrupt: the file, and nothing was sent: no report in it, or rows
// with a time that cannot be read, each named by its line. Transient: a server could not be reached within
// the limit, or stopped.
[[nodiscard]] Result<ReplayResult> replay(const ReplayConfig& config, const std::stop_token& stop);

// Something was taken, and everything that was taken is where it should be.
[[nodiscard]] bool adds_up(const ReplayResult& result);

// {"sent","accepted","rejected","incidents","joined","unaccounted","seconds"}, one line.
[[nodiscard]] std::string to_json(const ReplayResult& result);

// `report_id,event_id,incident_id` in file order: two runs are equal when these files are.
[[nodiscard]] Result<void> write_ids(const ReplayResult& result, const std::string& path);

}  // namespace ioc::simulator
