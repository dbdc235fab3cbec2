// What people may see of what ingest keeps: dead letters and their replay, payloads with personal data by permission,
// each look on record.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"
#include "services/ingest/dead_letters.h"
#include "services/ingest/intake.h"

namespace ioc::ingest {

// What exists while ingest runs.
struct Running {
  Intake* intake = nullptr;
  ProtectedStore* store = nullptr;
  const DeadLetters* dead_letters = nullptr;
};

class Review {
 public:
  Review(const Config& config, accounts::Accounts& accounts, const Metrics& metrics,
         std::function<Running()> running);
  void add_routes(http::Router& router);
  void stop() { x_pool.join(); }

 private:
  using Work = std::function<http::Response()>;
  // Runs `work` on the pool: it reads the log and the disk.
  boost::asio::awaitable<http::Reply> on_pool(Work work);
  boost::asio::awaitable<http::Reply> list(const http::Request& request);
  boost::asio::awaitable<http::Reply> show(const http::Request& request);
  boost::asio::awaitable<http::Reply> replay(const http::Request& request);
  boost::asio::awaitable<http::Reply> look(const http::Request& request);
  boost::asio::awaitable<http::Reply> looks(const http::Request& request);
  http::Response replay_now(const Running& running, const std::string& id, const std::string& actor);
  http::Response look_now(const Running& running, const std::string& id, const std::string& actor, const std::string& reason);

  const Config& x_config;
  accounts::Accounts& x_accounts;
  const Metrics& x_metrics;
  std::function<Running()> x_running;
  boost::asio::thread_pool x_pool{1};
};

}  // namespace ioc::ingest
