// Who asks, and whether they may: a bearer token or a session's cookie, the matrix of roles, and the check that a
// browser's change comes from our own pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "libs/accounts/accounts.h"
#include "libs/http/http.h"
#include "services/desk/auth/sessions.h"
#include "services/desk/stream/client.h"

namespace ioc::desk::auth {

struct Caller {
  accounts::Principal who;
  bool by_cookie = false;
};

// What a route asks for.
enum class Need : std::uint8_t {
  Wall,     // what a wall shows: kiosks too
  Read,     // everything about incidents: staff
  Command,  // operators and who stands above them
  Admin,
};
bool may(const accounts::Principal& who, Need need);
bool may_follow(const accounts::Principal& who, std::string_view subscriber);
// What of an incident this reader gets.
stream::Audience audience_of(const accounts::Principal& who);

class Gate {
 public:
  // Both must outlive the gate.
  Gate(accounts::Accounts& accounts, Sessions& sessions) : x_accounts(accounts), x_sessions(sessions) {}

  [[nodiscard]] std::optional<Caller> caller(const http::Request& request) const;
  // As the accounts stand now.
  [[nodiscard]] bool is_admin(const std::string& name) const;
  [[nodiscard]] bool is_operator(const std::string& name) const;  // may command
  // The caller, or the answer: 401 unknown, 403 not allowed, a one-time password, or a change from another site.
  [[nodiscard]] std::variant<Caller, http::Response> admit(const http::Request& request, Need need) const;
  [[nodiscard]] std::variant<Caller, http::Response> admit_subscriber(const http::Request& request,
                                                                      std::string_view subscriber) const;

 private:
  [[nodiscard]] std::variant<Caller, http::Response> known(const http::Request& request) const;

  accounts::Accounts& x_accounts;
  Sessions& x_sessions;
};

// The request's Origin (or what the browser says of it) is this server. Requests without a browser's headers pass: they
// carry no cookie that a browser would have added.
bool same_origin(const http::Request& request);

http::Response unauthorised(std::string_view detail);
http::Response forbidden(std::string_view detail);
http::Response password_first();  // 403: a one-time password opens nothing but the way to another one

}  // namespace ioc::desk::auth
