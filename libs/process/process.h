// What every server process does the same: log lines, threads, signals, start with patience, stop in order.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/result.h"
#include "libs/config/config.h"
#include "libs/process/exit_code.h"

namespace ioc::process {

// Lines on stderr: "2021-10-18T07:40:00.123+07:00 info triage: message key=value".
void set_up_logging();

// Why a process does not work yet, or does no longer; for /healthz and /readyz, which are served before all else. Any thread.
class Progress {
 public:
  void set(std::string why) {
    const std::lock_guard lock(x_mutex);
    x_why = std::move(why);
  }
  // Empty: all parts have started.
  [[nodiscard]] std::string why() const {
    const std::lock_guard lock(x_mutex);
    return x_why;
  }
  // Once they have, what they say of themselves. They are there as long as `ask` runs.
  [[nodiscard]] std::string why_or(const std::function<std::string()>& ask) const {
    const std::lock_guard lock(x_mutex);
    return x_why.empty() ? ask() : x_why;
  }

 private:
  mutable std::mutex x_mutex;
  std::string x_why = "the process is starting";
};

// The first of them that is not empty; empty: there is none.
[[nodiscard]] std::string first_reason(std::initializer_list<std::string> reasons);

// One part of a process. Parts start in order and stop in reverse.
struct Part {
  std::string name;
  // Transient: tried again until it works or a signal comes, and said while it lasts. Anything else ends the process.
  std::function<Result<void>()> start;
  // Blocks until nothing of the part runs any more. Called only when start succeeded.
  std::function<void()> stop;
  ExitCode when_permanent = kConfiguration;
};

// Makes the folder that a process keeps its data in; where that cannot be, kMissing.
Part data_folder(const std::string& path);

// The parts stop within this, or the process ends without: whatever they wait for (a broker that is gone) may never come,
// and what was acknowledged is in the log.
inline constexpr Millis kStopAtMost{9'000};

// Runs `io` on `threads` threads and the parts until SIGINT or SIGTERM; `running` is called when all have started.
// Returns an exit code; a second signal ends the process at once.
int run(boost::asio::io_context& io, unsigned threads, const std::vector<Part>& parts, Progress& progress,
        const std::function<void()>& running = {});

// Who runs this, for the audit trail: the account's name, else `uid N`.
std::string account();

// Prints all mistakes to stderr, one a line. True when there are none.
bool report(const config::Mistakes& mistakes);

}  // namespace ioc::process
