// Ingest as a part: `ioc ingest` gives it a port of its own, `ioc standalone` shares one with the desk.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/config/deployment.h"
#include "libs/http/http.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "services/ingest/config.h"

namespace ioc::ingest {

class App {
 public:
  // All references must outlive the app; `identity_key`: 32 raw bytes. Routes may be added and served from then on: until
  // it is ready everything is answered with 503.
  App(boost::asio::any_io_executor executor, const Config& config, const config::Deployment& deployment,
      std::string identity_key, accounts::Accounts& accounts, metrics::Registry& registry);
  ~App();  // after the server that has the routes has stopped

  void add_routes(http::Router& router);
  // `log` must outlive the app. Opens the protected store and waits, in the background, for the topics to exist. May be called again after an
  // error. Transient: the store is held by another process, or its disk is full.
  [[nodiscard]] Result<void> start(log::Log& log);
  // Stops the raw topics; what was accepted is written first.
  void stop();

  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::string not_ready_because() const;  // empty: ready

 private:
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

}  // namespace ioc::ingest
