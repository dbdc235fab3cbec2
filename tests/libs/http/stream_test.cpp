#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

#include "tests/libs/http/fixture.h"

using namespace ioc;
using namespace ioc::http;
namespace asio = boost::asio;

TEST_CASE("stream: pieces arrive as they are written, and the end is the end") {
  RunningServer running;
  running.router.add("GET", "/events", [](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.headers = {{"Cache-Control", "no-store"}};
    stream.run = [](StreamWriter& writer) -> asio::awaitable<void> {
      for (int i = 0; i < 3; ++i) {
        const std::string text = "id: " + std::to_string(i) + "\r\ndata: x\n\n";
        if (!co_await writer.write(text)) co_return;
      }
    };
    co_return stream;
  });
  running.start();
  Client client(running.url());
  std::vector<std::string> lines;
  const auto status = client.lines("/events", {}, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  });
  REQUIRE(status.has_value());
  CHECK(*status == 200);
  CHECK(lines == std::vector<std::string>{"id: 0", "data: x", "", "id: 1", "data: x", "", "id: 2", "data: x", ""});
  std::size_t stopped_after = 0;
  REQUIRE(client.lines("/events", {}, [&](std::string_view) { return ++stopped_after < 2; }).has_value());
  CHECK(stopped_after == 2);
}

TEST_CASE("stream: a client that leaves ends a stream that has nothing to write") {
  RunningServer running;
  std::atomic<int> begun{0}, ended{0};
  running.router.add("GET", "/quiet", [&](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.run = [&](StreamWriter& writer) -> asio::awaitable<void> {
      co_await writer.write("hello\n");
      ++begun;
      struct Ended {
        std::atomic<int>& count;
        ~Ended() { ++count; }
      } mark{ended};
      asio::steady_timer never(co_await asio::this_coro::executor, std::chrono::hours(10));
      co_await never.async_wait(asio::use_awaitable);
    };
    co_return stream;
  });
  running.start();
  {
    RawSocket raw(running.port);
    raw.send("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
    raw.read_until("hello");
    CHECK(eventually([&] { return begun == 1; }));
    CHECK(ended == 0);
    raw.close();
  }
  CHECK(eventually([&] { return ended == 1; }));
  RawSocket second(running.port);
  second.send("GET /quiet HTTP/1.1\r\nHost: a\r\n\r\n");
  second.read_until("hello");
  running.stop_and_wait();
  CHECK(ended == 2);
}

TEST_CASE("stream: a client that does not read is dropped and delays nobody") {
  ServerConfig config;
  config.write_timeout = Millis(300);
  RunningServer running(config);
  std::atomic<int> dropped{0};
  running.router.add("GET", "/flood", [&](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.run = [&](StreamWriter& writer) -> asio::awaitable<void> {
      const std::string much(256 << 10, 'x');
      while (co_await writer.write(much)) {
      }
      ++dropped;
    };
    co_return stream;
  });
  running.router.add("GET", "/fine", [](const Request&) -> asio::awaitable<Reply> { co_return Response{}; });
  running.start();
  RawSocket lazy(running.port, 4096);
  lazy.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");
  CHECK(Client(running.url()).request("GET", "/fine")->status == 200);
  CHECK(eventually([&] { return dropped == 1; }));
  CHECK(eventually([&] { return running.server->stats().connections == 0; }));
}

TEST_CASE("stream: an exception in a stream closes it and nothing else") {
  RunningServer running;
  running.router.add("GET", "/broken", [](const Request&) -> asio::awaitable<Reply> {
    Stream stream;
    stream.run = [](StreamWriter& writer) -> asio::awaitable<void> {
      co_await writer.write("one\n");
      throw std::runtime_error("secret");
    };
    co_return stream;
  });
  running.start();
  RawSocket raw(running.port);
  raw.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto got = raw.read_until_closed();
  CHECK(got.find("one") != std::string::npos);
  CHECK(got.find("secret") == std::string::npos);
  CHECK(Client(running.url()).request("GET", "/none")->status == 404);
}
