#include "services/desk/auth/login.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "libs/accounts/first_login.h"
#include "services/desk/auth/gate.h"

namespace ioc::desk::auth {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

http::Response refuse(unsigned status, const char* title, const char* detail, std::optional<unsigned> retry_after_s = {}) {
  http::Problem wrong;
  wrong.status = status;
  wrong.title = title;
  wrong.detail = detail;
  wrong.retry_after_s = retry_after_s;
  return http::problem(wrong);
}

std::optional<std::string> text_of(const json::value& body, std::string_view key) {
  const auto* object = body.if_object();
  const auto* value = object != nullptr ? object->if_contains(key) : nullptr;
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::optional(std::string(*text)) : std::nullopt;
}

http::Response refuse_field(unsigned status, const char* title, const char* detail, const char* field, std::string limit = {},
                            std::string received = {}) {
  http::Problem wrong;
  wrong.status = status;
  wrong.title = title;
  wrong.detail = detail;
  wrong.field = field;
  wrong.limit = std::move(limit);
  wrong.received = std::move(received);
  return http::problem(wrong);
}

std::optional<http::Response> wrong_with_choice(const std::string& current, const std::string& fresh) {
  const std::size_t chars = accounts::chars_of(fresh);
  if (chars < accounts::kPasswordCharsMin) {
    return refuse_field(422, "the new password is too short", "choose a longer one", "new_password",
                        std::to_string(accounts::kPasswordCharsMin) + " characters", std::to_string(chars) + " characters");
  }
  if (fresh.size() > accounts::kPasswordBytesMax) {
    return refuse_field(422, "the new password is too long", "choose a shorter one", "new_password",
                        std::to_string(accounts::kPasswordBytesMax) + " bytes", std::to_string(fresh.size()) + " bytes");
  }
  if (fresh == current) return refuse_field(422, "the new password is the old one", "choose another one", "new_password");
  return std::nullopt;
}

// Per name and address: a stranger cannot lock an operator out by failing in the operator's name elsewhere.
std::string failure_key(const std::string& remote, const std::string& name) { return remote + " " + name.substr(0, 64); }

// One less when it goes out of scope, also when the coroutine is cancelled.
struct Place {
  explicit Place(std::atomic<std::size_t>& count) : x_count(count) { ++x_count; }
  ~Place() { --x_count; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  std::atomic<std::size_t>& x_count;
};

}  // namespace

bool Failures::too_many(const std::string& key, WallTime now) {
  const std::lock_guard lock(x_mutex);
  const auto found = x_failures.find(key);
  if (found == x_failures.end()) return false;
  while (!found->second.empty() && now - found->second.front() > x_window) found->second.pop_front();
  if (found->second.size() >= x_max) return true;
  if (found->second.empty()) x_failures.erase(found);
  return false;
}

void Failures::add(const std::string& key, WallTime now) {
  const std::lock_guard lock(x_mutex);
  if (x_failures.size() >= kKeysMax) {
    std::erase_if(x_failures, [&](const auto& entry) { return now - entry.second.back() > x_window; });
    // The one that was quiet longest: nobody's failures are forgotten for those of made-up names that sort before.
    const auto quieter = [](const auto& a, const auto& b) { return a.second.back() < b.second.back(); };
    if (x_failures.size() >= kKeysMax) x_failures.erase(std::min_element(x_failures.begin(), x_failures.end(), quieter));
  }
  auto& times = x_failures[key];
  times.push_back(now);
  if (times.size() > x_max) times.pop_front();
}

Login::Login(accounts::Accounts& accounts, Sessions& sessions, const Config& config, Metrics& metrics, std::string data)
    : x_accounts(accounts), x_sessions(sessions), x_config(config), x_metrics(metrics), x_data(std::move(data)),
      x_failures(config.login_failures_max, config.login_failure_window) {}

void Login::stop() {
  x_thread.stop();
  x_thread.join();
}

asio::awaitable<http::Response> Login::log_in(const http::Request& request) {
  if (!same_origin(request)) co_return forbidden("log in from a page of this server");
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  auto name = error ? std::nullopt : text_of(body, "name");
  auto password = error ? std::nullopt : text_of(body, "password");
  if (!name || !password) co_return refuse(400, "malformed", "send {\"name\":\"…\",\"password\":\"…\"} as application/json");
  co_return co_await check(std::move(*name), std::move(*password), request.remote);
}

std::optional<http::Response> Login::too_busy_for(const std::string& key) {
  const bool failed_too_often = x_failures.too_many(key, wall_now());
  if (!failed_too_often && x_waiting < x_config.logins_waiting_max) return std::nullopt;
  x_metrics.logins_limited.add();
  if (!failed_too_often) return refuse(503, "too many logins at a time", "try again in a moment", 2);
  const auto window_s = static_cast<unsigned>(x_config.login_failure_window.count() / 1000);
  return refuse(429, "too many failed logins", "wait and try again", window_s);
}

asio::awaitable<http::Response> Login::check(std::string name, std::string password, std::string remote) {
  const std::string key = failure_key(remote, name);
  if (auto busy = too_busy_for(key)) co_return std::move(*busy);
  const Place place(x_waiting);
  // By reference, and with a name: GCC 12 destroys a temporary lambda's captures twice in an awaited call.
  const auto look_up = [this, &name, &password]() -> asio::awaitable<std::optional<accounts::Principal>> {
    co_return x_accounts.by_password(name, password);
  };
  const auto who = co_await asio::co_spawn(x_thread.get_executor(), look_up, asio::use_awaitable);
  if (!who) {
    x_failures.add(key, wall_now());
    x_metrics.logins_refused.add();
    spdlog::warn("desk: login refused remote={}", remote);
    co_return unauthorised("the name or the password is wrong");
  }
  const auto secret = x_sessions.add(SessionKind::Person, who->name, wall_now(), who->credential);
  if (!secret) co_return refuse(503, "no session could be opened", "the desk's disk may be full; try again", 5);
  x_metrics.logins.add();
  http::Response response = http::json(200, to_json(*who));
  response.headers.emplace_back("Set-Cookie", cookie_of(*secret, x_config.session_age_max, x_config.cookie_secure));
  co_return response;
}

Result<std::optional<accounts::Principal>> Login::replace_password(const std::string& name, const std::string& current,
                                                                   const std::string& fresh) {
  if (!x_accounts.by_password(name, current)) return std::optional<accounts::Principal>();
  if (auto changed = x_accounts.set_password(name, fresh); !changed) return changed.error();
  accounts::drop_used_login(x_accounts, x_data);
  return x_accounts.by_name(name);
}

asio::awaitable<http::Response> Login::change_password(const http::Request& request, std::string name, std::string secret) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  const auto current = error ? std::nullopt : text_of(body, "current_password");
  const auto fresh = error ? std::nullopt : text_of(body, "new_password");
  if (!current || !fresh) {
    co_return refuse(400, "malformed", "send {\"current_password\":\"…\",\"new_password\":\"…\"} as application/json");
  }
  if (auto wrong = wrong_with_choice(*current, *fresh)) co_return std::move(*wrong);
  const std::string key = failure_key(request.remote, name);
  if (auto busy = too_busy_for(key)) co_return std::move(*busy);
  const Place place(x_waiting);
  const auto replace = [this, &name, &current, &fresh]() -> asio::awaitable<Result<std::optional<accounts::Principal>>> {
    co_return replace_password(name, *current, *fresh);
  };
  const auto who = co_await asio::co_spawn(x_thread.get_executor(), replace, asio::use_awaitable);
  if (!who) {
    spdlog::error("desk: a password could not be changed: {}", who.error().message);
    co_return refuse(503, "the password could not be changed", "the accounts' file cannot be written; try again", 5);
  }
  if (!*who) {
    x_failures.add(key, wall_now());
    spdlog::warn("desk: change of a password refused remote={}", request.remote);
    co_return refuse_field(403, "the current password is wrong", "nothing was changed", "current_password");
  }
  x_sessions.renew(secret, (*who)->credential);
  spdlog::info("desk: password changed account={}", name);
  co_return http::json(200, to_json(**who));
}

std::string cookie_of(const std::string& secret, Millis age, bool secure) {
  return std::string(kCookie) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(age.count() / 1000) + (secure ? "; Secure" : "");
}

std::string no_cookie(bool secure) { return cookie_of("", Millis(0), secure); }

json::object to_json(const accounts::Principal& who) {
  json::array roles;
  for (const accounts::Role& role : who.roles) roles.emplace_back(accounts::name_of(role));
  return {{"name", who.name}, {"roles", std::move(roles)}, {"must_change_password", who.must_change_password}};
}

}  // namespace ioc::desk::auth
