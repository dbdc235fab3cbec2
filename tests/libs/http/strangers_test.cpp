// What somebody without a token may do to a server: nothing that others notice.
#include <atomic>
#include <catch2/catch.hpp>

#include "libs/http/ops.h"
#include "tests/libs/http/fixture.h"

using namespace ioc;
using namespace ioc::http;
namespace asio = boost::asio;

namespace {

constexpr std::string_view kKnown = "Authorization: Bearer known\r\n";

bool knows(const Request& request) { return request.header("authorization") == "Bearer known"; }

void add_routes(Router& router) {
  router.add("POST", "/echo", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", std::to_string(request.body.size()) + " " + std::string(request.header("x-test")), {}};
  });
  router.add("GET", "/who", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", request.remote + (request.from_loopback ? " near" : "") + (request.secure ? " secure" : ""), {}};
  });
  router.add("GET", "/stream", [](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.run = [](StreamWriter& writer) -> asio::awaitable<void> {
      while (co_await writer.write("data: x\n\n")) {
      }
    };
    co_return stream;
  });
  add_ops_routes(router, {[] { return std::string(); }, [] { return std::string("metrics\n"); }, {}});
}

std::string request(std::string_view line, std::string_view headers = {}) {
  return std::string(line) + " HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n";
}

std::string answer_to(const RunningServer& running, std::string_view bytes, const std::string& from = "127.0.0.1") {
  RawSocket raw(running.port, 0, from);
  raw.send(bytes);
  raw.finish_sending();
  return raw.read_until_closed();
}

std::vector<std::unique_ptr<RawSocket>> sockets(const RunningServer& running, int count, const std::string& from = "127.0.0.1") {
  std::vector<std::unique_ptr<RawSocket>> out;
  for (int i = 0; i < count; ++i) out.push_back(std::make_unique<RawSocket>(running.port, 0, from));
  return out;
}

}  // namespace

TEST_CASE("strangers: a chunk extension without an end is refused and takes no memory") {
  RunningServer running({}, nullptr, knows);
  add_routes(running.router);
  running.start();
  for (const std::string_view who : {std::string_view(), kKnown}) {
    RawSocket raw(running.port);
    raw.send(request("POST /echo", std::string(who) + "Transfer-Encoding: chunked\r\n") + "5;");
    for (int i = 0; i < 64; ++i) {
      raw.send(std::string(64 << 10, 'x'));
      CHECK(running.server->stats().held_bytes < 128 << 10);
    }
    CHECK(raw.read_until_closed().find("200 OK") == std::string::npos);
  }
  std::string many;
  for (int i = 0; i < 2000; ++i) many += "1;" + std::string(1000, 'x') + "\r\na\r\n";
  CHECK(answer_to(running, request("POST /echo", "Transfer-Encoding: chunked\r\n") + many + "0\r\n\r\n").find("200 OK") == std::string::npos);
  CHECK(eventually([&] { return running.server->stats().held_bytes == 0; }));
}

TEST_CASE("strangers: a trailer is never a header, and many of them end the connection") {
  RunningServer running({}, nullptr, knows);
  add_routes(running.router);
  running.start();
  const std::string head = request("POST /echo", "Transfer-Encoding: chunked\r\nConnection: close\r\n") + "1\r\na\r\n0\r\n";
  CHECK(answer_to(running, head + "X-Test: forged\r\n\r\n").ends_with("\r\n\r\n1 "));
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  CHECK(answer_to(running, head + many + "\r\n").find("200 OK") == std::string::npos);
}

TEST_CASE("strangers: more headers than the limit are 431, however short they are") {
  RunningServer running;
  add_routes(running.router);
  running.start();
  std::string many;
  for (int i = 0; i < 200; ++i) many += "A: b\r\n";
  const auto got = answer_to(running, request("GET /who", many));
  CHECK(got.starts_with("HTTP/1.1 431 "));
  CHECK(got.find("100 headers") != std::string::npos);
}

TEST_CASE("strangers: a large body is read from known callers alone, and refused before it comes") {
  RunningServer running({}, nullptr, knows);
  add_routes(running.router);
  running.start();
  RawSocket announced(running.port);
  announced.send(request("POST /echo", "Expect: 100-continue\r\nContent-Length: 16385\r\n"));
  const auto refused = announced.read_until_closed();
  CHECK(refused.starts_with("HTTP/1.1 401 "));
  CHECK(refused.find("WWW-Authenticate: Bearer") != std::string::npos);
  CHECK(refused.find(R"("limit":"16384 bytes")") != std::string::npos);
  std::string chunks;
  for (int i = 0; i < 20; ++i) chunks += "400\r\n" + std::string(1024, 'x') + "\r\n";
  CHECK(answer_to(running, request("POST /echo", "Transfer-Encoding: chunked\r\n") + chunks + "0\r\n\r\n").starts_with("HTTP/1.1 401 "));
  Client client(running.url());
  CHECK(client.request("POST", "/echo", std::string(16 << 10, 'x'))->status == 200);
  client.set_token("made-up");
  CHECK(client.request("POST", "/echo", std::string(100'000, 'x'))->status == 401);
  client.set_token("known");
  CHECK(client.request("POST", "/echo", std::string(100'000, 'x'))->body == "100000 ");
}

TEST_CASE("strangers: stalled bodies of theirs take no room from known callers") {
  ServerConfig config;
  config.body_bytes_in_flight_max = 400'000;
  config.body_stall_timeout = std::chrono::hours(1);
  config.body_timeout = std::chrono::hours(1);
  RunningServer running(config, nullptr, knows);
  add_routes(running.router);
  running.start();
  auto stalled = sockets(running, 33);
  for (auto& one : stalled) one->send(request("POST /echo", "Content-Length: 16384\r\n") + std::string(16'383, 'x'));
  CHECK(eventually([&] { return running.server->stats().held_bytes > 150'000; }));
  Client client(running.url());
  client.set_token("known");
  CHECK(client.request("POST", "/echo", std::string(100'000, 'x'))->status == 200);
  CHECK(eventually([&] { return running.server->stats().held_bytes <= 200'000; }));
}

TEST_CASE("strangers: a body that stalls or drips ends, and its place is free") {
  ServerConfig config;
  config.body_stall_timeout = Millis(200);
  RunningServer running(config, nullptr, knows);
  add_routes(running.router);
  running.start();
  RawSocket stalled(running.port), dripping(running.port);
  for (auto* raw : {&stalled, &dripping}) raw->send(request("POST /echo", std::string(kKnown) + "Content-Length: 1000000\r\n"));
  std::jthread drip([&dripping](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      dripping.send("x");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  CHECK(stalled.read_until_closed().empty());
  CHECK(dripping.read_until_closed().empty());
  CHECK(eventually([&] { return running.server->stats().connections == 0; }));
}

TEST_CASE("strangers: idle connections make room for new ones, strangers' first, the longest idle first") {
  ServerConfig config;
  config.connections_max = 16;
  RunningServer running(config, nullptr, knows);
  add_routes(running.router);
  running.start();
  RawSocket known(running.port);
  known.send(request("GET /who", kKnown));
  known.read_until("127.0.0.1 near");
  auto idle = sockets(running, 200);
  for (int i = 0; i < 20; ++i) CHECK(Client(running.url(), Millis(5000)).request("GET", "/healthz")->status == 200);
  known.send(request("GET /who", kKnown));
  CHECK(known.read_until("127.0.0.1 near").find("200 OK") != std::string::npos);
  CHECK(idle.front()->read_until_closed().empty());
  CHECK(running.server->stats().connections <= 16 + 64);
}

TEST_CASE("strangers: one address closes its own connections, never those of others") {
  ServerConfig config;
  config.connections_per_address_max = 4;
  RunningServer running(config, nullptr, knows);
  add_routes(running.router);
  running.start();
  RawSocket other(running.port);
  auto many = sockets(running, 40, "127.0.0.2");
  CHECK(eventually([&] { return running.server->stats().connections <= 5; }));
  other.send(request("GET /who"));
  CHECK(other.read_until("127.0.0.1 near").find("200 OK") != std::string::npos);
  CHECK(answer_to(running, request("GET /who"), "127.0.0.2").find("200 OK") != std::string::npos);
}

TEST_CASE("strangers: when no connection can make room, known callers and health are still answered") {
  ServerConfig config;
  config.connections_max = 4;
  config.connections_reserved = 2;
  RunningServer running(config, nullptr, knows);
  add_routes(running.router);
  running.start();
  std::vector<std::unique_ptr<RawSocket>> streams = sockets(running, 4);
  for (auto& one : streams) {
    one->send(request("GET /stream", kKnown));
    one->read_until("data: x");
  }
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    CAPTURE(path);
    CHECK(answer_to(running, request(std::string("GET ") + path)).starts_with("HTTP/1.1 200 "));
  }
  CHECK(answer_to(running, request("GET /who", kKnown)).starts_with("HTTP/1.1 200 "));
  const auto refused = answer_to(running, request("GET /who"));
  CHECK(refused.starts_with("HTTP/1.1 503 "));
  CHECK(refused.find("Retry-After: ") != std::string::npos);
  // Those who only wait on the reserve make room as well.
  auto idle = sockets(running, 20);
  CHECK(eventually([&] { return Client(running.url(), Millis(5000)).request("GET", "/healthz")->status == 200; }));
}

TEST_CASE("strangers: the client's address comes from configured proxies alone") {
  ServerConfig config;
  config.proxies = {"127.0.0.9"};
  RunningServer running(config);
  add_routes(running.router);
  running.start();
  const std::string forwarded = request("GET /who", "X-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n");
  CHECK(answer_to(running, forwarded, "127.0.0.9").ends_with("\r\n\r\n1.2.3.4 secure"));
  CHECK(answer_to(running, forwarded, "127.0.0.2").ends_with("\r\n\r\n127.0.0.2"));
  CHECK(answer_to(running, request("GET /metrics", "X-Forwarded-For: 1.2.3.4\r\n"), "127.0.0.9").starts_with("HTTP/1.1 401 "));
  CHECK(answer_to(running, request("GET /metrics", "X-Forwarded-For: 1.2.3.4\r\n")).starts_with("HTTP/1.1 401 "));
  CHECK(answer_to(running, request("GET /metrics")).starts_with("HTTP/1.1 200 "));
  config.listen = "127.0.0.1:0";
  config.proxies = {"the proxy"};
  Server wrong(running.context.get_executor(), config, running.router);
  CHECK(wrong.start().error().kind == ErrorKind::Permanent);
}
