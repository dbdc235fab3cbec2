#include <algorithm>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <future>
#include <mutex>

#include "tests/libs/http/fixture.h"

using namespace ioc;
using namespace ioc::http;
namespace asio = boost::asio;

namespace {

void add_echo(Router& router) {
  router.add("GET", "/hello/{name}", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", "hello " + std::string(request.param("name")), {{"X-Test", "a\r\nInjected: b"}}};
  });
  router.add("POST", "/echo", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, std::string(request.media_type()), request.body, {}};
  });
  router.add("GET", "/throws", [](const Request&) -> asio::awaitable<Reply> {
    throw std::runtime_error("secret 0912345678");
    co_return Response{};
  });
  router.add("GET", "/empty", [](const Request&) -> asio::awaitable<Reply> { co_return Response{204, "", "", {}}; });
}

}  // namespace

TEST_CASE("server: answers, keeps the connection, and calls the observer with the route's pattern") {
  struct Listener : Observer {
    std::mutex mutex;
    std::vector<std::string> seen;
    std::size_t most_open = 0;
    void answered(std::string_view method, std::string_view pattern, unsigned status, std::chrono::nanoseconds) override {
      const std::lock_guard lock(mutex);
      seen.push_back(std::string(method) + " " + std::string(pattern) + " " + std::to_string(status));
    }
    void connections(std::size_t open) override {
      const std::lock_guard lock(mutex);
      most_open = std::max(most_open, open);
    }
    void turned_away() override {}
  };
  Listener listener;
  RunningServer running({}, &listener);
  add_echo(running.router);
  running.start();
  Client client(running.url());
  for (int i = 0; i < 3; ++i) {
    const auto got = client.request("GET", "/hello/" + escape("Nguyễn A"));
    REQUIRE(got.has_value());
    CHECK(got->status == 200);
    CHECK(got->body == "hello Nguyễn A");
  }
  CHECK(running.server->stats().connections == 1);
  CHECK(running.server->stats().requests == 3);
  const auto missing = client.request("GET", "/nowhere");
  REQUIRE(missing.has_value());
  CHECK(missing->status == 404);
  CHECK(boost::json::parse(missing->body).at("status") == 404);
  const auto wrong = client.request("PUT", "/echo", "{}");
  REQUIRE(wrong.has_value());
  CHECK(wrong->status == 405);
  CHECK(std::find(wrong->headers.begin(), wrong->headers.end(), std::pair<std::string, std::string>("allow", "POST")) != wrong->headers.end());
  running.stop_and_wait();
  const std::lock_guard lock(listener.mutex);
  CHECK(listener.most_open == 1);
  CHECK(listener.seen == std::vector<std::string>{"GET /hello/{name} 200", "GET /hello/{name} 200", "GET /hello/{name} 200",
                                         "GET  404", "PUT /echo 405"});
}

TEST_CASE("server: header values cannot start a new header") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  RawSocket raw(running.port);
  raw.send("GET /hello/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto got = raw.read_until_closed();
  CHECK(got.find("\r\nInjected") == std::string::npos);
}

TEST_CASE("server: a handler's exception is a 500 that says nothing about it, and the connection goes on") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  Client client(running.url());
  const auto got = client.request("GET", "/throws");
  REQUIRE(got.has_value());
  CHECK(got->status == 500);
  CHECK(got->body.find("secret") == std::string::npos);
  CHECK(client.request("GET", "/hello/x")->status == 200);
  CHECK(running.server->stats().connections == 1);
}

TEST_CASE("server: HEAD has the headers of GET and no body; 204 has no body") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  RawSocket raw(running.port);
  raw.send("HEAD /hello/abc HTTP/1.1\r\nHost: a\r\n\r\nGET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto got = raw.read_until_closed();
  CHECK(got.find("Content-Length: 9\r\n") != std::string::npos);
  CHECK(got.find("hello abc") == std::string::npos);
  CHECK(got.find("HTTP/1.1 204 No Content\r\n") != std::string::npos);
  CHECK(got.ends_with("\r\n\r\n"));
}

TEST_CASE("server: pipelined requests are answered in order") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  RawSocket raw(running.port);
  std::string many;
  for (int i = 0; i < 50; ++i) many += "GET /hello/n" + std::to_string(i) + "e HTTP/1.1\r\nHost: a\r\n\r\n";
  many += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: Text/Plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlast";
  raw.send(many);
  const auto got = raw.read_until_closed();
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = got.find("hello n" + std::to_string(i) + "e", at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(got.ends_with("last"));
  CHECK(got.find("Content-Type: text/plain") != std::string::npos);
}

TEST_CASE("server: Expect: 100-continue is answered before the body is sent") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  RawSocket raw(running.port);
  raw.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
  CHECK(raw.read_until("\r\n\r\n").starts_with("HTTP/1.1 100 Continue"));
  raw.send("ok");
  CHECK(raw.read_until_closed().ends_with("ok"));
}

TEST_CASE("server: a body above the limit is 413 with the limit, announced or chunked, without being asked to go on") {
  ServerConfig config;
  config.body_bytes_max = 1000;
  RunningServer running(config);
  add_echo(running.router);
  running.start();
  RawSocket announced(running.port);
  announced.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  announced.finish_sending();
  const auto first = announced.read_until_closed();
  CHECK(first.starts_with("HTTP/1.1 413 "));
  CHECK(first.find(R"("limit":"1000 bytes","received":"1001 bytes")") != std::string::npos);
  RawSocket chunked(running.port);
  chunked.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 20; ++i) chunked.send("64\r\n" + std::string(100, 'x') + "\r\n");
  chunked.finish_sending();
  CHECK(chunked.read_until_closed().starts_with("HTTP/1.1 413 "));
  Client client(running.url());
  CHECK(client.request("POST", "/echo", std::string(1000, 'y'))->status == 200);
  CHECK(client.request("POST", "/echo", std::string(200'000, 'y'))->status == 413);
  CHECK(client.request("POST", "/echo", "z")->status == 200);
}

TEST_CASE("server: what all requests hold together is bounded; more is 503 with Retry-After") {
  ServerConfig config;
  config.body_bytes_in_flight_max = 200'000;
  RunningServer running(config, nullptr, [](const Request&) { return true; });
  add_echo(running.router);
  running.start();
  const std::string body(100'000, 'a');
  RawSocket slow(running.port);
  slow.send("POST /echo HTTP/1.1\r\nHost: a\r\nCookie: known\r\nExpect: 100-continue\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n");
  slow.read_until("100 Continue\r\n\r\n");
  Client client(running.url());
  client.set_token("known");
  // What is announced takes no room from others, what has come does.
  CHECK(client.request("POST", "/echo", body)->status == 200);
  CHECK(eventually([&] { return running.server->stats().held_bytes < body.size(); }));
  slow.send(body.substr(1));
  CHECK(eventually([&] { return running.server->stats().held_bytes > body.size(); }));
  CHECK(eventually([&] {
    const auto refused = client.request("POST", "/echo", body);
    return refused && refused->status == 503 && refused->headers.end() != std::find_if(refused->headers.begin(), refused->headers.end(), [](const auto& header) { return header.first == "retry-after"; });
  }));
  slow.send("b");
  CHECK(slow.read_until_closed().ends_with("ab"));
  CHECK(eventually([&] { return client.request("POST", "/echo", body)->status == 200; }));
}

TEST_CASE("server: a taken port is a transient error that says what to do; a bad address a permanent one") {
  RunningServer running;
  running.start();
  Router router;
  ServerConfig config;
  config.listen = "127.0.0.1:" + std::to_string(running.port);
  Server second(running.context.get_executor(), config, router);
  const auto taken = second.start();
  REQUIRE(taken.has_error());
  CHECK(taken.error().kind == ErrorKind::Transient);
  CHECK(taken.error().message.find("--listen") != std::string::npos);
  for (const char* bad : {"8080", "nowhere:80", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:80x", ""}) {
    config.listen = bad;
    Server third(running.context.get_executor(), config, router);
    const auto wrong = third.start();
    REQUIRE(wrong.has_error());
    CHECK(wrong.error().kind == ErrorKind::Permanent);
  }
}

TEST_CASE("server: stop lets a running request finish, ends idle connections and takes no new ones") {
  std::promise<void> entered;
  std::atomic<bool> gate_open{false};
  RunningServer running;
  running.router.add("GET", "/slow", [&](const Request&) -> asio::awaitable<Reply> {
    entered.set_value();
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (!gate_open) {
      pause.expires_after(std::chrono::milliseconds(1));
      co_await pause.async_wait(asio::use_awaitable);
    }
    co_return Response{200, "text/plain", "finished", {}};
  });
  add_echo(running.router);
  running.start();
  RawSocket idle(running.port), busy(running.port);
  idle.send("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.read_until("hello a");
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.get_future().wait();
  std::promise<void> stopped;
  running.server->stop([&stopped] { stopped.set_value(); });
  CHECK(idle.read_until_closed().empty());
  auto done = stopped.get_future();
  CHECK(done.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
  gate_open = true;
  const auto got = busy.read_until_closed();
  CHECK(got.find("Connection: close") != std::string::npos);
  CHECK(got.ends_with("finished"));
  CHECK(done.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  CHECK(Client(running.url(), Millis(2000)).request("GET", "/hello/a").has_error());
}

TEST_CASE("client: connects again when the server closed the kept connection") {
  ServerConfig config;
  config.idle_timeout = Millis(50);
  RunningServer running(config);
  add_echo(running.router);
  running.start();
  Client client(running.url());
  REQUIRE(client.request("GET", "/hello/a").has_value());
  REQUIRE(eventually([&] { return running.server->stats().connections == 0; }));
  const auto again = client.request("POST", "/echo", "again");
  REQUIRE(again.has_value());
  CHECK(again->body == "again");
}

TEST_CASE("client: nobody there is transient, not a URL is permanent") {
  std::uint16_t port = 0;
  {
    RunningServer running;
    running.start();
    port = running.port;
  }
  const auto none = Client("http://127.0.0.1:" + std::to_string(port), Millis(2000)).request("GET", "/");
  REQUIRE(none.has_error());
  CHECK(none.error().kind == ErrorKind::Transient);
  CHECK(Client("https://x").request("GET", "/").error().kind == ErrorKind::Permanent);
}

TEST_CASE("client: a path in the URL is put before every target, and the token is sent") {
  RunningServer running;
  running.router.add("GET", "/base/who", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", std::string(request.header("authorization")) + (request.from_loopback ? " near" : ""), {}};
  });
  running.start();
  Client client(running.url() + "/base/");
  client.set_token("abc");
  CHECK(client.request("GET", "/who")->body == "Bearer abc near");
}
