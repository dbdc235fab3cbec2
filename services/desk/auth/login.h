// Passwords to sessions. argon2 takes tens of milliseconds and 64 MiB, so it runs on a thread of its own, one at a
// time, with few waiting; failures are counted per name and address.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"
#include "services/desk/auth/sessions.h"
#include "services/desk/config.h"
#include "services/desk/metrics.h"

namespace ioc::desk::auth {

// Failures of the last window, by key; bounded.
class Failures {
 public:
  Failures(std::size_t max, Millis window) : x_max(max), x_window(window) {}
  [[nodiscard]] bool too_many(const std::string& key, WallTime now);
  void add(const std::string& key, WallTime now);

 private:
  static constexpr std::size_t kKeysMax = 10'000;
  std::size_t x_max;
  Millis x_window;
  std::mutex x_mutex;
  std::map<std::string, std::deque<WallTime>> x_failures;
};

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
  boost::asio::awaitable<http::Response> check(std::string name, std::string password, std::string remote);
  // The answer where somebody fails too often or too many wait.
  std::optional<http::Response> too_busy_for(const std::string& key);
  // nullopt: the current password is another.
  Result<std::optional<accounts::Principal>> replace_password(const std::string& name, const std::string& current, const std::string& fresh);

  accounts::Accounts& x_accounts;
  Sessions& x_sessions;
  const Config& x_config;
  Metrics& x_metrics;
  std::string x_data;
  Failures x_failures;
  std::atomic<std::size_t> x_waiting{0};
  boost::asio::thread_pool x_thread{1};
};

// Set-Cookie for a new session, and the one that ends it.
std::string cookie_of(const std::string& secret, Millis age, bool secure);
std::string no_cookie(bool secure);

boost::json::object to_json(const accounts::Principal& who);

}  // namespace ioc::desk::auth
