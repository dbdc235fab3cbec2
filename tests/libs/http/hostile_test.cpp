#include <catch2/catch.hpp>
#include <random>

#include "tests/libs/http/fixture.h"

using namespace ioc;
using namespace ioc::http;
namespace asio = boost::asio;

namespace {

void add_echo(Router& router) {
  router.add("POST", "/echo", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", "<" + request.body + ">", {}};
  });
  router.add("GET", "/{rest*}", [](const Request& request) -> asio::awaitable<Reply> {
    co_return Response{200, "text/plain", "<" + request.path + ">", {}};
  });
}

std::string answer_to(const RunningServer& running, std::string_view bytes) {
  RawSocket raw(running.port);
  raw.send(bytes);
  raw.finish_sending();
  return raw.read_until_closed();
}

}  // namespace

TEST_CASE("hostile: what is not HTTP is a 400 and a closed connection") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  for (const std::string bad :
       {"\r\n\r\nnonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX y: z\r\n\r\n", "G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n"}) {
    const auto got = answer_to(running, bad);
    INFO(bad);
    CHECK((got.starts_with("HTTP/1.1 400 ") || got.starts_with("HTTP/1.1 505 ")));
    CHECK(got.find("HTTP/1.1", 8) == std::string::npos);
  }
}

TEST_CASE("hostile: a body whose length can be read in two ways is refused, and what follows is not a request") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\n";
  const std::string smuggled = "\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string lengths :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
        "Content-Length: 5, 6\r\n", "Content-Length: +5\r\n", "Content-Length: -1\r\n", "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n", "Content-Length:\r\n", "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: chunked, identity\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding : chunked\r\n", "Transfer-Encoding: \x0b" "chunked\r\n"}) {
    const auto got = answer_to(running, head + lengths + smuggled);
    INFO(lengths);
    CHECK(got.starts_with("HTTP/1.1 400 "));
    CHECK(got.find("smuggled") == std::string::npos);
    CHECK(got.find("HTTP/1.1", 8) == std::string::npos);
  }
  CHECK(answer_to(running, "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

TEST_CASE("hostile: bad chunks are refused, truncated bodies never reach the handler") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string chunks : {"zz\r\n", "5\r\nabcdefgh\r\n0\r\n\r\n", "ffffffffffffffffff\r\n"})
    CHECK(answer_to(running, head + chunks).find("200 OK") == std::string::npos);
  CHECK(answer_to(running, head + "5\r\nab").empty());
  CHECK(answer_to(running, head + "5\r\nabcde\r\n").empty());
  CHECK(answer_to(running, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc").empty());
  CHECK(answer_to(running, head + "5\r\nabcde\r\n0\r\n\r\n").find("<abcde>") != std::string::npos);
}

TEST_CASE("hostile: headers above the limit are 431") {
  ServerConfig config;
  config.header_bytes_max = 4096;
  RunningServer running(config);
  add_echo(running.router);
  running.start();
  CHECK(answer_to(running, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n").starts_with("HTTP/1.1 431 "));
  CHECK(answer_to(running, "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 431 "));
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 5000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  CHECK(answer_to(running, many + "\r\n").starts_with("HTTP/1.1 431 "));
}

TEST_CASE("hostile: ten megabytes of headers end the connection, and the next one is served") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  RawSocket raw(running.port);
  raw.send("GET / HTTP/1.1\r\nHost: a\r\n");
  for (int i = 0; i < 10; ++i) raw.send("X" + std::to_string(i) + ": " + std::string(1 << 20, 'x') + "\r\n");
  raw.close();
  CHECK(eventually([&] { return running.server->stats().connections == 0; }));
  CHECK(running.server->stats().requests == 0);
  CHECK(Client(running.url()).request("GET", "/alive")->body == "</alive>");
}

TEST_CASE("hostile: connections that say nothing keep their place no longer than the idle time, half a header ends sooner") {
  ServerConfig config;
  config.connections_max = 64;
  config.idle_timeout = std::chrono::hours(1);
  config.header_timeout = Millis(200);
  RunningServer running(config);
  add_echo(running.router);
  running.start();
  std::vector<std::unique_ptr<RawSocket>> loris;
  for (int i = 0; i < 64; ++i) {
    loris.push_back(std::make_unique<RawSocket>(running.port));
    loris.back()->send("GET / HTTP/1.1\r\nHost: a\r\nX-");
  }
  CHECK(eventually([&] {
    const auto got = Client(running.url(), Millis(2000)).request("GET", "/alive");
    return got && got->status == 200;
  }));
  for (auto& one : loris) CHECK(one->read_until_closed().find("200 OK") == std::string::npos);
}

TEST_CASE("hostile: a header sent byte by byte does not outlive the deadline") {
  ServerConfig config;
  config.header_timeout = Millis(200);
  RunningServer running(config);
  add_echo(running.router);
  running.start();
  RawSocket slow(running.port);
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
  const auto begun = std::chrono::steady_clock::now();
  std::jthread dripping([&slow](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      slow.send("X");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  CHECK(slow.read_until_closed().find("200 OK") == std::string::npos);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(15));
  CHECK(eventually([&] { return running.server->stats().connections == 0; }));
}

TEST_CASE("hostile: a path cannot leave its place") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  for (const std::string path : {"/../etc/passwd", "/a/../../b", "/%2e%2e/b", "/a/./b", "/a%00b", "/%ff", "/%zz", "*", "a/b",
                                 "/a%0d%0aSet-Cookie:x"}) {
    const auto got = answer_to(running, "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    INFO(path);
    CHECK(got.starts_with("HTTP/1.1 400 "));
  }
  CHECK(answer_to(running, "GET http://a/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n").find("</x>") != std::string::npos);
}

TEST_CASE("hostile: random bytes and mutated requests crash nothing") {
  RunningServer running;
  add_echo(running.router);
  running.start();
  const unsigned seed = 20211018;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string base = "POST /echo?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /x HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int round = 0; round < 400; ++round) {
    std::string bytes = base;
    for (auto i = random() % 6 + 1; i > 0; --i) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    RawSocket raw(running.port);
    raw.send(bytes.substr(0, random() % bytes.size() + 1));
    raw.close();
  }
  CHECK(eventually([&] { return running.server->stats().connections == 0; }));
  CHECK(Client(running.url()).request("GET", "/alive")->body == "</alive>");
}
