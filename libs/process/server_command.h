// The sub-commands `ingest`, `triage` and `desk`: the same options (API.md), read and applied in one place.
#pragma once

#include <functional>
#include <string>

#include "libs/config/config.h"
#include "libs/process/process.h"

namespace CLI {
class App;
}

namespace ioc::process {

struct ServerOptions {
  std::string config, bootstrap, data, listen;  // empty: not given
};

struct ServerCommand {
  std::string name, help;
  std::string listen;  // where it listens unless told otherwise; for the help
  std::string footer{};  // below the options
};

// `run` returns the exit code; it is called once the line is parsed, with logging set up.
void add_server_command(CLI::App& app, int& exit_code, const ServerCommand& about,
                        std::function<int(const ServerOptions&)> run);

// The file's settings, then what was given on the line. `listen` gives the setting that --listen overrides.
template <class Settings>
void add_server_command(CLI::App& app, int& exit_code, const ServerCommand& about, std::string& (*listen)(Settings&),
                        int (*run)(const Settings&)) {
  add_server_command(app, exit_code, about, [listen, run](const ServerOptions& options) -> int {
    Settings settings;
    if (!report(config::load(options.config, settings))) return kConfiguration;
    if (!options.bootstrap.empty()) {
      settings.log.kind = "kafka";
      settings.log.kafka.bootstrap = options.bootstrap;
    }
    if (!options.data.empty()) settings.deployment.data = options.data;
    if (!options.listen.empty()) listen(settings) = options.listen;
    return run(settings);
  });
}

}  // namespace ioc::process
