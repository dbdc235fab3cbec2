// The log and the settings of a deployment, for commands that work beside its processes or while they are stopped.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "libs/config/deployment.h"
#include "libs/log/open.h"
#include "services/triage/config.h"

namespace CLI {
class App;
}

namespace ioc::commands {

struct LogOptions {
  std::string config, bootstrap, data;
  [[nodiscard]] bool named() const { return !config.empty() || !bootstrap.empty() || !data.empty(); }
};
void add_log_options(CLI::App& command, LogOptions& options);

struct OpenedLog {
  config::Deployment deployment;
  log::Settings settings;
  triage_service::Config triage;
  std::unique_ptr<log::Log> log;
};
// Says on stderr what is wrong; nullopt then, with the exit code.
std::optional<OpenedLog> open_log(const LogOptions& options, int& exit_code);

}  // namespace ioc::commands
