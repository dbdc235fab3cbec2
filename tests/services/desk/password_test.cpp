#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "libs/accounts/first_login.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

namespace {

constexpr const char* kPassword = "/v1/session/password";
const std::string kChosen = "đường Quang Trung";

std::string change(const std::string& current, const std::string& fresh) {
  return boost::json::serialize(boost::json::object{{"current_password", current}, {"new_password", fresh}});
}

}  // namespace

TEST_CASE("password: a one-time password opens nothing but the way to another one") {
  Desk desk;
  const std::string once = desk.password("lan", {"admin", "operator"});
  http::Client client = desk.client();
  const auto login = post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", once}});
  REQUIRE(login.status == 200);
  CHECK(parsed(login).at("must_change_password") == true);
  const std::string cookie = log_in(client, "lan", once);
  for (const char* target : {"/v1/session", "/v1/queues", "/v1/incidents", "/v1/incidents/x", "/v1/incidents/x/decisions", "/v1/events/x", "/v1/stream",
                             "/v1/units", "/v1/sources", "/v1/commands/x", "/v1/subscriptions/song-cong/entries?limit=1"}) {
    CAPTURE(target);
    const auto answer = with_cookie(client, cookie, "GET", target);
    CHECK(answer.status == 403);
    CHECK(parsed(answer).at("title") == "change the password first");
  }
  for (const char* target : {"/v1/kiosk-links", "/v1/incidents/x/commands"}) {
    CAPTURE(target);
    CHECK(parsed(with_cookie(client, cookie, "POST", target, "{}")).at("title") == "change the password first");
  }
  CHECK(with_cookie(client, cookie, "GET", "/desk").status == 303);
  CHECK(with_cookie(client, cookie, "GET", "/wall").status == 303);

  const auto changed = with_cookie(client, cookie, "POST", kPassword, change(once, kChosen));
  REQUIRE(changed.status == 200);
  CHECK(parsed(changed).at("must_change_password") == false);
  CHECK(with_cookie(client, cookie, "GET", "/v1/queues").status == 200);
  CHECK(with_cookie(client, cookie, "POST", "/v1/kiosk-links", "{}").status == 201);
  log_in(client, "lan", once, 401);
  CHECK(with_cookie(client, log_in(client, "lan", kChosen), "GET", "/v1/session").status == 200);
}

TEST_CASE("password: what cannot be one is refused with field and limit, and nothing changes") {
  Desk desk;
  desk.person("lan", kChosen, {"operator"});
  http::Client client = desk.client();
  const std::string cookie = log_in(client, "lan", kChosen);
  struct Row {
    std::string body;
    unsigned status;
    std::string field;
  };
  for (const Row& row : {Row{"", 400, ""}, Row{"[]", 400, ""}, Row{R"({"current_password":1,"new_password":"x"})", 400, ""},
                         Row{change(kChosen, "ngắn"), 422, "new_password"}, Row{change(kChosen, "đườngđường"), 422, "new_password"},
                         Row{change(kChosen, std::string(257, 'x')), 422, "new_password"}, Row{change(kChosen, kChosen), 422, "new_password"},
                         Row{change("not the password", "another password"), 403, "current_password"}}) {
    CAPTURE(row.body);
    const auto answer = with_cookie(client, cookie, "POST", kPassword, row.body);
    CHECK(answer.status == row.status);
    const auto problem = parsed(answer).as_object();
    CHECK(problem.contains("field") != row.field.empty());
    if (!row.field.empty()) CHECK(problem.at("field") == boost::json::value(row.field));
    if (row.status == 422 && row.body != change(kChosen, kChosen)) CHECK(problem.contains("limit"));
  }
  CHECK(with_cookie(client, cookie, "GET", "/v1/session").status == 200);
  log_in(client, "lan", kChosen);
  // Nobody without a session, no token, no other site.
  CHECK(post(client, kPassword, boost::json::object{}).status == 401);
  http::Client token = desk.client(desk.token("chi", {"admin"}));
  CHECK(post(token, kPassword, boost::json::object{{"current_password", "x"}, {"new_password", kChosen}}).status == 403);
  auto other_site = client.request("POST", kPassword, change(kChosen, "another password"), {{"Cookie", cookie}, {"Origin", "http://evil.example"}});
  REQUIRE(other_site.has_value());
  CHECK(other_site->status == 403);
  log_in(client, "lan", kChosen);
}

TEST_CASE("password: guessing the current one is limited like guessing at the login") {
  Desk desk([](Config& config) { config.login_failures_max = 2; });
  desk.person("lan", kChosen, {"operator"});
  http::Client client = desk.client();
  const std::string cookie = log_in(client, "lan", kChosen);
  for (int i = 0; i < 2; ++i) CHECK(with_cookie(client, cookie, "POST", kPassword, change("guess", "another password")).status == 403);
  CHECK(with_cookie(client, cookie, "POST", kPassword, change(kChosen, "another password")).status == 429);
}

TEST_CASE("password: a change ends all other sessions of the account, their streams too, and no one else's") {
  Desk desk([](Config& config) { config.stream_recheck = Millis(50); });
  desk.person("lan", kChosen, {"operator"});
  desk.person("minh", kChosen, {"operator"});
  http::Client client = desk.client();
  const std::string present = log_in(client, "lan", kChosen), other = log_in(client, "lan", kChosen);
  const std::string minh = log_in(client, "minh", kChosen);
  bool changed = false;
  http::Client watcher = desk.client();
  const auto ended = watcher.lines("/v1/stream", {{"Cookie", other}}, [&](std::string_view line) {
    if (!changed && line == "event: clock") {
      changed = true;
      CHECK(with_cookie(client, present, "POST", kPassword, change(kChosen, "another password")).status == 200);
    }
    return true;  // only the server ends it
  });
  CHECK(ended.has_value());
  REQUIRE(changed);
  CHECK(with_cookie(client, present, "GET", "/v1/session").status == 200);
  CHECK(with_cookie(client, other, "GET", "/v1/session").status == 401);
  CHECK(with_cookie(client, minh, "GET", "/v1/session").status == 200);
  desk.restart();
  client = desk.client();
  CHECK(with_cookie(client, present, "GET", "/v1/session").status == 200);
  CHECK(with_cookie(client, other, "GET", "/v1/session").status == 401);
}

TEST_CASE("password: one that another program changes ends the sessions within seconds") {
  Desk desk;
  desk.person("lan", kChosen, {"operator"});
  http::Client client = desk.client();
  const std::string cookie = log_in(client, "lan", kChosen);
  auto command_line = accounts::Accounts::open(desk.folder() + "/accounts.yaml");
  REQUIRE(command_line.has_value());
  REQUIRE((*command_line)->set_password("lan", "another password").has_value());
  CHECK(eventually([&] { return with_cookie(client, cookie, "GET", "/v1/session").status == 401; }));
}

TEST_CASE("password: an account that is revoked and made again does not bring its old sessions back") {
  Desk desk;
  desk.person("lan", kChosen, {"operator"});
  http::Client client = desk.client();
  const std::string cookie = log_in(client, "lan", kChosen);
  desk.revoke("lan");
  desk.person("lan", kChosen, {"admin"});
  CHECK(with_cookie(client, cookie, "GET", "/v1/session").status == 401);
}

TEST_CASE("password: the first start's file goes when its password is used up") {
  Desk desk;
  const auto file = accounts::make_first_login(desk.accounts(), desk.folder());
  REQUIRE(file.has_value());
  REQUIRE(file->has_value());
  std::string key, name, once;
  std::ifstream(**file) >> key >> name >> key >> once;
  http::Client client = desk.client();
  const std::string cookie = log_in(client, name, once);
  CHECK(std::filesystem::exists(**file));
  REQUIRE(with_cookie(client, cookie, "POST", kPassword, change(once, kChosen)).status == 200);
  CHECK_FALSE(std::filesystem::exists(**file));
}
