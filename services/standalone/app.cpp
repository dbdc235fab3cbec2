#include "services/standalone/app.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <thread>

#include "libs/accounts/first_login.h"
#include "libs/accounts/watch.h"
#include "libs/config/identity_key.h"
#include "libs/http/metrics.h"
#include "libs/http/ops.h"
#include "libs/metrics/metrics.h"
#include "libs/process/process.h"
#include "services/desk/app.h"
#include "services/ingest/app.h"
#include "services/simulator/demo.h"
#include "services/triage/app.h"

namespace ioc::standalone {
namespace {

constexpr std::uint64_t kDemoSeed = 20211018;
constexpr int kDemoOperators = 3;

// All parts, in the order in which they are made; members are destroyed in reverse.
class Process {
 public:
  explicit Process(const Settings& settings)
      : x_settings(settings), x_http_metrics(x_registry, settings.server) {}

  int run() {
    metrics::add_process_metrics(x_registry);
    return process::run(x_io, static_cast<unsigned>(x_settings.standalone.threads),
                        {{"http", [this] { return listen(); }, [this] { stop_listening(); }, process::kMissing},
                         process::data_folder(x_settings.deployment.data),
                         {"data", [this] { return open_data(); }, [] {}},
                         {"triage", [this] { return start_triage(); }, [this] { x_triage->stop(); }},
                         {"ingest", [this] { return start_ingest(); }, [this] { x_ingest->stop(); }},
                         {"desk", [this] { return start_desk(); }, [this] { x_desk->stop(); }},
                         {"routes", [this] { return serve(); }, [] {}},
                         {"demo", [this] { return start_demo(); }, [this] { stop_demo(); }}},
                        x_progress, [this] { announce(); });
  }

 private:
  Result<void> open_data() {
    auto accounts = accounts::Accounts::open(x_settings.deployment.accounts_path());
    if (accounts.has_error()) return accounts.error();
    x_accounts = *std::move(accounts);
    auto login = accounts::make_first_login(*x_accounts, x_settings.deployment.data);
    if (login.has_error()) return login.error();
    auto key = config::identity_key(x_settings.deployment);
    if (key.has_error()) return key.error();
    if (key->made) spdlog::info("a new identity key was made: keep a copy file={}", x_settings.deployment.identity_key_path());
    x_key = std::move(key->bytes);
    auto log = log::open(x_settings.log, x_settings.deployment.data);
    if (log.has_error()) return log.error();
    x_log = *std::move(log);
    accounts::add_metrics(x_registry, *x_accounts);
    return {};
  }

  Result<void> start_triage() {
    if (!x_triage) {
      x_triage = std::make_unique<triage_service::App>(x_io.get_executor(), x_settings.triage, x_settings.deployment, *x_log,
                                                       x_registry);
    }
    return x_triage->start();
  }

  Result<void> start_ingest() {
    if (const std::string because = x_triage->not_ready_because(); !because.empty()) return transient(because);
    if (!x_ingest) {
      x_ingest = std::make_unique<ingest::App>(x_io.get_executor(), x_settings.ingest, x_settings.deployment, x_key, *x_accounts,
                                               x_registry);
    }
    return x_ingest->start(*x_log);
  }

  Result<void> start_desk() {
    if (!x_desk) {
      x_desk = std::make_unique<desk::App>(x_io.get_executor(), x_settings.desk, x_settings.deployment, *x_log, *x_accounts,
                                           x_registry);
    }
    return x_desk->start();
  }

  // First of all: whoever asks while something waits is told for what.
  Result<void> listen() {
    http::add_ops_routes(x_router, {[this] { return not_ready_because(); }, [this] { return x_registry.expose(); },
                                    [this](const http::Request& request) { return may_read_metrics(request); }});
    x_router.otherwise(http::starting([this] { return not_ready_because(); }));
    http::ServerConfig config = x_settings.server;
    config.listen = x_settings.standalone.listen;
    x_server = std::make_unique<http::Server>(x_io.get_executor(), config, x_router, &x_http_metrics,
                                              [this](const http::Request& head) { return x_progress.why().empty() && x_desk->knows(head); });
    auto port = x_server->start();
    if (port.has_error()) return permanent(port.error().message);
    x_address = "http://" + config.listen.substr(0, config.listen.rfind(':')) + ":" + std::to_string(*port);
    return {};
  }

  Result<void> serve() {
    x_ingest->add_routes(x_router);
    x_desk->add_routes(x_router);
    x_router.otherwise({});
    return {};
  }

  // Requests use the parts until here.
  void stop_listening() {
    http::stop_and_wait(*x_server);
    x_server.reset();
    x_desk.reset();
    x_ingest.reset();
    x_triage.reset();
    x_log.reset();
  }

  Result<void> start_demo() {
    if (!x_settings.deployment.demo) return {};
    std::vector<accounts::Role> roles;
    for (const Feed feed : kFeeds) roles.push_back({accounts::RoleKind::Source, std::string(name_of(feed))});
    auto token = accounts::local_token(*x_accounts, x_settings.deployment.data, "demo", roles);
    if (token.has_error()) return token.error();
    simulator::DemoConfig demo{x_address, *token, {}, kDemoSeed, x_settings.deployment.bundle_path()};
    for (int i = 1; i <= kDemoOperators; ++i) {
      auto person = accounts::local_token(*x_accounts, x_settings.deployment.data, "demo-operator-" + std::to_string(i),
                                          {{accounts::RoleKind::Operator, ""}});
      if (person.has_error()) return person.error();
      demo.operator_tokens.push_back(*person);
    }
    x_demo = std::jthread([demo = std::move(demo)](const std::stop_token& stop) { simulator::run_demo(demo, stop); });
    return {};
  }

  void stop_demo() {
    if (!x_demo.joinable()) return;
    x_demo.request_stop();
    x_demo.join();
  }

  [[nodiscard]] std::string not_ready_because() const {
    return x_progress.why_or([this] {
      return process::first_reason({x_triage->not_ready_because(), x_ingest->not_ready_because(), x_desk->not_ready_because(),
                                    accounts::not_ready_because(*x_accounts)});
    });
  }

  bool may_read_metrics(const http::Request& request) {
    if (!x_progress.why().empty()) return false;
    const auto who = x_accounts->by_bearer(request.header("authorization"));
    return who && (who->has(accounts::RoleKind::Metrics) || who->has(accounts::RoleKind::Admin));
  }

  void announce() const {
    const std::string login = x_settings.deployment.data + "/first-login.txt";
    spdlog::info("wall {}/wall  desk {}/desk{}", x_address, x_address,
                 std::filesystem::exists(login) ? "  first login in " + login : "");
  }

  const Settings& x_settings;
  process::Progress x_progress;
  boost::asio::io_context x_io;
  metrics::Registry x_registry;
  http::Metrics x_http_metrics;
  std::unique_ptr<accounts::Accounts> x_accounts;
  std::string x_key;
  std::unique_ptr<log::Log> x_log;
  std::unique_ptr<triage_service::App> x_triage;
  std::unique_ptr<ingest::App> x_ingest;
  std::unique_ptr<desk::App> x_desk;
  http::Router x_router;
  std::unique_ptr<http::Server> x_server;
  std::string x_address;
  std::jthread x_demo;
};

}  // namespace

int run(const Settings& settings) { return Process(settings).run(); }

}  // namespace ioc::standalone
