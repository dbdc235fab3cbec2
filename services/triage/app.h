// Composition of the triage service: topics, membership, one runner a partition.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "libs/base/result.h"
#include "libs/config/deployment.h"
#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "services/triage/config.h"

namespace ioc::triage_service {

class App {
 public:
  // Log and registry must outlive the app.
  App(boost::asio::any_io_executor executor, const Config& config, const config::Deployment& deployment, log::Log& log,
      metrics::Registry& registry);
  ~App();

  // Permanent: the bundle does not compile (all its problems), or topics have other settings. Transient: the log is
  // not there yet; call again.
  [[nodiscard]] Result<void> start();
  // Blocks until commits in flight have ended and the group was left.
  void stop();
  // Every partition of this process runs with an active bundle.
  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::string not_ready_because() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> x_impl;
};

}  // namespace ioc::triage_service
