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
  CHECK(router.find("HEAD", "/v1/incidents/x/commands").pattern == "/{rest*}");
}
