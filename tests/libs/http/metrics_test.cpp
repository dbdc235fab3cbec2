#include "libs/http/metrics.h"

#include <catch2/catch.hpp>

#include "tests/libs/http/fixture.h"

using namespace ioc;
using namespace ioc::http;
namespace asio = boost::asio;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("metrics: requests count by route template, method and status class, whatever callers make up") {
  metrics::Registry registry;
  ServerConfig config;
  config.connections_max = 77;
  http::Metrics metrics(registry, config);
  RunningServer running(config, &metrics);
  running.router.add("GET", "/things/{id}", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{request.param("id") == "none" ? 404U : 200U, "text/plain", "x", {}};
  });
  running.start();
  Client client(running.url());
  for (int i = 0; i < 50; ++i) CHECK(client.request("GET", "/things/" + std::to_string(i))->status == 200);
  CHECK(client.request("GET", "/things/none")->status == 404);
  for (int i = 0; i < 50; ++i) CHECK(client.request("GET", "/no/" + std::to_string(i))->status == 404);
  for (const char* method : {"BREW", "MAKE", "PUT"}) CHECK(client.request(method, "/things/1")->status == 405);
  RawSocket rude(running.port);
  rude.send("nonsense\r\n\r\n");
  rude.read_until_closed();
  // An answer is counted after it was sent.
  const auto says = [&](const std::string& line) {
    return eventually([&] { return registry.expose().find(line + "\n") != std::string::npos; });
  };
  CHECK(says("ioc_http_connections 1"));
  CHECK(says(R"(ioc_http_requests_total{method="GET",route="/things/{id}",status="2xx"} 50)"));
  CHECK(says(R"(ioc_http_requests_total{method="GET",route="/things/{id}",status="4xx"} 1)"));
  CHECK(says(R"(ioc_http_requests_total{method="PUT",route="/things/{id}",status="4xx"} 1)"));
  CHECK(says(R"(ioc_http_requests_total{method="other",route="/things/{id}",status="4xx"} 2)"));
  CHECK(says(R"(ioc_http_requests_total{method="other",route="none",status="4xx"} 51)"));
  CHECK(says(R"(ioc_http_request_seconds_count{method="GET",route="/things/{id}"} 51)"));
  CHECK(says("ioc_http_connections_limit 77"));
  CHECK(count_of(registry.expose(), "ioc_http_requests_total{") == 5);
}

TEST_CASE("metrics: a stream counts when it begins") {
  metrics::Registry registry;
  http::Metrics metrics(registry, ServerConfig{});
  RunningServer running({}, &metrics);
  running.router.add("GET", "/stream", [](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.run = [](StreamWriter& writer) -> asio::awaitable<void> {
      while (co_await writer.write("data: x\n\n")) {
      }
    };
    co_return stream;
  });
  running.start();
  CHECK(Client(running.url()).lines("/stream", {}, [&](std::string_view) {
    CHECK(registry.expose().find(R"(ioc_http_requests_total{method="GET",route="/stream",status="2xx"} 1)") != std::string::npos);
    return false;
  }).has_value());
}
