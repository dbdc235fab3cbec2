#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "libs/http/ops.h"
#include "services/ingest/app.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;

namespace {

using Route = std::pair<std::string, std::string>;

std::set<Route> documented(const boost::json::value& document, const std::string& tag_wanted) {
  std::set<Route> all;
  for (const auto& [path, operations] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : operations.as_object()) {
      if (method == "parameters") continue;
      const std::string tag(operation.at("tags").as_array().at(0).as_string());
      std::string upper(method);
      for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      if ((tag == tag_wanted) || tag_wanted.empty()) all.emplace(upper, std::string(path));
    }
  }
  return all;
}

// All that the process adds to its server; what is added for paths that no feed has is no interface.
std::set<Route> routes_of_ingest(Desk& desk) {
  boost::asio::io_context context;
  metrics::Registry registry;
  const ingest::Config config;
  const config::Deployment deployment;
  ingest::App app(context.get_executor(), config, deployment, std::string(32, 'k'), desk.accounts(), registry);
  http::Router router;
  app.add_routes(router);
  std::set<Route> all;
  for (const Route& route : router.routes()) {
    if (!route.second.ends_with("/{feed}")) all.insert(route);
  }
  return all;
}

// Every "$ref" must lead somewhere.
void check_references(const boost::json::value& document, const boost::json::value& part) {
  if (const auto* object = part.if_object()) {
    for (const auto& [key, value] : *object) {
      if (key == "$ref") {
        CAPTURE(value);
        const std::string pointer = std::string(value.as_string()).substr(1);
        boost::system::error_code error;
        CHECK(document.find_pointer(pointer, error) != nullptr);
      }
      check_references(document, value);
    }
  } else if (const auto* array = part.if_array()) {
    for (const auto& value : *array) check_references(document, value);
  }
}

}  // namespace

TEST_CASE("openapi: every route of the desk is described, and everything described is routed") {
  Desk desk;
  http::Client client = desk.client();
  const auto served = get(client, "/openapi.json");
  REQUIRE(served.status == 200);
  const auto document = parsed(served);
  CHECK(document.at("openapi") == "3.1.0");
  const auto list = desk.router().routes();
  std::set<Route> routed;
  // Files of the pages are no interface.
  for (const Route& route : list) {
    if (!route.second.starts_with("/assets/") && route.second != "/favicon.ico") routed.insert(route);
  }
  std::set<Route> described = documented(document, "desk");
  described.merge(documented(document, "session"));
  described.merge(documented(document, "pages"));
  CHECK(described == routed);
}

TEST_CASE("openapi: what ingest takes and what every process answers is described, no more and no less") {
  Desk desk;
  http::Client client = desk.client();
  const auto document = parsed(get(client, "/openapi.json"));
  CHECK(documented(document, "ingest") == routes_of_ingest(desk));
  http::Router router;
  http::add_ops_routes(router, {[] { return std::string(); }, [] { return std::string(); }, {}});
  const auto list = router.routes();
  CHECK(documented(document, "process") == std::set<Route>(list.begin(), list.end()));
  // Nothing else.
  std::size_t tagged = 0;
  for (const char* tag : {"desk", "session", "pages", "ingest", "process"}) tagged += documented(document, tag).size();
  CHECK(documented(document, "").size() == tagged);
}

TEST_CASE("openapi: each operation says what it answers, parameters of the path are described, references hold") {
  Desk desk;
  http::Client client = desk.client();
  const auto document = parsed(get(client, "/openapi.json"));
  for (const auto& [path, operations] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : operations.as_object()) {
      CAPTURE(path, method);
      CHECK(operation.as_object().contains("summary"));
      CHECK_FALSE(operation.at("responses").as_object().empty());
      std::set<std::string> named;
      if (const auto* parameters = operation.as_object().if_contains("parameters")) {
        for (const auto& parameter : parameters->as_array()) {
          if (parameter.as_object().contains("name") && parameter.at("in") == "path") named.emplace(parameter.at("name").as_string());
        }
      }
      for (auto at = path.find('{'); at != boost::core::string_view::npos; at = path.find('{', at + 1)) {
        CHECK(named.contains(std::string(path.substr(at + 1, path.find('}', at) - at - 1))));
      }
    }
  }
  check_references(document, document);
}
