// What somebody on the network does beside the desk's operators and walls, and what they must not notice of it.
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

namespace {

const std::string kPassword = "đường Quang Trung";

unsigned try_to_log_in(http::Client& client, const std::string& name, const std::string& password) {
  return post(client, "/v1/session", boost::json::object{{"name", name}, {"password", password}}).status;
}

// Opens `count` streams one inside the other; then calls `then`. The statuses of all.
std::vector<unsigned> with_streams(const Desk& desk, const std::string& token, int count, const std::function<void()>& then) {
  std::vector<unsigned> statuses;
  const std::function<void(int)> open = [&](int left) {
    if (left == 0) return then();
    http::Client client = desk.client(token);
    bool first = true;
    const auto status = client.lines("/v1/stream", {}, [&](std::string_view line) {
      const bool refused = line.starts_with('{');
      if (std::exchange(first, false) && !refused) open(left - 1);
      return false;
    });
    REQUIRE(status.has_value());
    statuses.push_back(*status);
  };
  open(count);
  return statuses;
}

}  // namespace

TEST_CASE("strangers: a flood of made-up names refuses no right login") {
  Desk desk;
  desk.person("lan", kPassword, {"operator"});
  std::atomic<bool> stop{false};
  std::vector<std::jthread> flood;
  for (int i = 0; i < 20; ++i) {
    flood.emplace_back([&, i] {
      http::Client client = desk.client();
      for (int n = 0; !stop; ++n) {
        const auto status = try_to_log_in(client, "made-up-" + std::to_string(i) + "-" + std::to_string(n), "guess");
        if (status != 401 && status != 429 && status != 503) stop = true;
      }
    });
  }
  http::Client client = desk.client();
  for (int i = 0; i < 20; ++i) CHECK(try_to_log_in(client, "lan", kPassword) == 200);
  CHECK_FALSE(stop);
  stop = true;
}

TEST_CASE("strangers: ten wrong passwords delay the right one, and never lock it out") {
  Desk desk;
  desk.person("lan", kPassword, {"operator"});
  http::Client client = desk.client();
  for (int i = 0; i < 10; ++i) CHECK(try_to_log_in(client, "lan", "guess") == 401);
  CHECK(try_to_log_in(client, "lan", kPassword) == 429);
  CHECK(eventually([&] { return try_to_log_in(client, "lan", kPassword) == 200; }));
}

TEST_CASE("strangers: one address that tries many names is told to wait, whoever logged in from it is not") {
  Desk desk([](Config& config) { config.login_failures_max = 2; });
  desk.person("lan", kPassword, {"operator"});
  for (int i = 0; i < 12; ++i) desk.person("p" + std::to_string(i), kPassword, {"operator"});
  http::Client client = desk.client();
  CHECK(try_to_log_in(client, "lan", kPassword) == 200);
  for (int i = 0; i < 10; ++i) CHECK(try_to_log_in(client, "p" + std::to_string(i), "guess") == 401);
  CHECK(try_to_log_in(client, "p11", "guess") == 429);
  CHECK(try_to_log_in(client, "lan", kPassword) == 200);
}

TEST_CASE("strangers: who only looks at a kiosk link does not use it up") {
  Desk desk;
  http::Client admin = desk.client(desk.token("chi", {"admin"}));
  const auto link = std::string(parsed(post(admin, "/v1/kiosk-links", boost::json::object{})).at("url").as_string());
  http::Client client = desk.client();
  CHECK(client.request("HEAD", link)->status == 200);
  for (const http::Headers& headers : {http::Headers{{"User-Agent", "facebookexternalhit/1.1"}}, http::Headers{{"User-Agent", "TelegramBot (like TwitterBot)"}},
                                       http::Headers{{"User-Agent", "Mozilla/5.0 ZaloPC"}}, http::Headers{{"Sec-Purpose", "prefetch;prerender"}}}) {
    const auto seen = client.request("GET", link, "", headers);
    REQUIRE(seen.has_value());
    CHECK(seen->status == 200);
    CHECK(seen->body.find("in a browser") != std::string::npos);
  }
  CHECK(get(client, link).status == 303);
  CHECK(get(client, link).status == 403);
}

TEST_CASE("strangers: over HTTPS the session's cookie is __Host- and Secure") {
  Desk desk([](Config& config) { config.cookie_secure = true; });
  desk.person("lan", kPassword, {"operator"});
  http::Client client = desk.client();
  const auto login = post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", kPassword}});
  const auto cookie = std::find_if(login.headers.begin(), login.headers.end(), [](const auto& header) { return header.first == "set-cookie"; });
  REQUIRE(cookie != login.headers.end());
  CHECK(cookie->second.starts_with("__Host-ioc_session="));
  CHECK(cookie->second.find("; Path=/; HttpOnly; SameSite=Strict") != std::string::npos);
  CHECK(cookie->second.ends_with("; Secure"));
  CHECK(with_cookie(client, cookie->second.substr(0, cookie->second.find(';')), "GET", "/v1/session").status == 200);
}

TEST_CASE("strangers: one token of a wall does not take the places of operators or of other walls") {
  Desk desk([](Config& config) { config.stream_clients_max = 16; });
  const std::string staff = desk.token("an", {"operator"}), wall = desk.token("wall", {"kiosk"}), other = desk.token("other", {"kiosk"});
  const auto statuses = with_streams(desk, wall, 5, [] {});
  CHECK(std::count(statuses.begin(), statuses.end(), 503U) == 1);
  with_streams(desk, wall, 4, [&] {
    CHECK(with_streams(desk, other, 1, [] {}) == std::vector<unsigned>{200});
    CHECK(with_streams(desk, staff, 4, [] {}) == std::vector<unsigned>(4, 200));
  });
}

TEST_CASE("strangers: one subscriber does not take the places of the others") {
  Desk desk([](Config& config) { config.subscriber_clients_max = 1; });
  const std::string first = desk.token("sc", {"subscriber:song-cong"}), second = desk.token("py", {"subscriber:pho-yen"});
  http::Client client = desk.client(first);
  REQUIRE(client.lines("/v1/subscriptions/song-cong/entries", {}, [&](std::string_view) {
    http::Client again = desk.client(first), other = desk.client(second);
    CHECK(get(again, "/v1/subscriptions/song-cong/entries").status == 503);
    CHECK(other.lines("/v1/subscriptions/pho-yen/entries", {}, [](std::string_view) { return false; }).value() == 200);
    return false;
  }).has_value());
}
