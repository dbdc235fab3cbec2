#include "services/desk/command.h"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <memory>

#include "libs/accounts/first_login.h"
#include "libs/accounts/watch.h"
#include "libs/domain/topics.h"
#include "libs/http/metrics.h"
#include "libs/http/ops.h"
#include "libs/log/open.h"
#include "libs/log/round_trip.h"
#include "libs/metrics/metrics.h"
#include "libs/process/server_command.h"
#include "services/desk/app.h"

namespace ioc::desk {
namespace {

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  Config desk;
  http::ServerConfig server{.listen = "127.0.0.1:8080"};
  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    fields.section("desk", desk, "what operators, walls and subscribers see");
    fields.section("http", server, "limits of the HTTP server");
    fields.reserved("ingest");
    fields.reserved("triage");
    fields.reserved("standalone");
  }
};

// In the order in which they start; torn down in reverse.
struct Process {
  explicit Process(const Settings& settings_in)
      : settings(settings_in), http_metrics(registry, settings_in.server) {}

  Result<void> open() {
    auto opened = log::open(settings.log, settings.deployment.data);
    if (!opened) return opened.error();
    auto known = accounts::Accounts::open(settings.deployment.accounts_path());
    if (!known) return known.error();
    log = std::move(*opened);
    accounts = std::move(*known);
    accounts::add_metrics(registry, *accounts);
    const auto login = accounts::make_first_login(*accounts, settings.deployment.data);
    // Accounts that only others may write have their people from there.
    if (!login) spdlog::warn("desk: no first login could be made why=\"{}\"", login.error().message);
    else if (*login) spdlog::info("desk: the admin's one-time password is in file={}", **login);
    watch = std::make_unique<log::RoundTrip>(*log, topics::kEvents);
    app = std::make_unique<App>(io.get_executor(), settings.desk, settings.deployment, *log, *accounts, registry);
    return {};
  }

  [[nodiscard]] std::string not_ready_because() const {
    return progress.why_or([this] {
      return process::first_reason({watch->not_answering_because(), app->not_ready_because(), accounts::not_ready_because(*accounts)});
    });
  }

  Result<void> listen() {
    http::add_ops_routes(router, {[this] { return not_ready_because(); }, [this] { return registry.expose(); },
                                  [this](const http::Request& request) { return may_read_metrics(request); }});
    router.otherwise(http::starting([this] { return not_ready_because(); }));
    server = std::make_unique<http::Server>(io.get_executor(), settings.server, router, &http_metrics,
                                            [this](const http::Request& head) { return progress.why().empty() && app->knows(head); });
    const auto port = server->start();
    if (!port) return permanent(port.error().message);
    return {};
  }

  Result<void> serve() {
    app->add_routes(router);
    router.otherwise({});
    spdlog::info("desk: wall http://{0}/wall desk http://{0}/desk", settings.server.listen);
    return {};
  }

  bool may_read_metrics(const http::Request& request) {
    if (!progress.why().empty()) return false;
    const auto who = accounts->by_bearer(request.header("authorization"));
    return who && (who->has(accounts::RoleKind::Metrics) || who->has(accounts::RoleKind::Admin));
  }

  int run() {
    metrics::add_process_metrics(registry);
    return process::run(io, 2,
                        {{"http", [this] { return listen(); }, [this] { http::stop_and_wait(*server); }, process::kMissing},
                         process::data_folder(settings.deployment.data),
                         {"log", [this] { return open(); }, [] {}},
                         {"desk", [this] { return app->start(); }, [this] { app->stop(); }},
                         {"routes", [this] { return serve(); }, [] {}}},
                        progress);
  }

  const Settings& settings;
  process::Progress progress;
  metrics::Registry registry;
  http::Metrics http_metrics;
  std::unique_ptr<log::Log> log;
  std::unique_ptr<log::RoundTrip> watch;
  std::unique_ptr<accounts::Accounts> accounts;
  std::unique_ptr<App> app;
  http::Router router;
  boost::asio::io_context io;
  std::unique_ptr<http::Server> server;
};

int run(const Settings& settings) { return Process(settings).run(); }

}  // namespace

void add_command(CLI::App& app, int& exit_code) {
  process::add_server_command<Settings>(
      app, exit_code, {"desk", "Wall, desk and subscribers' feeds", Settings{}.server.listen},
      [](Settings& settings) -> std::string& { return settings.server.listen; }, run);
}

}  // namespace ioc::desk
