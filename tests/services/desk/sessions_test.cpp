#include "services/desk/auth/sessions.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "services/desk/auth/gate.h"
#include "services/desk/auth/login_guard.h"
#include "tests/services/desk/samples.h"

using namespace ioc;
using namespace ioc::desk::auth;
using ioc::desk::test::Folder;
using ioc::desk::test::kMorning;

namespace {

WallTime at_minutes(std::int64_t minutes) { return wall_now() + std::chrono::minutes(minutes); }

std::unique_ptr<Sessions> opened(const Folder& folder, SessionLimits limits = {}) {
  auto sessions = Sessions::open(folder.path() + "/sessions", limits);
  REQUIRE(sessions.has_value());
  return std::move(*sessions);
}

std::string added(Sessions& sessions, SessionKind kind, WallTime now) {
  auto secret = sessions.add(kind, "lan", now);
  REQUIRE(secret.has_value());
  return *secret;
}

}  // namespace

TEST_CASE("sessions: they survive a restart, and the disk holds no secret") {
  const Folder folder;
  std::string secret;
  {
    const auto sessions = opened(folder);
    secret = added(*sessions, SessionKind::Person, wall_now());
  }
  const auto sessions = opened(folder);
  REQUIRE(sessions->find(secret, wall_now()));
  CHECK(sessions->find(secret, wall_now())->name == "lan");
  CHECK_FALSE(sessions->find(secret + "0", wall_now()));
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path())) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    CHECK(text.str().find(secret) == std::string::npos);
  }
}

TEST_CASE("sessions: damaged ones are thrown away, and new ones can be made") {
  const Folder folder;
  std::string secret;
  {
    const auto sessions = opened(folder);
    secret = added(*sessions, SessionKind::Person, wall_now());
  }
  const std::string damaged = GENERATE("CURRENT", "MANIFEST", "*.log");
  const bool removed = GENERATE(false, true);
  for (const auto& file : std::filesystem::directory_iterator(folder.path() + "/sessions")) {
    const std::string name = file.path().filename();
    const bool hit = damaged == "*.log" ? name.ends_with(".log") : name.starts_with(damaged);
    if (hit && removed) std::filesystem::remove(file.path());
    if (!hit || removed) continue;
    std::fstream out(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    out << std::string(std::min<std::size_t>(std::filesystem::file_size(file.path()), 64), '\x5a');
  }
  const auto sessions = opened(folder);
  const std::string again = added(*sessions, SessionKind::Person, wall_now());
  CHECK(sessions->find(again, wall_now()));
}

TEST_CASE("sessions: unused they end after the idle time, used ones after their age") {
  const Folder folder;
  const auto sessions = opened(folder);
  const std::string idle = added(*sessions, SessionKind::Person, at_minutes(0));
  CHECK(sessions->find(idle, at_minutes(11 * 60)));
  CHECK(sessions->find(idle, at_minutes(22 * 60)));
  CHECK_FALSE(sessions->find(idle, at_minutes(35 * 60)));
  const std::string used = added(*sessions, SessionKind::Person, at_minutes(0));
  for (int hour = 0; hour < 7 * 24; hour += 6) CHECK(sessions->find(used, at_minutes(hour * 60)));
  CHECK_FALSE(sessions->find(used, at_minutes(7 * 24 * 60 + 1)));
}

TEST_CASE("sessions: a kiosk link opens once and is no session itself") {
  const Folder folder;
  const auto sessions = opened(folder);
  const std::string link = added(*sessions, SessionKind::Link, wall_now());
  CHECK_FALSE(sessions->find(link, wall_now()));
  CHECK(sessions->take_link(link, wall_now()));
  CHECK_FALSE(sessions->take_link(link, wall_now()));
  const std::string old = added(*sessions, SessionKind::Link, wall_now());
  CHECK_FALSE(sessions->take_link(old, at_minutes(8 * 24 * 60)));
}

TEST_CASE("sessions: where all places are taken, the longest unused one ends") {
  const Folder folder;
  SessionLimits limits;
  limits.sessions_max = 3;
  const auto sessions = opened(folder, limits);
  const std::string first = added(*sessions, SessionKind::Person, at_minutes(0));
  const std::string second = added(*sessions, SessionKind::Person, at_minutes(1));
  const std::string third = added(*sessions, SessionKind::Person, at_minutes(2));
  CHECK(sessions->find(first, at_minutes(20)));
  const std::string fourth = added(*sessions, SessionKind::Person, at_minutes(21));
  CHECK(sessions->count() == 3);
  CHECK(sessions->find(first, at_minutes(22)));
  CHECK_FALSE(sessions->find(second, at_minutes(22)));
  CHECK(sessions->find(third, at_minutes(22)));
  CHECK(sessions->find(fourth, at_minutes(22)));
}

TEST_CASE("logins: failed ones delay the next for seconds and never lock out") {
  using std::chrono::seconds;
  LoginGuard guard(3, std::chrono::minutes(5));
  auto now = LoginGuard::Clock::time_point(seconds(1000));
  const auto wait = [&](const char* address, const char* name) { return guard.wait(address, name, Name::Real, now); };
  for (int i = 0; i < 3; ++i) {
    CHECK(wait("1.2.3.4", "lan") == seconds(0));
    guard.failed("1.2.3.4", "lan", Name::Real, now);
  }
  CHECK(wait("1.2.3.4", "lan") == seconds(1));
  CHECK(wait("1.2.3.5", "lan") == seconds(0));
  CHECK(wait("1.2.3.4", "minh") == seconds(0));
  for (int i = 0; i < 100; ++i) guard.failed("1.2.3.4", "lan", Name::Real, now);
  CHECK(wait("1.2.3.4", "lan") == LoginGuard::kDelayMax);
  now += LoginGuard::kDelayMax;
  CHECK(wait("1.2.3.4", "lan") == seconds(0));
  guard.succeeded("1.2.3.4", "lan", now);
  guard.failed("1.2.3.4", "lan", Name::Real, now);
  CHECK(wait("1.2.3.4", "lan") == seconds(0));
}

TEST_CASE("logins: one address that tries many names waits, but not for names that logged in from it") {
  using std::chrono::seconds;
  LoginGuard guard(3, std::chrono::minutes(5));
  const auto now = LoginGuard::Clock::time_point(seconds(1000));
  guard.succeeded("1.2.3.4", "lan", now);
  for (int i = 0; i < 50; ++i) guard.failed("1.2.3.4", "n" + std::to_string(i), Name::Real, now);
  CHECK(guard.wait("1.2.3.4", "minh", Name::Real, now) == LoginGuard::kDelayMax);
  CHECK(guard.wait("1.2.3.4", "lan", Name::Real, now) == seconds(0));
  CHECK(guard.familiar("1.2.3.4", "lan"));
  CHECK_FALSE(guard.familiar("1.2.3.5", "lan"));
  CHECK(guard.wait("1.2.3.5", "minh", Name::Real, now) == seconds(0));
}

TEST_CASE("logins: a flood of made-up names delays made-up names alone, and forgets nobody's failures") {
  using std::chrono::seconds;
  LoginGuard guard(3, std::chrono::minutes(5));
  const auto now = LoginGuard::Clock::time_point(seconds(1000));
  for (int i = 0; i < 10; ++i) guard.failed("6.6.6.6", "lan", Name::Real, now);
  for (int i = 0; i < 25'000; ++i) guard.failed("6.6.6.6", "k" + std::to_string(i), Name::MadeUp, now + seconds(1));
  CHECK(guard.wait("6.6.6.6", "another", Name::MadeUp, now + seconds(1)) > seconds(0));
  CHECK(guard.wait("6.6.6.6", "minh", Name::Real, now + seconds(1)) == seconds(0));
  CHECK(guard.wait("6.6.6.6", "lan", Name::Real, now + seconds(1)) > seconds(0));
}

TEST_CASE("gate: a change with a cookie must come from this server's pages") {
  http::Request request;
  request.method = "POST";
  request.headers = {{"host", "desk.example:8080"}};
  CHECK(same_origin(request));
  request.headers = {{"host", "desk.example:8080"}, {"origin", "http://desk.example:8080"}};
  CHECK(same_origin(request));
  for (const char* origin : {"http://evil.example", "null", "http://desk.example", "http://desk.example:8080.evil.example"}) {
    CAPTURE(origin);
    request.headers = {{"host", "desk.example:8080"}, {"origin", origin}};
    CHECK_FALSE(same_origin(request));
  }
  request.headers = {{"host", "desk.example:8080"}, {"sec-fetch-site", "cross-site"}};
  CHECK_FALSE(same_origin(request));
}

TEST_CASE("gate: who may do what") {
  using accounts::Principal;
  using accounts::role_named;
  const auto who = [](const char* role) { return Principal{"x", {*role_named(role)}}; };
  struct Row {
    const char* role;
    bool wall, read, command, admin;
  };
  for (const Row& row : {Row{"kiosk", true, false, false, false}, Row{"operator", true, true, true, false},
                         Row{"supervisor", true, true, true, false}, Row{"leader", true, true, false, false},
                         Row{"admin", true, true, true, true}, Row{"metrics", false, false, false, false},
                         Row{"source:camera-alerts", false, false, false, false},
                         Row{"subscriber:song-cong", false, false, false, false}}) {
    CAPTURE(row.role);
    CHECK(may(who(row.role), Need::Wall) == row.wall);
    CHECK(may(who(row.role), Need::Read) == row.read);
    CHECK(may(who(row.role), Need::Command) == row.command);
    CHECK(may(who(row.role), Need::Admin) == row.admin);
  }
  CHECK(may_follow(who("subscriber:song-cong"), "song-cong"));
  CHECK_FALSE(may_follow(who("subscriber:song-cong"), "pho-yen"));
  CHECK_FALSE(may_follow(who("subscriber:song-cong"), ""));
  CHECK_FALSE(may_follow(who("operator"), "song-cong"));
}
