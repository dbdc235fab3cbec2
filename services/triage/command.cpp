#include "services/triage/command.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "libs/http/ops.h"
#include "libs/log/open.h"
#include "libs/metrics/metrics.h"
#include "libs/process/process.h"
#include "services/triage/app.h"

namespace ioc::triage_service {
namespace {

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  Config triage;
  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    fields.section("triage", triage, "the stream core's runtime");
    fields.reserved("ingest");
    fields.reserved("desk");
    fields.reserved("standalone");
  }
};

int run(const Settings& settings, const http::ServerConfig& server_config) {
  boost::asio::io_context io;
  metrics::Registry registry;
  metrics::add_process_metrics(registry);
  std::unique_ptr<log::Log> log;
  std::unique_ptr<App> app;
  http::Router router;
  http::add_ops_routes(router, {[&] { return app ? app->not_ready_because() : std::string("the log is not there yet"); },
                                [&] { return registry.expose(); }, {}});
  http::Server server(io.get_executor(), server_config, router);
  return process::run(
      io, 2,
      {{"http",
        [&]() -> Result<void> {
          auto port = server.start();
          if (port.has_error()) return permanent(port.error().message);
          return {};
        },
        [&] { http::stop_and_wait(server); }, process::kMissing},
       {"log",
        [&]() -> Result<void> {
          auto opened = log::open(settings.log, settings.deployment.data);
          if (opened.has_error()) return opened.error();
          log = *std::move(opened);
          app = std::make_unique<App>(io.get_executor(), settings.triage, settings.deployment, *log, registry);
          return {};
        },
        [&] {
          app.reset();
          log.reset();
        }},
       {"triage", [&] { return app->start(); }, [&] { app->stop(); }}});
}

}  // namespace

void add_command(CLI::App& app, int& exit_code) {
  struct Options {
    std::string config, bootstrap, data;
    http::ServerConfig server{.listen = "127.0.0.1:8082"};
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("triage", "Turn events into incidents (one process of several; needs Kafka)");
  command->add_option("--config", options->config, "Configuration file")->required();
  command->add_option("--bootstrap", options->bootstrap, "Kafka broker, HOST:PORT; overrides log.kafka.bootstrap");
  command->add_option("--data", options->data, "Folder for the state; overrides deployment.data");
  command->add_option("--listen", options->server.listen, "Address for health and metrics")->capture_default_str();
  command->callback([options, &exit_code] {
    process::set_up_logging();
    Settings settings;
    if (!process::report(config::load(options->config, settings))) {
      exit_code = process::kConfiguration;
      return;
    }
    if (!options->bootstrap.empty()) settings.log.kafka.bootstrap = options->bootstrap;
    if (!options->data.empty()) settings.deployment.data = options->data;
    exit_code = run(settings, options->server);
  });
}

}  // namespace ioc::triage_service
