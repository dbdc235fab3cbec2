#include "services/desk/auth/gate.h"

#include <algorithm>
#include <initializer_list>

#include "services/desk/auth/cookie.h"

namespace ioc::desk::auth {
namespace {

using accounts::Principal;
using accounts::RoleKind;

bool has_any(const Principal& who, std::initializer_list<RoleKind> kinds) {
  return std::any_of(kinds.begin(), kinds.end(), [&](RoleKind kind) { return who.has(kind); });
}

bool changes_state(const http::Request& request) { return request.method != "GET" && request.method != "HEAD"; }

http::Response refuse(unsigned status, std::string_view title, std::string_view detail) {
  http::Problem wrong;
  wrong.status = status;
  wrong.title = title;
  wrong.detail = detail;
  return http::problem(wrong);
}

}  // namespace

bool may(const Principal& who, Need need) {
  if (who.must_change_password) return false;
  switch (need) {
    case Need::Wall:
      return has_any(who, {RoleKind::Operator, RoleKind::Supervisor, RoleKind::Leader, RoleKind::Admin, RoleKind::Kiosk});
    case Need::Read: return has_any(who, {RoleKind::Operator, RoleKind::Supervisor, RoleKind::Leader, RoleKind::Admin});
    case Need::Command: return has_any(who, {RoleKind::Operator, RoleKind::Supervisor, RoleKind::Admin});
    case Need::Admin: return has_any(who, {RoleKind::Admin});
  }
  return false;
}

bool may_follow(const Principal& who, std::string_view subscriber) {
  if (who.must_change_password) return false;
  return who.has(RoleKind::Admin) || (!subscriber.empty() && who.has(RoleKind::Subscriber, subscriber));
}

stream::Audience audience_of(const Principal& who) {
  return may(who, Need::Read) ? stream::Audience::Staff : stream::Audience::Kiosk;
}

std::optional<Caller> Gate::caller(const http::Request& request) const {
  const std::string_view authorization = request.header("authorization");
  if (!authorization.empty()) {
    auto who = x_accounts.by_bearer(authorization);
    return who ? std::optional(Caller{std::move(*who), false}) : std::nullopt;
  }
  const auto secret = session_cookie(request);
  if (!secret) return std::nullopt;
  const auto session = x_sessions.find(*secret, wall_now());
  if (!session) return std::nullopt;
  // A wall ends with the admin who opened it.
  if (session->kind == SessionKind::Kiosk) {
    if (!is_admin(session->name)) return std::nullopt;
    return Caller{{"kiosk", {{RoleKind::Kiosk, {}}}}, true};
  }
  // The account as it stands now: what was revoked since the login, or has another password, counts at once.
  auto who = x_accounts.by_name(session->name);
  if (!who || who->credential != session->credential) return std::nullopt;
  return Caller{std::move(*who), true};
}

bool Gate::is_admin(const std::string& name) const {
  const auto who = x_accounts.by_name(name);
  return who && who->has(RoleKind::Admin);
}

bool Gate::is_operator(const std::string& name) const {
  const auto who = x_accounts.by_name(name);
  return who && may(*who, Need::Command);
}

std::variant<Caller, http::Response> Gate::known(const http::Request& request) const {
  auto caller = this->caller(request);
  if (!caller) return unauthorised("log in at POST /v1/session, or send Authorization: Bearer TOKEN (`ioc token add`)");
  if (caller->by_cookie && changes_state(request) && !same_origin(request)) {
    return forbidden("a change has to come from a page of this server; the Origin header says otherwise");
  }
  return std::move(*caller);
}

std::variant<Caller, http::Response> Gate::admit(const http::Request& request, Need need) const {
  auto caller = known(request);
  if (const auto* who = std::get_if<Caller>(&caller); who != nullptr && !may(who->who, need)) {
    if (who->who.must_change_password) return password_first();
    return forbidden("the account " + who->who.name + " has no role for this");
  }
  return caller;
}

std::variant<Caller, http::Response> Gate::admit_subscriber(const http::Request& request,
                                                            std::string_view subscriber) const {
  auto caller = known(request);
  if (const auto* who = std::get_if<Caller>(&caller); who != nullptr && !may_follow(who->who, subscriber)) {
    if (who->who.must_change_password) return password_first();
    return forbidden("the account " + who->who.name + " lacks the role subscriber:" + std::string(subscriber));
  }
  return caller;
}

bool same_origin(const http::Request& request) {
  const std::string_view origin = request.header("origin");
  if (!origin.empty()) {
    const auto scheme = origin.find("://");
    return scheme != std::string_view::npos && origin.substr(scheme + 3) == request.header("host");
  }
  const std::string_view site = request.header("sec-fetch-site");
  return site.empty() || site == "same-origin" || site == "none";
}

http::Response unauthorised(std::string_view detail) {
  http::Response response = refuse(401, "not logged in", detail);
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

http::Response forbidden(std::string_view detail) { return refuse(403, "not allowed", detail); }

http::Response password_first() {
  return refuse(403, "change the password first",
                "this password was for one login: choose another at POST /v1/session/password, or with `ioc token password NAME`");
}

}  // namespace ioc::desk::auth
