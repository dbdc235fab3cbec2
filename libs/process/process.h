// What every server process does the same: log lines, threads, signals, start with patience, stop in order.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "libs/base/result.h"
#include "libs/config/config.h"
#include "libs/process/exit_code.h"

namespace ioc::process {

// Lines on stderr: "2021-10-18T07:40:00.123+07:00 info triage: message key=value".
void set_up_logging();

// One part of a process. Parts start in order and stop in reverse.
struct Part {
  std::string name;
  // Transient: logged and tried again until it works or a signal comes. Anything else ends the process.
  std::function<Result<void>()> start;
  // Blocks until nothing of the part runs any more. Called only when start succeeded.
  std::function<void()> stop;
  ExitCode when_permanent = kConfiguration;
};

// Makes the folder that a process keeps its data in; where that cannot be, kMissing.
Part data_folder(const std::string& path);

// Runs `io` on `threads` threads and the parts until SIGINT or SIGTERM; `running` is called when all have started.
// Returns an exit code; a second signal ends the process at once.
int run(boost::asio::io_context& io, unsigned threads, const std::vector<Part>& parts,
        const std::function<void()>& running = {});

// Who runs this, for the audit trail: the account's name, else `uid N`.
std::string account();

// Prints all mistakes to stderr, one a line. True when there are none.
bool report(const config::Mistakes& mistakes);

}  // namespace ioc::process
