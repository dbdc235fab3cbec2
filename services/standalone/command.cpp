#include "services/standalone/command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "libs/process/process.h"
#include "services/standalone/app.h"

namespace ioc::standalone {

void add_command(CLI::App& app, int& exit_code) {
  struct Options {
    std::string config, data, listen;
    bool demo = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("standalone", "Everything in one process on the embedded log: no broker needed");
  command->add_option("--data", options->data, "Folder for everything that is kept")->required();
  command->add_option("--listen", options->listen, "Address of wall, desk and ingest (default 127.0.0.1:8080)");
  command->add_option("--config", options->config, "Configuration file; without one, all settings have their defaults");
  command->add_flag("--demo", options->demo, "Fill in a simulated day of Thái Nguyên and go on; every page says so");
  command->callback([options, &exit_code] {
    process::set_up_logging();
    Settings settings;
    if (!options->config.empty() && !process::report(config::load(options->config, settings))) {
      exit_code = process::kConfiguration;
      return;
    }
    if (!process::report(ingest::contradictions(settings.ingest, settings.deployment))) {
      exit_code = process::kConfiguration;
      return;
    }
    settings.deployment.data = options->data;
    if (!options->listen.empty()) settings.standalone.listen = options->listen;
    settings.deployment.demo = settings.deployment.demo || options->demo;
    exit_code = run(settings);
  });
}

}  // namespace ioc::standalone
