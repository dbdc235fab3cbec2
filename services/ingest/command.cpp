#include "services/ingest/command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "libs/process/process.h"
#include "services/ingest/process.h"

namespace ioc::ingest {

void add_command(CLI::App& app, int& exit_code) {
  struct Options {
    std::string config, bootstrap, data, listen;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("ingest", "Take events from feeds and store them before answering (one process of several; needs Kafka)");
  command->add_option("--config", options->config, "Configuration file")->required();
  command->add_option("--bootstrap", options->bootstrap, "Kafka broker, HOST:PORT; overrides log.kafka.bootstrap");
  command->add_option("--data", options->data, "Folder for the protected store; overrides deployment.data");
  command->add_option("--listen", options->listen, "Address of the feeds' HTTP; overrides ingest.listen (127.0.0.1:8081)");
  command->callback([options, &exit_code] {
    process::set_up_logging();
    Settings settings;
    if (!process::report(config::load(options->config, settings))) {
      exit_code = process::kConfiguration;
      return;
    }
    if (!options->bootstrap.empty()) {
      settings.log.kind = "kafka";
      settings.log.kafka.bootstrap = options->bootstrap;
    }
    if (!options->data.empty()) settings.deployment.data = options->data;
    if (!options->listen.empty()) settings.ingest.listen = options->listen;
    exit_code = run(settings);
  });
}

}  // namespace ioc::ingest
