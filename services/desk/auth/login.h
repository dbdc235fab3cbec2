// Passwords to sessions. argon2 takes tens of milliseconds and 64 MiB, so it runs on threads of its own with few waiting: one
// for names that logged in from their address before, one for all others. Names that do not exist cost a timer alone.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"
#include "services/desk/auth/login_guard.h"
#include "services/desk/auth/sessions.h"
#include "services/desk/config.h"
#include "services/desk/metrics.h"

namespace ioc::desk::auth {

class Login {
 public:
  // `data`: the folder that may hold the first start's login.
  Login(accounts::Accounts& accounts, Sessions& sessions, const Config& config, Metrics& metrics, std::string data);

  // POST /v1/session. `request` must outlive the coroutine.
  boost::asio::awaitable<http::Response> log_in(const http::Request& request);
  // POST /v1/session/password of a person who logged in as `name` with the session `secret`. Their other sessions end.
  // `request` must outlive the coroutine.
  boost::asio::awaitable<http::Response> change_password(const http::Request& request, std::string name, std::string secret);
  void stop();  // after this no login ends well

 private:
  // Those whose passwords are checked one after the other.
  struct Queue {
    std::atomic<std::size_t> waiting{0};
    boost::asio::thread_pool thread{1};
  };
  boost::asio::awaitable<http::Response> check(const http::Request& request, std::string name, std::string password);
  // As long as a check, without one.
  boost::asio::awaitable<http::Response> pretend(const http::Request& request, std::string name);
  std::optional<accounts::Principal> checked(const std::string& name, const std::string& password);
  // The answer where somebody failed too often or too many wait.
  std::optional<http::Response> too_often(const std::string& remote, const std::string& name, Name kind);
  std::optional<http::Response> too_busy(std::size_t waiting);
  http::Response refused(const std::string& remote, const std::string& name, Name kind);
  [[nodiscard]] bool exists(const std::string& name) const;
  // nullopt: the current password is another.
  Result<std::optional<accounts::Principal>> replace_password(const std::string& name, const std::string& current, const std::string& fresh);

  accounts::Accounts& x_accounts;
  Sessions& x_sessions;
  const Config& x_config;
  Metrics& x_metrics;
  std::string x_data;
  LoginGuard x_guard;
  Queue x_familiar, x_strangers;
  std::atomic<std::size_t> x_pretending{0};
  std::atomic<std::int64_t> x_check_ms{80};  // how long the last check took
};

boost::json::object to_json(const accounts::Principal& who);

}  // namespace ioc::desk::auth
