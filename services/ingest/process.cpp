#include "services/ingest/process.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <boost/asio/io_context.hpp>

#include "libs/accounts/watch.h"
#include "libs/config/identity_key.h"
#include "libs/domain/topics.h"
#include "libs/http/metrics.h"
#include "libs/http/ops.h"
#include "libs/log/round_trip.h"
#include "libs/metrics/metrics.h"
#include "libs/process/process.h"
#include "services/ingest/app.h"

namespace ioc::ingest {
namespace {

constexpr unsigned kThreads = 2;

class Process {
 public:
  explicit Process(const Settings& settings)
      : x_settings(settings), x_http_metrics(x_registry, settings.server) {}

  int run() {
    metrics::add_process_metrics(x_registry);
    return process::run(x_io, kThreads,
                        {{"http", [this] { return listen(); }, [this] { stop_listening(); }, process::kMissing},
                         process::data_folder(x_settings.deployment.data),
                         {"data", [this] { return open_data(); }, [] {}},
                         {"routes", [this] { return serve(); }, [] {}},
                         {"log", [this] { return open_log(); }, [] {}},
                         {"ingest", [this] { return x_app->start(*x_log); }, [this] { x_app->stop(); }}},
                        x_progress);
  }

 private:
  Result<void> open_data() {
    if (x_settings.log.kind == "embedded")
      return permanent("ioc ingest needs Kafka (log.kind: kafka, or --bootstrap HOST:PORT): on the embedded log all parts run in one process, with ioc standalone");
    auto accounts = accounts::Accounts::open(x_settings.deployment.accounts_path());
    if (accounts.has_error()) return accounts.error();
    x_accounts = *std::move(accounts);
    auto key = config::identity_key(x_settings.deployment);
    if (key.has_error()) return key.error();
    if (key->made) spdlog::info("a new identity key was made: keep a copy file={}", x_settings.deployment.identity_key_path());
    x_key = std::move(key->bytes);
    accounts::add_metrics(x_registry, *x_accounts);
    x_app = std::make_unique<App>(x_io.get_executor(), x_settings.ingest, x_settings.deployment, x_key, *x_accounts, x_registry);
    return {};
  }

  Result<void> open_log() {
    auto opened = log::open(x_settings.log, x_settings.deployment.data);
    if (opened.has_error()) return opened.error();
    x_log = *std::move(opened);
    x_watch = std::make_unique<log::RoundTrip>(*x_log, topics::kEvents);
    return {};
  }

  [[nodiscard]] std::string not_ready_because() const {
    return x_progress.why_or([this] {
      return process::first_reason({x_watch->not_answering_because(), x_app->not_ready_because(), accounts::not_ready_because(*x_accounts)});
    });
  }

  Result<void> listen() {
    http::add_ops_routes(x_router, {[this] { return not_ready_because(); }, [this] { return x_registry.expose(); },
                                    [this](const http::Request& request) { return may_read_metrics(request); }});
    x_router.otherwise(http::starting([this] { return not_ready_because(); }));
    http::ServerConfig config = x_settings.server;
    config.listen = x_settings.ingest.listen;
    x_server = std::make_unique<http::Server>(x_io.get_executor(), config, x_router, &x_http_metrics, [this](const http::Request& head) {
      return x_serving && x_accounts->by_bearer(head.header("authorization")).has_value();
    });
    auto port = x_server->start();
    if (port.has_error()) return permanent(port.error().message);
    spdlog::info("ingest_listening address={} port={}", x_settings.ingest.listen, *port);
    return {};
  }

  // The app answers with 503 itself until the log is there.
  Result<void> serve() {
    x_app->add_routes(x_router);
    x_router.otherwise({});
    x_serving = true;
    return {};
  }

  // Requests use the app until here.
  void stop_listening() {
    http::stop_and_wait(*x_server);
    x_server.reset();
    x_app.reset();
    x_watch.reset();
    x_log.reset();
  }

  bool may_read_metrics(const http::Request& request) {
    if (!x_progress.why().empty()) return false;
    const auto who = x_accounts->by_bearer(request.header("authorization"));
    return who && (who->has(accounts::RoleKind::Metrics) || who->has(accounts::RoleKind::Admin));
  }

  const Settings& x_settings;
  process::Progress x_progress;
  boost::asio::io_context x_io;
  metrics::Registry x_registry;
  http::Metrics x_http_metrics;
  std::unique_ptr<accounts::Accounts> x_accounts;
  std::string x_key;
  std::unique_ptr<log::Log> x_log;
  std::unique_ptr<log::RoundTrip> x_watch;
  std::unique_ptr<App> x_app;
  http::Router x_router;
  std::atomic<bool> x_serving = false;  // the accounts are read
  std::unique_ptr<http::Server> x_server;
};

}  // namespace

int run(const Settings& settings) {
  if (!process::report(contradictions(settings.ingest, settings.deployment))) return process::kConfiguration;
  return Process(settings).run();
}

}  // namespace ioc::ingest
