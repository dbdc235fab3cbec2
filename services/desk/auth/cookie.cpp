#include "services/desk/auth/cookie.h"

namespace ioc::desk::auth {
namespace {

constexpr std::string_view kPlain = "ioc_session", kHost = "__Host-ioc_session";

}  // namespace

std::optional<std::string> session_cookie(const http::Request& request) {
  if (auto secret = request.cookie(kHost)) return secret;
  // Where HTTPS is in front, a cookie without the prefix may have been set by somebody else.
  if (request.secure) return std::nullopt;
  return request.cookie(kPlain);
}

std::string cookie_of(const std::string& secret, Millis age, bool secure) {
  return std::string(secure ? kHost : kPlain) + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" +
         std::to_string(age.count() / 1000) + (secure ? "; Secure" : "");
}

std::string no_cookie(bool secure) { return cookie_of("", Millis(0), secure); }

}  // namespace ioc::desk::auth
