#include "services/desk/auth/login.h"

#include <spdlog/spdlog.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "libs/accounts/first_login.h"
#include "services/desk/auth/cookie.h"
#include "services/desk/auth/gate.h"

namespace ioc::desk::auth {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// Made-up names that may wait for each real one: they hold a timer and nothing else.
constexpr std::size_t kPretendersPerPlace = 16;

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

// One less when it goes out of scope, also when the coroutine is cancelled.
struct Place {
  explicit Place(std::atomic<std::size_t>& count) : x_count(count) { ++x_count; }
  ~Place() { --x_count; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  std::atomic<std::size_t>& x_count;
};

}  // namespace

Login::Login(accounts::Accounts& accounts, Sessions& sessions, const Config& config, Metrics& metrics, std::string data)
    : x_accounts(accounts), x_sessions(sessions), x_config(config), x_metrics(metrics), x_data(std::move(data)),
      x_guard(config.login_failures_max, config.login_failure_window) {}

void Login::stop() {
  for (Queue* queue : {&x_familiar, &x_strangers}) {
    queue->thread.stop();
    queue->thread.join();
  }
}

asio::awaitable<http::Response> Login::log_in(const http::Request& request) {
  if (!same_origin(request)) co_return forbidden("log in from a page of this server");
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  auto name = error ? std::nullopt : text_of(body, "name");
  auto password = error ? std::nullopt : text_of(body, "password");
  if (!name || !password) co_return refuse(400, "malformed", "send {\"name\":\"…\",\"password\":\"…\"} as application/json");
  // A made-up name costs no argon2: a flood of them takes no time and no place from anybody.
  if (!exists(*name)) co_return co_await pretend(request, std::move(*name));
  co_return co_await check(request, std::move(*name), std::move(*password));
}

bool Login::exists(const std::string& name) const {
  const auto who = x_accounts.by_name(name);
  return who && !who->credential.empty();
}

std::optional<http::Response> Login::too_often(const std::string& remote, const std::string& name, Name kind) {
  const auto wait = x_guard.wait(remote, name, kind, LoginGuard::Clock::now());
  if (wait == LoginGuard::Clock::duration::zero()) return std::nullopt;
  x_metrics.logins_limited.add();
  const auto wait_s = static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(wait).count());
  return refuse(429, "too many failed logins", "wait as long as Retry-After says and try again", wait_s);
}

std::optional<http::Response> Login::too_busy(std::size_t waiting) {
  if (waiting < x_config.logins_waiting_max) return std::nullopt;
  x_metrics.logins_limited.add();
  return refuse(503, "too many logins at a time", "try again in a moment", 2);
}

// Where an address tries many names, a wrong password of a real one is answered like a made-up name.
http::Response Login::refused(const std::string& remote, const std::string& name, Name kind) {
  auto instead = too_often(remote, "", Name::MadeUp);
  x_guard.failed(remote, name, kind, LoginGuard::Clock::now());
  x_metrics.logins_refused.add();
  if (instead && !x_guard.familiar(remote, name)) return std::move(*instead);
  spdlog::warn("desk: login refused remote={}", remote);
  return unauthorised("the name or the password is wrong");
}

asio::awaitable<http::Response> Login::pretend(const http::Request& request, std::string name) {
  if (auto wait = too_often(request.remote, name, Name::MadeUp)) co_return std::move(*wait);
  if (auto busy = too_busy(x_pretending / kPretendersPerPlace)) co_return std::move(*busy);
  const Place place(x_pretending);
  asio::steady_timer as_long(co_await asio::this_coro::executor, std::chrono::milliseconds(x_check_ms));
  co_await as_long.async_wait(asio::use_awaitable);
  co_return refused(request.remote, name, Name::MadeUp);
}

std::optional<accounts::Principal> Login::checked(const std::string& name, const std::string& password) {
  const auto begun = LoginGuard::Clock::now();
  auto who = x_accounts.by_password(name, password);
  x_check_ms = std::chrono::duration_cast<std::chrono::milliseconds>(LoginGuard::Clock::now() - begun).count();
  return who;
}

asio::awaitable<http::Response> Login::check(const http::Request& request, std::string name, std::string password) {
  if (auto wait = too_often(request.remote, name, Name::Real)) co_return std::move(*wait);
  Queue& queue = x_guard.familiar(request.remote, name) ? x_familiar : x_strangers;
  if (auto busy = too_busy(queue.waiting)) co_return std::move(*busy);
  const Place place(queue.waiting);
  // By reference, and with a name: GCC 12 destroys a temporary lambda's captures twice in an awaited call.
  const auto look_up = [this, &name, &password]() -> asio::awaitable<std::optional<accounts::Principal>> {
    co_return checked(name, password);
  };
  const auto who = co_await asio::co_spawn(queue.thread.get_executor(), look_up, asio::use_awaitable);
  if (!who) co_return refused(request.remote, name, Name::Real);
  x_guard.succeeded(request.remote, name, LoginGuard::Clock::now());
  const auto secret = x_sessions.add(SessionKind::Person, who->name, wall_now(), who->credential);
  if (!secret) co_return refuse(503, "no session could be opened", "the desk's disk may be full; try again", 5);
  x_metrics.logins.add();
  http::Response response = http::json(200, to_json(*who));
  response.headers.emplace_back("Set-Cookie", cookie_of(*secret, x_config.session_age_max, x_config.cookie_secure || request.secure));
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
  if (auto wait = too_often(request.remote, name, Name::Real)) co_return std::move(*wait);
  if (auto busy = too_busy(x_familiar.waiting)) co_return std::move(*busy);
  const Place place(x_familiar.waiting);
  const auto replace = [this, &name, &current, &fresh]() -> asio::awaitable<Result<std::optional<accounts::Principal>>> {
    co_return replace_password(name, *current, *fresh);
  };
  const auto who = co_await asio::co_spawn(x_familiar.thread.get_executor(), replace, asio::use_awaitable);
  if (!who) {
    spdlog::error("desk: a password could not be changed: {}", who.error().message);
    co_return refuse(503, "the password could not be changed", "the accounts' file cannot be written; try again", 5);
  }
  if (!*who) {
    x_guard.failed(request.remote, name, Name::Real, LoginGuard::Clock::now());
    spdlog::warn("desk: change of a password refused remote={}", request.remote);
    co_return refuse_field(403, "the current password is wrong", "nothing was changed", "current_password");
  }
  x_sessions.renew(secret, (*who)->credential);
  spdlog::info("desk: password changed account={}", name);
  co_return http::json(200, to_json(**who));
}

json::object to_json(const accounts::Principal& who) {
  json::array roles;
  for (const accounts::Role& role : who.roles) roles.emplace_back(accounts::name_of(role));
  return {{"name", who.name}, {"roles", std::move(roles)}, {"must_change_password", who.must_change_password}};
}

}  // namespace ioc::desk::auth
