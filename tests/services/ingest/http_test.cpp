#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "libs/domain/topics.h"
#include "tests/services/ingest/samples.h"
#include "tests/services/ingest/world.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

const std::string kLines = "application/x-ndjson";

// The samples' times must not be too old or in the future by the clock of the machine.
Config lenient() {
  Config config;
  config.replay_tokens = {"feeds"};
  return config;
}

}  // namespace

TEST_CASE("http: every format answers 202 with the event's id once it is on the log") {
  World world(lenient());
  for (const auto& format : formats()) {
    for (const auto& [name, sample] : samples::all()) {
      if (name != format.name) continue;
      const auto before = world.events().size();
      const auto answer = world.post(std::string(format.path), sample, world.feeds_token);
      INFO(name);
      REQUIRE(answer.status == 202);
      REQUIRE(world.events().size() == before + 1);
      CHECK(world.events().back().id.str() == answer.text("event_id"));
      CHECK(world.events().back().feed == format.feed);
      CHECK(world.log.stored(std::string(topics::kEvents)).back().key == std::string(name_of(format.feed)) + "/feeds");
    }
  }
  CHECK(world.dead_letters().empty());
}

TEST_CASE("http: a path that is there for another method is 405 and leaves no dead letter, an unknown one is 404 and does") {
  World world(lenient());
  world.router.add("GET", "/v1/queues", [](const http::Request&) -> boost::asio::awaitable<http::Reply> { co_return http::Response{}; });
  const auto wrong = world.post("/v1/queues", "{}", world.feeds_token);
  CHECK(wrong.status == 405);
  CHECK(wrong.header("allow") == "GET, HEAD");
  CHECK(world.dead_letters().empty());
  CHECK(world.post("/v1/queue", "{}", world.feeds_token).status == 404);
  CHECK(world.dead_letters().size() == 1);
}

TEST_CASE("http: a danger to life is told to call the emergency numbers") {
  World world(lenient());
  const auto danger = world.post("/v1/reports", R"({"text":"Đang cháy lớn ở chợ Thái"})", world.feeds_token);
  CHECK(danger.status == 202);
  CHECK(danger.text("notice").find("114") != std::string::npos);
  CHECK(world.post("/v1/reports", R"({"text":"Đèn hỏng"})", world.feeds_token).text("notice").empty());
}

TEST_CASE("http: a refusal of a text that speaks of danger carries the notice, whatever it is refused for") {
  Config config = lenient();
  config.limits.event_bytes_max = 2000;
  config.limits.batch_lines_max = 3;
  World world(config);
  const auto has_notice = [](const Answer& answer) { return answer.text("notice").find("114") != std::string::npos; };
  const std::string danger = R"({"text":"Nhà tôi đang cháy lớn")";
  const auto cut = world.post("/v1/reports", danger, world.feeds_token);
  CHECK(cut.status == 400);
  CHECK(has_notice(cut));
  const auto large = world.post("/v1/reports", danger + R"(,"x":")" + std::string(3000, 'x') + "\"}", world.feeds_token);
  CHECK(large.status == 413);
  CHECK(has_notice(large));
  const auto type = world.post("/v1/reports", "text=Nh%C3%A0+%C4%91ang+ch%C3%A1y+l%E1%BB%9Bn", world.feeds_token, "application/x-www-form-urlencoded");
  CHECK(type.status == 415);
  CHECK(has_notice(type));
  const auto unknown = world.post("/v1/cries", danger + "}", world.feeds_token);
  CHECK(unknown.status == 404);
  CHECK(has_notice(unknown));
  const auto lines = world.post("/v1/reports", danger + "\n" + R"({"text":"Đèn hỏng")", world.feeds_token, kLines);
  const auto& results = lines.body.at("results").as_array();
  CHECK(results.at(0).at("problem").as_object().contains("notice"));
  CHECK_FALSE(results.at(1).at("problem").as_object().contains("notice"));
  const auto many = world.post("/v1/reports", "{}\n{}\n{}\n" + danger + "}\n", world.feeds_token, kLines);
  CHECK(many.status == 413);
  CHECK(has_notice(many));
  CHECK_FALSE(has_notice(world.post("/v1/reports", R"({"text":"Đèn hỏng")", world.feeds_token)));
}

TEST_CASE("http: values that were repaired or left out are counted by source, field and reason") {
  World world(lenient());
  CHECK(world.post("/v1/reports", R"({"report_id":7,"text":"a","media":[{"url":[]},{"url":[]}]})", world.feeds_token).status == 202);
  const std::string text = world.registry.expose();
  const std::string head = "ioc_ingest_value_flags_total{feed=\"citizen-reports\",";
  CHECK(text.find(head + R"(field="media[].url",reason="wrong_type",source="citizen-reports/feeds"} 2)") != std::string::npos);
  CHECK(text.find(head + R"(field="report_id",reason="converted",source="citizen-reports/feeds"} 1)") != std::string::npos);
}

TEST_CASE("http: only a token of the feed may send to it") {
  World world(lenient());
  const auto reports = world.token("reports", {"source:citizen-reports"});
  const auto person = world.token("person", {"operator", "supervisor", "kiosk", "metrics", "leader", "subscriber:song-cong"});
  for (const auto& format : formats()) {
    const std::string path(format.path);
    const auto nobody = world.post(path, "{}", "");
    CHECK(nobody.status == 401);
    CHECK(nobody.header("www-authenticate") == "Bearer");
    CHECK(world.post(path, "{}", "no-such-token").status == 401);
    CHECK(world.post(path, "{}", person).status == 403);
    CHECK(world.post(path, "{}", reports).status == (format.feed == Feed::CitizenReports ? 422 : 403));
  }
  for (const char* path : {"/v1/dead-letters", "/v1/dead-letters/x", "/v1/protected/x?reason=abc", "/v1/protected-looks"}) {
    CHECK(world.get(path, "").status == 401);
    CHECK(world.get(path, reports).status == 403);
    CHECK(world.get(path, world.feeds_token).status == 403);
  }
  const auto supervisor = world.token("supervisor", {"supervisor"});
  CHECK(world.get("/v1/dead-letters", supervisor).status == 200);
  CHECK(world.get("/v1/protected-looks", supervisor).status == 403);
  CHECK(world.get("/v1/protected-looks", world.admin_token).status == 200);
  CHECK(world.post("/v1/dead-letters/x/replay", "", reports).status == 403);
}

TEST_CASE("http: what is refused for its content is a dead letter before it is a 4xx") {
  Config config = lenient();
  config.limits.event_bytes_max = 2000;
  World world(config);
  const auto refused = [&world](std::string_view body, const std::string& path = "/v1/reports", const std::string& type = "application/json") {
    const auto before = world.dead_letters().size();
    const auto answer = world.post(path, body, world.feeds_token, type);
    CHECK(world.dead_letters().size() == before + 1);
    CHECK(answer.header("content-type") == "application/problem+json");
    CHECK(answer.text("status") == std::to_string(answer.status));
    return answer;
  };
  CHECK(refused("{").status == 400);
  const auto missing = refused("{}");
  CHECK(missing.status == 422);
  CHECK(missing.text("field") == "text");
  const auto large = refused(R"({"text":")" + std::string(3000, 'x') + "\"}");
  CHECK(large.status == 413);
  CHECK(large.text("limit") == "2000 bytes");
  CHECK(large.text("received") == "3011 bytes");
  CHECK(refused("a=b", "/v1/reports", "application/x-www-form-urlencoded").status == 415);
  CHECK(refused("{}", "/v1/reports", "").status == 415);
  const auto unknown = refused("{}", "/v1/drones");
  CHECK(unknown.status == 404);
  CHECK(unknown.text("received") == "/v1/drones");
  CHECK(refused("{}", "/v1/frigate/clips").status == 404);
  CHECK(world.events().empty());
  CHECK(world.dead_letters().front().path == "/v1/reports");
}

TEST_CASE("http: a compressed body is refused naming the encoding that is taken, in the answer's header too") {
  World world(lenient());
  http::Client client("http://127.0.0.1:" + std::to_string(world.port));
  client.set_token(world.feeds_token);
  for (const char* type : {"application/json", "application/x-ndjson"}) {
    const auto answer = client.request("POST", "/v1/reports", "\x1F\x8B\x08", {{"Content-Type", type}, {"Content-Encoding", "gzip"}});
    REQUIRE(answer.has_value());
    CHECK(answer->status == 415);
    const auto body = boost::json::parse(answer->body);
    CHECK(body.at("field") == "Content-Encoding");
    CHECK(body.at("limit") == "identity");
    CHECK(body.at("received") == "gzip");
    CHECK(std::any_of(answer->headers.begin(), answer->headers.end(), [](const auto& one) { return one.first == "accept-encoding" && one.second == "identity"; }));
  }
  CHECK(world.post("/v1/reports", "{}", world.feeds_token, "text/plain").header("accept-encoding").empty());
}

TEST_CASE("http: a bad line of a batch never hinders a good one") {
  World world(lenient());
  const std::string body = "{\"text\":\"a\"}\n\nnonsense\r\n{\"title\":\"b\"}\r\n{}\n" + std::string(samples::kReport);
  const auto answer = world.post("/v1/reports", body, world.feeds_token, kLines);
  REQUIRE(answer.status == 200);
  CHECK(answer.text("accepted") == "3");
  CHECK(answer.text("rejected") == "2");
  const auto& results = answer.body.at("results").as_array();
  REQUIRE(results.size() == 5);
  const std::vector<std::int64_t> lines = {1, 3, 4, 5, 6};
  for (std::size_t i = 0; i < lines.size(); ++i) CHECK(results[i].at("line").to_number<std::int64_t>() == lines[i]);
  CHECK(results[1].at("problem").at("status") == 400);
  CHECK(results[3].at("problem").at("field") == "text");
  CHECK(results[4].at("event_id").as_string() == world.events().back().id.str());
  CHECK(world.events().size() == 3);
  CHECK(world.dead_letters().size() == 2);
  const auto single = world.post("/v1/reports", samples::kReport, world.feeds_token);
  CHECK(single.text("event_id") == results[4].at("event_id").as_string());
  CHECK(world.post("/v1/reports", "", world.feeds_token, kLines).text("accepted") == "0");
}

TEST_CASE("http: a batch of more lines than allowed is refused as a whole") {
  Config config = lenient();
  config.limits.batch_lines_max = 2;
  World world(config);
  const auto answer = world.post("/v1/reports", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"text\":\"c\"}\n", world.feeds_token, kLines);
  CHECK(answer.status == 413);
  CHECK(answer.text("limit") == "2 lines");
  CHECK(world.events().empty());
}

TEST_CASE("http: while the log fails or is silent nothing is acknowledged, and the same again succeeds") {
  Config config = lenient();
  config.limits.answer_timeout = Millis(200);
  World world(config);
  for (const Fault fault : {Fault::Transient, Fault::Silent}) {
    world.log.set_fault(fault);
    for (const std::string& body : {std::string(samples::kReport), std::string("{}")}) {
      const auto answer = world.post("/v1/reports", body, world.feeds_token);
      CHECK(answer.status == 503);
      if (fault == Fault::Transient) CHECK(world.app->not_ready_because() == "the log takes no events: the log is full");
      CHECK_FALSE(answer.header("retry-after").empty());
      CHECK(answer.text("event_id").empty());
    }
    CHECK(world.post("/v1/reports", "{\"text\":\"a\"}\n{}\n", world.feeds_token, kLines).status == 503);
    CHECK(world.events().empty());
    CHECK(world.dead_letters().empty());
  }
  world.log.set_fault(Fault::None);
  CHECK(world.post("/v1/reports", samples::kReport, world.feeds_token).status == 202);
  CHECK(world.app->not_ready_because().empty());
  CHECK(world.events().size() == 1);
}

TEST_CASE("http: before the log is connected senders and reviewers get 503 with Retry-After") {
  World world(lenient(), true, false);
  CHECK(world.app->not_ready_because() == "the log is not connected");
  const auto early = world.post("/v1/reports", R"({"text":"a"})", world.feeds_token);
  CHECK(early.status == 503);
  CHECK_FALSE(early.header("retry-after").empty());
  CHECK(world.post("/v1/reports", R"({"text":"a"})", "no-such-token").status == 401);
  CHECK(world.get("/v1/dead-letters", world.admin_token).status == 503);
  REQUIRE(world.app->start(world.log).has_value());
  REQUIRE(eventually([&world] { return world.app->ready(); }));
  CHECK(world.post("/v1/reports", R"({"text":"a"})", world.feeds_token).status == 202);
  CHECK(world.get("/v1/dead-letters", world.admin_token).status == 200);
}

TEST_CASE("http: until the topics exist everything is 503, then it is taken") {
  World world(lenient(), false);
  CHECK_FALSE(world.app->ready());
  CHECK(eventually([&] { return world.app->not_ready_because().find("ioc.events.v1") != std::string::npos; }));
  const auto early = world.post("/v1/reports", samples::kReport, world.feeds_token);
  CHECK(early.status == 503);
  CHECK(early.text("detail").find("ioc.events.v1") != std::string::npos);
  world.log.add_topic(std::string(topics::kEvents));
  world.log.add_topic(std::string(topics::kDeadLetters));
  world.log.add_topic(std::string(topics::kBundles));
  REQUIRE(eventually([&] { return world.app->ready(); }));
  CHECK(world.app->not_ready_because().empty());
  CHECK(world.post("/v1/reports", samples::kReport, world.feeds_token).status == 202);
}

TEST_CASE("http: a token that sends faster than it may is 429 with Retry-After") {
  Config config = lenient();
  config.limits.events_per_second_max = 2;
  World world(config);
  std::size_t limited = 0;
  for (int i = 0; i < 20; ++i) {
    const auto answer = world.post("/v1/reports", R"({"text":"Nhà đang cháy lớn"})", world.feeds_token);
    CHECK_FALSE(answer.text("notice").empty());
    if (answer.status != 429) continue;
    ++limited;
    CHECK(answer.header("retry-after") == "1");
    CHECK(answer.text("limit") == "2 events/s");
  }
  CHECK(limited > 0);
  CHECK(limited < 20);
}

TEST_CASE("http: dead letters are listed, shown, and replayed through the same path") {
  World world(lenient());
  const auto old = world.token("late", {"source:citizen-reports"});
  const std::string body = R"({"report_id":"R9","text":"gọi 0912345678","channel":"replay","occurred_at":"2011-07-01T09:00:00+07:00"})";
  CHECK(world.post("/v1/reports", body, old).status == 422);
  CHECK(world.post("/v1/reports", "{", world.feeds_token).status == 400);
  const auto all = world.get("/v1/dead-letters", world.admin_token);
  REQUIRE(all.status == 200);
  REQUIRE(all.body.at("dead_letters").as_array().size() == 2);
  CHECK(all.body.at("dead_letters").as_array()[0].at("reason") == "not_json");
  const auto some = world.get("/v1/dead-letters?reason=too_old&limit=5", world.admin_token);
  REQUIRE(some.body.at("dead_letters").as_array().size() == 1);
  const std::string id(some.body.at("dead_letters").as_array()[0].at("id").as_string());
  CHECK(world.get("/v1/dead-letters/" + id, world.admin_token).text("reason") == "too_old");
  CHECK(world.get("/v1/dead-letters/none", world.admin_token).status == 404);
  CHECK(world.get("/v1/dead-letters?limit=0", world.admin_token).status == 400);
  CHECK(world.get("/v1/dead-letters?limit=x", world.admin_token).status == 400);
  const auto still = world.post("/v1/dead-letters/" + id + "/replay", "", world.admin_token);
  CHECK(still.status == 422);
  CHECK(world.events().empty());
  world.config.replay_tokens.push_back("late");  // the fix
  const auto replayed = world.post("/v1/dead-letters/" + id + "/replay", "", world.admin_token);
  REQUIRE(replayed.status == 202);
  REQUIRE(world.events().size() == 1);
  CHECK(world.events()[0].id.str() == replayed.text("event_id"));
  CHECK(world.post("/v1/reports", body, old).text("event_id") == replayed.text("event_id"));
  CHECK(world.post("/v1/dead-letters/none/replay", "", world.admin_token).status == 404);
}

TEST_CASE("http: a payload is shown for a reason, and the look is on record first") {
  World world(lenient());
  const auto id = world.post("/v1/reports", samples::kReport, world.feeds_token).text("event_id");
  CHECK(world.get("/v1/protected/" + id, world.admin_token).status == 422);
  CHECK(world.get("/v1/protected/" + id + "?reason=x", world.admin_token).status == 422);
  CHECK(world.get("/v1/protected/none?reason=abc", world.admin_token).status == 404);
  CHECK(world.get("/v1/protected-looks", world.admin_token).body.at("looks").as_array().empty());
  const auto shown = world.get("/v1/protected/" + id + "?reason=" + http::escape("gọi lại người báo"), world.admin_token);
  REQUIRE(shown.status == 200);
  CHECK(shown.header("cache-control") == "no-store");
  const auto& payload = shown.body.at("payloads").as_array().at(0);
  CHECK(payload.at("reporter").at("phone") == "0987654321");
  CHECK(payload.at("payload").at("report_id") == "CTN-2026-000123");
  const auto looks = world.get("/v1/protected-looks", world.admin_token);
  REQUIRE(looks.body.at("looks").as_array().size() == 1);
  CHECK(looks.body.at("looks").as_array()[0].at("actor") == "boss");
  CHECK(looks.body.at("looks").as_array()[0].at("id").as_string() == id);
  CHECK(looks.body.at("looks").as_array()[0].at("reason").as_string() == "gọi lại người báo");
}

TEST_CASE("http: many senders at once are all durable and share syncs") {
  World world(lenient());
  constexpr int kSenders = 8, kEach = 50;
  std::atomic<int> accepted{0};
  {
    std::vector<std::jthread> senders;
    for (int s = 0; s < kSenders; ++s) {
      senders.emplace_back([&world, &accepted, s] {
        http::Client client("http://127.0.0.1:" + std::to_string(world.port));
        client.set_token(world.feeds_token);
        for (int i = 0; i < kEach; ++i) {
          const auto got = client.request("POST", "/v1/reports", R"({"text":")" + std::to_string(s * 1000 + i) + "\"}");
          if (got.has_value() && got->status == 202) ++accepted;
        }
      });
    }
  }
  CHECK(accepted == kSenders * kEach);
  CHECK(world.events().size() == kSenders * kEach);
  const std::string text = world.registry.expose();
  CHECK(text.find(R"(ioc_ingest_records_total{feed="citizen-reports",outcome="accepted",reason=""} 400)") != std::string::npos);
}

TEST_CASE("danger: the notice follows the bundle that is active on the log") {
  World world;
  const std::string body = R"({"text":"Đang cháy lớn ở chợ Thái"})";
  CHECK(world.post("/v1/reports", body, world.feeds_token).text("notice") != "");
  const auto packed = triage::pack({{"categories.yaml", "categories:\n  - {code: khac, name: Khác, emergency: [\"lũ quét 10\"]}\n"}});
  for (const auto& chunk : packed.chunks) world.log.add(std::string(topics::kBundles), {chunk.key, chunk.value, {}});
  CHECK(world.post("/v1/reports", body, world.feeds_token).text("notice") != "");  // there, and not active
  world.log.add(std::string(topics::kBundles), {triage::active_key(PartitionId(0)), packed.hash, {}});
  CHECK(eventually([&] { return world.post("/v1/reports", body, world.feeds_token).text("notice").empty(); }));
  CHECK(world.post("/v1/reports", R"({"text":"Lũ quét về bản"})", world.feeds_token).text("notice") != "");
}
