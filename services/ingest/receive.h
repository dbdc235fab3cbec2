// POST of single objects and batches (API.md, "Ingest (HTTP)").
#pragma once

#include <functional>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"
#include "services/ingest/intake.h"
#include "services/ingest/rate_limit.h"

namespace ioc::ingest {

http::Problem problem_of(const Prepared& refused);

class Receive {
 public:
  // `intake`: nullptr while ingest cannot take anything; `why_not` says why.
  Receive(const Config& config, accounts::Accounts& accounts, const Metrics& metrics, std::function<Intake*()> intake,
          std::function<std::string()> why_not);

  void add_routes(http::Router& router);

 private:
  boost::asio::awaitable<http::Reply> post(const Format& format, const http::Request& request);
  boost::asio::awaitable<http::Reply> post_unknown(const http::Request& request);
  boost::asio::awaitable<http::Reply> one(Intake& intake, Prepared prepared);
  boost::asio::awaitable<http::Reply> batch(Intake& intake, const Format& format, const Sender& sender,
                                            const http::Request& request);
  boost::asio::awaitable<std::optional<Intake::Outcomes>> store(Intake& intake, std::vector<Prepared>& prepared);
  [[nodiscard]] http::Response unavailable() const;
  [[nodiscard]] http::Response too_fast(const Intake& intake, const Sender& sender, const http::Request& request) const;

  const Config& x_config;
  accounts::Accounts& x_accounts;
  const Metrics& x_metrics;
  std::function<Intake*()> x_intake;
  std::function<std::string()> x_why_not;
  RateLimit x_rate_limit;
};

}  // namespace ioc::ingest
