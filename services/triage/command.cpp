#include "services/triage/command.h"

#include <memory>

#include "libs/domain/topics.h"
#include "libs/http/metrics.h"
#include "libs/http/ops.h"
#include "libs/log/open.h"
#include "libs/log/round_trip.h"
#include "libs/metrics/metrics.h"
#include "libs/process/server_command.h"
#include "services/triage/app.h"

namespace ioc::triage_service {
namespace {

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  Config triage;
  http::ServerConfig server{.listen = "127.0.0.1:8082"};
  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    fields.section("triage", triage, "the stream core's runtime");
    fields.section("http", server, "limits of the HTTP server");
    fields.reserved("ingest");
    fields.reserved("desk");
    fields.reserved("standalone");
  }
};

int run(const Settings& settings) {
  boost::asio::io_context io;
  metrics::Registry registry;
  metrics::add_process_metrics(registry);
  std::unique_ptr<log::Log> log;
  std::unique_ptr<log::RoundTrip> watch;
  std::unique_ptr<App> app;
  http::Router router;
  process::Progress progress;
  http::add_ops_routes(router, {[&] { return progress.why_or([&] {
                                  const std::string silent = watch->not_answering_because();
                                  return silent.empty() ? app->not_ready_because() : silent;
                                }); },
                                [&] { return registry.expose(); }, {}});
  http::Metrics http_metrics(registry, settings.server);
  http::Server server(io.get_executor(), settings.server, router, &http_metrics);
  return process::run(
      io, 2,
      {{"http",
        [&]() -> Result<void> {
          auto port = server.start();
          if (port.has_error()) return permanent(port.error().message);
          return {};
        },
        [&] { http::stop_and_wait(server); }, process::kMissing},
       process::data_folder(settings.deployment.data),
       {"log",
        [&]() -> Result<void> {
          auto opened = log::open(settings.log, settings.deployment.data);
          if (opened.has_error()) return opened.error();
          log = *std::move(opened);
          watch = std::make_unique<log::RoundTrip>(*log, topics::kEvents);
          app = std::make_unique<App>(io.get_executor(), settings.triage, settings.deployment, *log, registry);
          return {};
        },
        [&] {
          app.reset();
          watch.reset();
          log.reset();
        }},
       {"triage", [&] { return app->start(); }, [&] { app->stop(); }}},
      progress);
}

}  // namespace

void add_command(CLI::App& app, int& exit_code) {
  process::add_server_command<Settings>(
      app, exit_code, {"triage", "Turn events into incidents", Settings{}.server.listen},
      [](Settings& settings) -> std::string& { return settings.server.listen; }, run);
}

}  // namespace ioc::triage_service
