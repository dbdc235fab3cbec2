#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

TEST_CASE("desk: a report becomes an incident with its event, its decisions and the citizen's status") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  Event event = report("000123", kMorning);
  event.value_flags = {{"media[0].url", ValueReason::TooLong}, {"occurred_at", ValueReason::TooOld}};
  event.value_flags_more = 4;
  const IncidentId id = desk.send(event);
  desk.await(id);
  const auto incident = parsed(get(client, "/v1/incidents/" + id.str())).as_object();
  CHECK(incident.at("id") == boost::json::value(id.str()));
  CHECK(incident.at("state") == "new");
  CHECK(incident.at("severity") == "medium");
  CHECK(incident.at("opened_at") == "2021-10-18T07:40:00.000+07:00");
  CHECK(incident.at("unit").at("code") == "05443");
  CHECK(incident.at("acknowledged_at").is_null());

  REQUIRE(eventually([&] { return !parsed(get(client, "/v1/incidents/" + id.str() + "/decisions")).at("decisions").as_array().empty(); }));
  const auto decisions = parsed(get(client, "/v1/incidents/" + id.str() + "/decisions")).at("decisions").as_array();
  CHECK(decisions.at(0).at("kind") == "opened");
  CHECK(decisions.at(0).at("event_id") == boost::json::value(event.id.str()));
  const auto events = parsed(get(client, "/v1/incidents/" + id.str() + "/events")).at("events").as_array();
  REQUIRE(events.size() == 1);
  CHECK(events.at(0).at("feed") == "citizen-reports");
  CHECK(events.at(0).at("title") == "Nắp cống mất");
  CHECK(events.at(0).at("value_flags") == boost::json::parse(R"([{"field":"media[0].url","reason":"too_long"},{"field":"occurred_at","reason":"too_old"}])"));
  CHECK(events.at(0).at("value_flags_more") == 4);
  REQUIRE(eventually([&] { return !parsed(get(client, "/v1/events/" + event.id.str())).at("report_status").is_null(); }));
  const auto fate = parsed(get(client, "/v1/events/" + event.id.str()));
  CHECK(fate.at("outcome") == "incident");
  CHECK(fate.at("incident_id") == boost::json::value(id.str()));
  CHECK(fate.at("report_status").at("report_id") == "CTN-000123");
  CHECK(get(client, "/v1/events/nobody").status == 404);
  CHECK(get(client, "/v1/incidents/0-nobody").status == 404);
}

TEST_CASE("desk: lists, search and pages over HTTP") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  IncidentId last;
  for (int i = 0; i < 12; ++i) {
    last = desk.send(report(std::to_string(100 + i), kMorning + i * 1000, i % 2 == 0 ? "Đường ngập" : "Cây đổ"));
  }
  desk.await(last);
  std::size_t count = 0;
  std::string target = "/v1/incidents?q=duong&limit=4&state=open";
  for (;;) {
    const auto page = parsed(get(client, target));
    count += page.at("incidents").as_array().size();
    if (page.at("next").is_null()) break;
    target = "/v1/incidents?q=duong&limit=4&state=open&cursor=" + http::escape(std::string(page.at("next").as_string()));
  }
  CHECK(count == 6);
  CHECK(parsed(get(client, "/v1/incidents?q=" + http::escape(last.str()))).at("incidents").as_array().size() == 1);
  for (const char* bad : {"state=nowhere", "severity=x", "since=yesterday", "limit=0", "cursor=x", "colour=red"}) {
    CAPTURE(bad);
    CHECK(get(client, std::string("/v1/incidents?") + bad).status == 400);
  }
  const auto queues = parsed(get(client, "/v1/queues")).at("queues").as_array();
  REQUIRE(queues.size() == 1);
  CHECK(queues.at(0).at("queue") == "do-thi");
  CHECK(queues.at(0).at("open") == 12);
  CHECK(queues.at(0).at("unacknowledged") == 12);
  const auto feeds = parsed(get(client, "/v1/feeds")).at("feeds").as_array();
  REQUIRE(feeds.size() == 5);
  CHECK(feeds.at(0).at("state") == "live");
  CHECK(feeds.at(0).at("events_24h") == 12);
  CHECK(feeds.at(1).at("state") == "never");
}

TEST_CASE("desk: indicators show the newest value with its history") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"leader"}));
  for (int month = 1; month <= 3; ++month) {
    Event event = report("i" + std::to_string(month), kMorning + month);
    event.feed = Feed::Indicators;
    Indicator body;
    body.code = "files_online_share";
    body.unit = "19";
    body.value_e6 = 80'500'000 + month * 1'000'000;
    body.target_e6 = 90'000'000;
    body.measure = "%";
    body.as_of = "2021-0" + std::to_string(month) + "-01";
    event.body = body;
    desk.send(event);
  }
  REQUIRE(eventually([&] {
    const auto all = parsed(get(client, "/v1/indicators")).at("indicators").as_array();
    return all.size() == 1 && all.at(0).at("history").as_array().size() == 3;
  }));
  const auto one = parsed(get(client, "/v1/indicators")).at("indicators").as_array().at(0);
  CHECK(one.at("value").to_number<double>() == Approx(83.5));
  CHECK(one.at("target").to_number<double>() == Approx(90));
  CHECK(one.at("as_of") == "2021-03-01");
}

TEST_CASE("desk: who may see and do what") {
  Desk desk;
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  struct Row {
    std::string token;
    bool wall, read, command, admin;
  };
  const std::vector<Row> rows{{"", false, false, false, false},
                              {desk.token("kiosk", {"kiosk"}), true, false, false, false},
                              {desk.token("an", {"operator"}), true, true, true, false},
                              {desk.token("binh", {"leader"}), true, true, false, false},
                              {desk.token("chi", {"admin"}), true, true, true, true},
                              {desk.token("prometheus", {"metrics"}), false, false, false, false},
                              {desk.token("app", {"source:citizen-reports"}), false, false, false, false},
                              {desk.token("sc", {"subscriber:song-cong"}), false, false, false, false},
                              {"ioc_an_made_up", false, false, false, false}};
  for (const Row& row : rows) {
    http::Client client = desk.client(row.token);
    CAPTURE(row.token.substr(0, 8));
    const auto admitted = [&](const std::string& target) {
      const unsigned status = get(client, target).status;
      CHECK((status == 200 || status == 401 || status == 403));
      return status == 200;
    };
    for (const char* target : {"/v1/queues", "/v1/feeds", "/v1/indicators", "/v1/units", "/v1/units/outlines", "/v1/sources", "/v1/incidents"}) {
      CAPTURE(target);
      CHECK(admitted(target) == row.wall);
    }
    CHECK(admitted("/v1/incidents/" + id.str()) == row.wall);
    CHECK(admitted("/v1/incidents/" + id.str() + "/events") == row.read);
    CHECK(admitted("/v1/incidents/" + id.str() + "/decisions") == row.read);
    CHECK(admitted("/v1/events/" + id.str().substr(2)) == row.read);
    const unsigned command = post(client, "/v1/incidents/" + id.str() + "/commands", boost::json::object{{"kind", "comment"}},
                                  {{"Idempotency-Key", "k"}}).status;
    CHECK((command != 401 && command != 403) == row.command);
    CHECK((post(client, "/v1/kiosk-links", boost::json::object{}).status == 201) == row.admin);
  }
  http::Client nobody = desk.client();
  CHECK(get(nobody, "/openapi.json").status == 200);
}

TEST_CASE("desk: the wall's kiosk sees no names of staff and no addresses") {
  Desk desk;
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  http::Client kiosk = desk.client(desk.token("kiosk", {"kiosk"}));
  http::Client staff = desk.client(desk.token("an", {"operator"}));
  CHECK(get(staff, "/v1/incidents/" + id.str()).body.find("Nguyễn Văn Trực") != std::string::npos);
  for (const std::string& target : {"/v1/incidents/" + id.str(), std::string("/v1/incidents")}) {
    const std::string body = get(kiosk, target).body;
    CHECK(body.find("Nắp cống mất") != std::string::npos);
    CHECK(body.find("Nguyễn Văn Trực") == std::string::npos);
    CHECK(body.find("tổ 5") == std::string::npos);
  }
}

TEST_CASE("desk: a person logs in, works with the cookie, and is out after logging out or being revoked") {
  Desk desk;
  const std::string password = "mật khẩu của tôi";
  desk.person("lan", password, {"operator"});
  http::Client client = desk.client();
  CHECK(post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", "wrong"}}).status == 401);
  CHECK(post(client, "/v1/session", boost::json::object{{"name", "lan"}}).status == 400);
  CHECK(post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", password}},
             {{"Origin", "http://evil.example"}}).status == 403);
  const auto login = post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", password}});
  REQUIRE(login.status == 200);
  CHECK(parsed(login).at("roles").as_array().at(0) == "operator");
  std::string cookie;
  for (const auto& [name, value] : login.headers) {
    if (name == "set-cookie") cookie = value;
  }
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Strict") != std::string::npos);
  cookie = cookie.substr(0, cookie.find(';'));
  const auto with_cookie = [&](const char* method, const std::string& target, http::Headers headers = {}) {
    headers.emplace_back("Cookie", cookie);
    auto response = client.request(method, target, method == std::string("GET") ? "" : "{}", headers);
    REQUIRE(response.has_value());
    return response->status;
  };
  CHECK(with_cookie("GET", "/v1/session") == 200);
  CHECK(with_cookie("GET", "/v1/queues") == 200);
  // A change: only from our own pages.
  CHECK(with_cookie("POST", "/v1/incidents/0-x/commands", {{"Origin", "http://evil.example"}, {"Idempotency-Key", "k"}}) == 403);
  CHECK(with_cookie("POST", "/v1/incidents/0-x/commands", {{"Origin", desk.url()}, {"Idempotency-Key", "k"}}) == 404);
  desk.restart();
  client = desk.client();
  CHECK(with_cookie("GET", "/v1/session") == 200);
  CHECK(with_cookie("DELETE", "/v1/session") == 204);
  CHECK(with_cookie("GET", "/v1/session") == 401);
}

TEST_CASE("desk: too many failed logins are told to wait, others are not") {
  Desk desk([](Config& config) { config.login_failures_max = 2; });
  http::Client client = desk.client();
  const std::string password = desk.password("lan", {"operator"});
  for (int i = 0; i < 2; ++i) CHECK(post(client, "/v1/session", boost::json::object{{"name", "binh"}, {"password", "x"}}).status == 401);
  const auto limited = post(client, "/v1/session", boost::json::object{{"name", "binh"}, {"password", "x"}});
  CHECK(limited.status == 429);
  CHECK(std::any_of(limited.headers.begin(), limited.headers.end(), [](const auto& header) { return header.first == "retry-after"; }));
  CHECK(post(client, "/v1/session", boost::json::object{{"name", "lan"}, {"password", password}}).status == 200);
}

TEST_CASE("desk: a kiosk opens its link once and stays in, read only") {
  Desk desk;
  http::Client admin = desk.client(desk.token("chi", {"admin"}));
  const auto link = std::string(parsed(post(admin, "/v1/kiosk-links", boost::json::object{})).at("url").as_string());
  http::Client kiosk = desk.client();
  const auto opened = get(kiosk, link);
  REQUIRE(opened.status == 303);
  std::string cookie, location;
  for (const auto& [name, value] : opened.headers) {
    if (name == "set-cookie") cookie = value.substr(0, value.find(';'));
    if (name == "location") location = value;
  }
  CHECK(location == "/wall");
  CHECK(get(kiosk, link).status == 403);
  const auto status = [&](const char* method, const std::string& target) {
    auto response = kiosk.request(method, target, "", {{"Cookie", cookie}, {"Origin", desk.url()}, {"Idempotency-Key", "k"}});
    REQUIRE(response.has_value());
    return response->status;
  };
  CHECK(status("GET", "/v1/queues") == 200);
  CHECK(status("GET", link) == 303);  // the wall starts again with the link as its home page
  CHECK(status("GET", "/v1/events/x") == 403);
  CHECK(status("POST", "/v1/incidents/0-x/commands") == 403);
  CHECK(status("POST", "/v1/kiosk-links") == 403);
  const auto second = std::string(parsed(post(admin, "/v1/kiosk-links", boost::json::object{})).at("url").as_string());
  desk.revoke("chi");
  CHECK(status("GET", "/v1/queues") == 401);  // it ends with the admin who opened it
  http::Client late = desk.client();
  CHECK(get(late, second).status == 403);
}

TEST_CASE("desk: pages come from the web folder alone, with headers that keep other sites out") {
  const Folder web;
  std::filesystem::create_directories(web.path() + "/assets");
  for (const char* page : {"wall", "desk", "login"}) std::ofstream(web.path() + "/" + page + ".html") << "<title>" << page << "</title>";
  std::ofstream(web.path() + "/assets/wall-1a2b.js") << "1";
  Desk desk([&](Config& config) { config.web_dir = web.path(); });
  http::Client client = desk.client();
  const auto header = [](const http::ClientResponse& response, const std::string& wanted) {
    for (const auto& [name, value] : response.headers) {
      if (name == wanted) return value;
    }
    return std::string();
  };
  const auto asset = get(client, "/assets/wall-1a2b.js");
  CHECK(asset.status == 200);
  CHECK(header(asset, "cache-control").find("immutable") != std::string::npos);
  CHECK(header(asset, "content-type").starts_with("text/javascript"));
  CHECK(header(asset, "x-content-type-options") == "nosniff");
  CHECK(header(asset, "content-security-policy").find("frame-ancestors 'none'") != std::string::npos);
  auto again = client.request("GET", "/assets/wall-1a2b.js", "", {{"If-None-Match", header(asset, "etag")}});
  REQUIRE(again.has_value());
  CHECK(again->status == 304);
  for (const char* bad : {"/assets/../wall.html", "/assets/%2e%2e/wall.html", "/assets/..%2fwall.html", "/assets//etc/passwd", "/assets/"}) {
    CAPTURE(bad);
    CHECK(get(client, bad).status >= 400);
  }
  const auto login = get(client, "/login");
  CHECK(login.body == "<title>login</title>");
  CHECK(header(login, "cache-control") == "no-cache");
  const auto wall = get(client, "/wall");
  CHECK(wall.status == 303);
  CHECK(header(wall, "location") == "/login?next=/wall");
  http::Client kiosk = desk.client(desk.token("kiosk", {"kiosk"}));
  CHECK(get(kiosk, "/wall").body == "<title>wall</title>");
}

TEST_CASE("desk: a lost view is built again from the log and shows the same") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  IncidentId last;
  for (int i = 0; i < 30; ++i) last = desk.send(report(std::to_string(100 + i), kMorning + i * 1000));
  desk.await(last);
  const auto targets = {std::string("/v1/incidents?limit=50"), "/v1/incidents/" + last.str() + "/decisions",
                        "/v1/incidents/" + last.str() + "/events", std::string("/v1/queues")};
  REQUIRE(eventually([&] { return get(client, "/v1/incidents/" + last.str() + "/decisions").body.find("opened") != std::string::npos; }));
  std::vector<std::string> before;
  for (const std::string& target : targets) before.push_back(get(client, target).body);
  for (const bool lose_view : {false, true}) {
    desk.restart(lose_view);
    client = desk.client(desk.token(lose_view ? "an3" : "an2", {"operator"}));
    std::size_t i = 0;
    for (const std::string& target : targets) CHECK(get(client, target).body == before[i++]);
  }
}

TEST_CASE("desk: pages of an incident's events and decisions go on with the cursor of the page before") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const Event first = report("1", kMorning);
  const IncidentId id = desk.send(first);
  desk.await(id);
  for (int i = 0; i < 6; ++i) {
    const Event joined = report("j" + std::to_string(i), kMorning + i);
    desk.await(desk.send(joined));  // opened first, so that joining it comes last
    desk.append(topics::kDecisions, id.str(), wire::encode(decision(DecisionKind::Joined, id.str(), joined.id.str(), 100 + static_cast<std::uint64_t>(i))));
  }
  for (const auto& [list, key] : {std::pair<std::string, std::string>{"events", "event_id"}, {"decisions", "offset"}}) {
    CAPTURE(list);
    const std::string target = "/v1/incidents/" + id.str() + "/" + list;
    REQUIRE(eventually([&, what = list] { return parsed(get(client, target)).at(what).as_array().size() >= 7; }));
    const auto whole = parsed(get(client, target));
    CHECK(whole.at("next").is_null());
    for (const std::size_t limit : {1U, 2U, 3U, 7U, 8U}) {
      CAPTURE(limit);
      boost::json::array all;
      std::string at = target + "?limit=" + std::to_string(limit);
      for (std::string cursor;;) {
        const auto page = parsed(get(client, cursor.empty() ? at : at + "&cursor=" + http::escape(cursor)));
        CHECK(page.at(list).as_array().size() <= limit);
        for (const auto& one : page.at(list).as_array()) all.push_back(one);
        if (page.at("next").is_null()) break;
        CHECK_FALSE(page.at(list).as_array().empty());
        cursor = page.at("next").as_string();
      }
      CHECK(all == whole.at(list).as_array());
    }
    for (const char* bad : {"cursor=x", "cursor=d.1", "cursor=e.", "cursor=d.1.2.x", "limit=0", "after=x", "colour=red"}) {
      CAPTURE(bad);
      CHECK(get(client, target + "?" + bad).status == 400);
    }
  }
}

TEST_CASE("desk: positions are plain decimals, exact to the digit, wherever the desk answers") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  http::Client client = desk.client(token);
  Event event = report("1", kMorning);
  event.position = Position{215'782'001, 1'058'500'000, 10};
  const IncidentId id = desk.send(event);
  desk.await(id);
  const auto has_it = [](const std::string& body) { return body.find(R"("lat":21.5782001,"lon":105.85,)") != std::string::npos; };
  REQUIRE(eventually([&] { return has_it(get(client, "/v1/incidents/" + id.str() + "/events").body); }));
  Incident placed = incident("0-placed", kMorning);
  placed.position = event.position;
  desk.append(topics::kIncidents, "0-placed", wire::encode(placed));
  REQUIRE(eventually([&] { return get(client, "/v1/incidents/0-placed").status == 200; }));
  CHECK(has_it(get(client, "/v1/incidents/0-placed").body));
  CHECK(has_it(get(client, "/v1/incidents").body));
  bool streamed = false;
  follow(desk.client(token), "/v1/stream", "", [&](const SseEvent& sent) {
    streamed = streamed || (sent.event == "incident" && has_it(sent.data));
    return sent.event != "clock";
  });
  CHECK(streamed);
}

TEST_CASE("desk: its gauges are true: open incidents, silence of feeds, age and lag of the view") {
  Desk desk;
  for (int i = 0; i < 5; ++i) desk.await(desk.send(report(std::to_string(i), kMorning + i)));
  REQUIRE(eventually([&] { return desk.metric(R"(ioc_desk_open_incidents{queue="do-thi",severity="medium"})") == 5.0; }));
  CHECK(desk.metric(R"(ioc_desk_feed_silent_seconds{feed="citizen-reports"})"));
  CHECK(desk.metric(R"(ioc_desk_open_incidents{queue="do-thi",severity="critical"})") == 0.0);
  REQUIRE(eventually([&] { return desk.metric("ioc_desk_view_lag_records") == 0.0; }));
  CHECK(desk.metric("ioc_desk_view_age_seconds").value_or(-1) >= 0);
  REQUIRE(eventually([&] { return desk.metric("ioc_desk_change_to_stream_seconds_count").value_or(0) > 0; }));
}
