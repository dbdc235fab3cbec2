// POST, GET, DELETE /v1/session; POST /v1/session/password; POST /v1/kiosk-links and the link itself.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <cctype>

#include "services/desk/api/context.h"
#include "services/desk/auth/cookie.h"

namespace ioc::desk::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// What programs that show links in chats, mails and search results have in their User-Agent.
constexpr std::array<std::string_view, 13> kPreviewers{"bot",      "facebookexternalhit", "facebookcatalog", "zalo",    "whatsapp", "skypeuripreview", "preview",
                                                       "crawler",  "spider",              "embedly",         "unfurl",  "mattermost", "google-read-aloud"};

http::Response whoami(const Context& context, const http::Request& request) {
  const auto caller = context.gate.caller(request);
  if (!caller) return auth::unauthorised("log in at POST /v1/session");
  if (caller->who.must_change_password) return auth::password_first();
  return answer(200, auth::to_json(caller->who));
}

http::Response log_out(const Context& context, const http::Request& request) {
  if (!auth::same_origin(request)) return auth::forbidden("log out from a page of this server");
  if (const auto secret = auth::session_cookie(request)) context.sessions.end(*secret);
  http::Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", auth::no_cookie(context.config.cookie_secure || request.secure));
  return response;
}

asio::awaitable<http::Reply> change_password(Context& context, const http::Request& request) {
  if (!auth::same_origin(request)) co_return auth::forbidden("change the password from a page of this server");
  auto caller = context.gate.caller(request);
  if (!caller) co_return auth::unauthorised("log in at POST /v1/session");
  auto secret = auth::session_cookie(request);
  if (!caller->by_cookie || caller->who.credential.empty() || !secret) {
    co_return auth::forbidden("only a person who logged in has a password; a token is revoked and made anew with `ioc token`");
  }
  co_return co_await context.login.change_password(request, std::move(caller->who.name), std::move(*secret));
}

http::Response make_link(const Context& context, const http::Request& request) {
  auto caller = context.gate.admit(request, auth::Need::Admin);
  if (auto* refused = std::get_if<http::Response>(&caller)) return std::move(*refused);
  const std::string& admin = std::get<auth::Caller>(caller).who.name;
  const auto key = context.sessions.add(auth::SessionKind::Link, admin, wall_now());
  if (!key) return wrong(503, "no link could be made", key.error().message);
  spdlog::info("desk: kiosk link made by={}", admin);
  return answer(201, json::object{{"url", "/kiosk?key=" + *key},
                                  {"valid_until", format_time(wall_now() + context.config.kiosk_link_age_max)}});
}

http::Response see_other(std::string location) {
  http::Response response;
  response.status = 303;
  response.content_type = "text/plain; charset=utf-8";
  response.headers = {{"Location", std::move(location)}, {"Cache-Control", "no-store"}};
  return response;
}

// Somebody looks at a link without opening it: HEAD, a browser that loads ahead, a program that shows links in a chat.
bool is_preview(const http::Request& request) {
  if (request.method == "HEAD") return true;
  for (const char* purpose : {"sec-purpose", "purpose", "x-purpose", "x-moz"}) {
    const std::string_view value = request.header(purpose);
    if (value.find("prefetch") != std::string_view::npos || value.find("preview") != std::string_view::npos) return true;
  }
  std::string agent(request.header("user-agent"));
  std::transform(agent.begin(), agent.end(), agent.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(kPreviewers.begin(), kPreviewers.end(), [&agent](std::string_view name) { return agent.find(name) != std::string::npos; });
}

http::Response only_a_preview() {
  http::Response response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = "This link opens the wall once, in a browser.\n";
  response.headers = {{"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex"}};
  return response;
}

http::Response open_link(const Context& context, const http::Request& request) {
  if (is_preview(request)) return only_a_preview();
  // A wall that starts again with the link as its home page is in already.
  if (const auto caller = context.gate.caller(request); caller && auth::may(caller->who, auth::Need::Wall)) {
    return see_other("/wall");
  }
  const auto link = context.sessions.take_link(request.query_value("key").value_or(""), wall_now());
  if (!link) return auth::forbidden("this kiosk link was used already or is too old; an admin makes a new one");
  if (!context.gate.is_admin(link->name)) return auth::forbidden("the admin who made this kiosk link is none any more; another one makes a new link");
  const auto secret = context.sessions.add(auth::SessionKind::Kiosk, link->name, wall_now());
  if (!secret) return wrong(503, "no session could be opened", secret.error().message);
  spdlog::info("desk: kiosk session opened link_made_by={}", link->name);
  http::Response response = see_other("/wall");
  response.headers.emplace_back("Set-Cookie", auth::cookie_of(*secret, context.config.kiosk_age_max, context.config.cookie_secure || request.secure));
  return response;
}

}  // namespace

void add_session_routes(Routes& routes, Context& context) {
  routes.add("POST", "/v1/session", [&context](const http::Request& request) -> asio::awaitable<http::Reply> {
    co_return co_await context.login.log_in(request);
  });
  routes.add("POST", "/v1/session/password", [&context](const http::Request& request) { return change_password(context, request); });
  const auto add = [&](const char* method, const char* path, http::Response (*give)(const Context&, const http::Request&)) {
    routes.add(method, path, [&context, give](const http::Request& request) -> asio::awaitable<http::Reply> {
      co_return give(context, request);
    });
  };
  add("GET", "/v1/session", whoami);
  add("DELETE", "/v1/session", log_out);
  add("POST", "/v1/kiosk-links", make_link);
  add("GET", "/kiosk", open_link);
}

}  // namespace ioc::desk::api
