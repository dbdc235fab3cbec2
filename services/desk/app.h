// The desk, composed: view, streams, sessions, routes. Used by `ioc desk` and by `ioc standalone`.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/base/result.h"
#include "libs/config/deployment.h"
#include "libs/http/http.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "services/desk/config.h"

namespace ioc::desk {

class App {
 public:
  // All must outlive the app. Keeps its data in <data>/desk.
  App(boost::asio::any_io_executor executor, const Config& config, const config::Deployment& deployment, log::Log& log,
      accounts::Accounts& accounts, metrics::Registry& registry);
  ~App();

  // After start(). The routes use the app: the server stops first. /healthz, /readyz and /metrics are the process's.
  void add_routes(http::Router& router);
  // Transient: a topic is not there yet, the log does not answer, another process holds the data. May be called again.
  [[nodiscard]] Result<void> start();
  // Blocks until nothing of the desk runs; streams end.
  void stop();
  // Whether a valid token or session comes with it. Any thread, at any time.
  [[nodiscard]] bool knows(const http::Request& head) const;
  // The view is as far as the log was when it started.
  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::string not_ready_because() const;  // empty: ready

 private:
  struct Parts;
  std::unique_ptr<Parts> x_parts;
};

}  // namespace ioc::desk
