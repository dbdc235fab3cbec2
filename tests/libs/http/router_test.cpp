#include <catch2/catch.hpp>

#include "libs/http/http.h"

using namespace ioc::http;

namespace {
Handler nothing() {
  return [](const Request&) -> boost::asio::awaitable<Reply> { co_return Response{}; };
}
Router sample() {
  Router router;
  router.add("GET", "/{rest*}", nothing());
  router.add("GET", "/v1/incidents/{id}", nothing());
  router.add("GET", "/v1/incidents/newest", nothing());
  router.add("POST", "/v1/incidents/{id}/commands", nothing());
  router.add("DELETE", "/v1/incidents/{id}/commands", nothing());
  return router;
}
}  // namespace

TEST_CASE("router: literal segments win over parameters, those over the rest, whatever the order of adding") {
  const Router router = sample();
  CHECK(router.find("GET", "/v1/incidents/newest").pattern == "/v1/incidents/newest");
  const auto one = router.find("GET", "/v1/incidents/0-abc");
  CHECK(one.pattern == "/v1/incidents/{id}");
  CHECK(one.params == Headers{{"id", "0-abc"}});
  const auto rest = router.find("GET", "/assets/a/b.js");
  CHECK(rest.pattern == "/{rest*}");
  CHECK(rest.params == Headers{{"rest", "assets/a/b.js"}});
}

TEST_CASE("router: an escaped slash stays inside its segment") {
  const Router router = sample();
  const auto match = router.find("GET", "/v1/incidents/a%2Fb%20c");
  REQUIRE(match.handler != nullptr);
  CHECK(match.params == Headers{{"id", "a/b c"}});
}

TEST_CASE("router: a wrong method names those that are allowed, an unknown path names none") {
  Router router;
  router.add("GET", "/a", nothing());
  router.add("POST", "/a", nothing());
  const auto match = router.find("PUT", "/a");
  CHECK(match.handler == nullptr);
  CHECK(match.allowed == "GET, HEAD, POST");
  CHECK(router.find("PUT", "/b").allowed.empty());
  CHECK(router.find("GET", "/a/").handler == nullptr);
  CHECK(router.find("GET", "/a/%zz").handler == nullptr);
}

TEST_CASE("router: HEAD is answered by the GET route") {
  const Router router = sample();
  CHECK(router.find("HEAD", "/v1/incidents/x").handler != nullptr);
  CHECK(router.find("HEAD", "/v1/incidents/x/commands").handler == nullptr);
}

TEST_CASE("router: a path that exists for another method is no path of a wider pattern") {
  Router router;
  router.add("POST", "/v1/{feed}", nothing());
  router.add("GET", "/v1/queues", nothing());
  router.add("POST", "/v1/reports", nothing());
  const auto wrong = router.find("POST", "/v1/queues");
  CHECK(wrong.handler == nullptr);
  CHECK(wrong.allowed == "GET, HEAD");
  CHECK(router.find("GET", "/v1/reports").allowed == "POST");
  CHECK(router.find("POST", "/v1/unknown").pattern == "/v1/{feed}");
  CHECK(router.find("GET", "/v1/unknown").allowed == "POST");
}

TEST_CASE("router: what no pattern describes is answered otherwise, and routes that are added later count from then on") {
  Router router;
  router.add("GET", "/healthz", nothing());
  router.otherwise(nothing());
  const auto before = router.find("GET", "/v1/queues");
  REQUIRE(before.handler != nullptr);
  CHECK(before.pattern.empty());
  CHECK(router.find("POST", "/healthz").handler == nullptr);
  router.add("GET", "/v1/queues", nothing());
  router.otherwise({});
  CHECK(router.find("GET", "/v1/queues").pattern == "/v1/queues");
  CHECK(router.find("GET", "/v1/feeds").handler == nullptr);
  // A request that runs keeps what it found.
  CHECK(before.table != nullptr);
  CHECK(*before.handler);
}
