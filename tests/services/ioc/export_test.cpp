// The exports of what operators did, against a desk that answers what each case says.
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>

#include "libs/http/page_trail.h"
#include "tests/libs/http/fixture.h"
#include "tests/services/ioc/executable.h"

using namespace ioc;
using test::Ended, test::Folder;

namespace {

// By target as asked for: status and body; what is not in it is 404.
class FakeDesk {
 public:
  FakeDesk() {
    x_server.router.add("GET", "/{rest*}", [this](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
      std::string asked(request.path);
      if (const auto cursor = request.query_value("cursor")) asked += " after " + std::string(*cursor);
      const std::lock_guard lock(x_mutex);
      ++x_asked;
      const auto found = answers.find(asked);
      http::Response response;
      response.status = found == answers.end() ? 404U : found->second.first;
      response.content_type = "application/json";
      response.body = found == answers.end() ? R"({"title":"unknown incident"})" : found->second.second;
      co_return response;
    });
    x_server.start();
  }
  std::map<std::string, std::pair<unsigned, std::string>> answers;  // before the command runs
  std::size_t asked() {
    const std::lock_guard lock(x_mutex);
    return x_asked;
  }
  Ended run(const std::string& command) {
    return test::run_ioc("model " + command + " --desk " + x_server.url() + " --out " + out(), "/dev/null", "IOC_TOKEN=none timeout 60 ");
  }
  [[nodiscard]] std::string out() const { return x_folder.path() + "/out.csv"; }
  [[nodiscard]] std::string written() const {
    std::ifstream file(out());
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  Folder x_folder;
  RunningServer x_server;
  std::mutex x_mutex;
  std::size_t x_asked = 0;
};

std::string incident(const std::string& id, const std::string& differs) {
  return R"({"id":")" + id + R"(","category":"ha-tang","model_category":"ha-tang","further_categories":[],"model_further_categories":[],)" +
         R"("emergency":false,"model_emergency":false,"severity":"medium","model_severity":"medium","classified_by":"lan","reports":1,"state":"new",)" +
         R"("summary":"Nắp cống )" + id + R"(","opened_by":"e-)" + id + R"(")" + differs + "}";
}

std::string event(const std::string& id, const std::string& feed, const std::string& text) {
  return R"({"event_id":")" + id + R"(","feed":")" + feed + R"(","text":")" + text + R"("})";
}

std::string page(const std::string& key, const std::string& items, const std::string& next) {
  return R"({")" + key + R"(":[)" + items + R"(],"next":)" + (next.empty() ? "null" : '"' + next + '"') + "}";
}

// The last of a key counts, as Boost.JSON reads it.
std::string corrected(const std::string& id, const std::string& key, const std::string& value) { return incident(id, ",\"" + key + "\":" + value); }

}  // namespace

TEST_CASE("export-corrections: the words are found however many events came before them") {
  FakeDesk desk;
  desk.answers["/v1/incidents"] = {200, page("incidents", corrected("a", "category", R"("moi-truong")"), "")};
  std::string sensors;
  for (int i = 0; i < 500; ++i) sensors += (i == 0 ? "" : ",") + event("s-" + std::to_string(i), "camera-alerts", "");
  desk.answers["/v1/incidents/a/events"] = {200, page("events", sensors, "p2")};
  desk.answers["/v1/incidents/a/events after p2"] = {200, page("events", sensors, "p3")};
  desk.answers["/v1/incidents/a/events after p3"] = {200, page("events", event("e-a", "citizen-reports", "Nắp cống a mất rồi"), "p4")};  // p4 is not asked for
  const Ended ended = desk.run("export-corrections");
  INFO(ended.out);
  REQUIRE(ended.code == 0);
  CHECK(desk.written() == "id,text,category,further_categories,emergency,register\ne-a,\"Nắp cống a mất rồi\",moi-truong,,false,\n");
}

TEST_CASE("export-corrections: further categories alone are a correction, a severity alone is none: nothing learns it") {
  FakeDesk desk;
  desk.answers["/v1/incidents"] = {200, page("incidents", corrected("a", "further_categories", R"(["moi-truong","cay-xanh"])") + "," + corrected("b", "severity", R"("info")") + "," +
                                                              corrected("c", "emergency", "true"), "")};
  for (const std::string id : {"a", "b", "c"}) desk.answers["/v1/incidents/" + id + "/events"] = {200, page("events", event("e-" + id, "citizen-reports", "Nắp cống " + id), "")};
  const Ended ended = desk.run("export-corrections");
  INFO(ended.out);
  REQUIRE(ended.code == 0);
  CHECK(desk.written() ==
        "id,text,category,further_categories,emergency,register\n"
        "e-a,\"Nắp cống a\",ha-tang,cay-xanh;moi-truong,false,\n"
        "e-c,\"Nắp cống c\",ha-tang,,true,\n");
}

TEST_CASE("export-duplicates: only a 404 means archived; any other answer ends the export and nothing is written") {
  FakeDesk desk;
  desk.answers["/v1/incidents"] = {200, page("incidents", corrected("a", "merged_into", R"("0-old")"), "")};
  desk.answers["/v1/incidents/a/events"] = {200, page("events", event("e-a", "citizen-reports", "Nắp cống a"), "")};
  desk.answers["/v1/incidents/a/decisions"] = {200, page("decisions", "", "")};
  CHECK(desk.run("export-duplicates").code == 0);
  std::ofstream(desk.out()) << "as before";
  for (const auto& [status, body] : {std::pair<unsigned, std::string>{400, R"({"title":"malformed"})"}, {200, "not JSON"}, {404, "<html>not found</html>"}}) {
    desk.answers["/v1/incidents/0-old"] = {status, body};
    const Ended ended = desk.run("export-duplicates");
    INFO(ended.out);
    CHECK(ended.code == 1);
    CHECK(ended.out.find("desk") != std::string::npos);
    CHECK(desk.written() == "as before");
  }
}

TEST_CASE("exports: pages that lead round in a circle are noticed and said") {
  FakeDesk desk;
  desk.answers["/v1/incidents"] = {200, page("incidents", "", "p1")};
  desk.answers["/v1/incidents after p1"] = {200, page("incidents", "", "p2")};
  desk.answers["/v1/incidents after p2"] = {200, page("incidents", "", "p3")};
  desk.answers["/v1/incidents after p3"] = {200, page("incidents", "", "p2")};
  const Ended ended = desk.run("export-corrections");
  CHECK(ended.code == 1);
  CHECK(ended.out.find("the same pages of incidents again and again") != std::string::npos);
  CHECK(desk.asked() < 20);
}

TEST_CASE("a trail of pages: every circle is noticed within three rounds of it, and no straight way is called one") {
  for (std::size_t straight = 0; straight < 20; ++straight) {
    for (std::size_t round = 1; round < 20; ++round) {
      http::PageTrail trail;
      std::size_t pages = 0;
      const auto cursor = [&](std::size_t page) { return std::to_string(page < straight ? page : straight + (page - straight) % round); };
      while (trail.goes_on(cursor(pages))) {
        ++pages;
        REQUIRE(pages <= 3 * (straight + round));
      }
      CHECK(pages >= straight + round);
    }
  }
  http::PageTrail trail;
  for (int page = 0; page < 10'000; ++page) REQUIRE(trail.goes_on(std::to_string(page)));
}
