#include "libs/process/server_command.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace ioc::process {

void add_server_command(CLI::App& app, int& exit_code, const ServerCommand& about,
                        std::function<int(const ServerOptions&)> run) {
  auto options = std::make_shared<ServerOptions>();
  CLI::App* command = app.add_subcommand(about.name, about.help + " (one process of several; needs Kafka)");
  command->add_option("--config", options->config, "Configuration file")->required();
  command->add_option("--bootstrap", options->bootstrap, "Kafka broker, HOST:PORT; overrides log.kind and log.kafka.bootstrap");
  command->add_option("--data", options->data, "Folder for what this process keeps; overrides deployment.data");
  command->add_option("--listen", options->listen, "Address to listen on (default " + about.listen + ")");
  command->footer(about.footer);
  command->callback([options, run = std::move(run), &exit_code] {
    set_up_logging();
    exit_code = run(*options);
  });
}

}  // namespace ioc::process
