// A server on a free loopback port with its own threads, and a raw socket to be rude with.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "libs/http/client.h"
#include "libs/http/http.h"

class RunningServer {
 public:
  explicit RunningServer(ioc::http::ServerConfig config = {}, ioc::http::Observer* observer = nullptr, ioc::http::Knows knows = {});
  ~RunningServer();
  ioc::http::Router router;  // add routes, then start()
  void start();
  void stop_and_wait();  // fails the test when `stopped` does not come
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port); }
  std::uint16_t port = 0;
  boost::asio::io_context context;
  std::unique_ptr<ioc::http::Server> server;

 private:
  std::vector<std::jthread> x_threads;
  bool x_stopped = false;
};

class RawSocket {
 public:
  // `from`: an address of this machine, 127.0.0.1 to 127.255.255.254.
  explicit RawSocket(std::uint16_t port, int receive_buffer_bytes = 0, const std::string& from = "127.0.0.1");
  void send(std::string_view bytes);     // errors are ignored: the peer may have closed
  void finish_sending();
  std::string read_until_closed();       // at most 20 s
  std::string read_until(std::string_view mark);
  void close();

 private:
  boost::asio::io_context x_context;
  boost::asio::ip::tcp::socket x_socket{x_context};
  std::string x_got;
};

// Waits for a condition with a generous deadline.
bool eventually(const std::function<bool()>& condition);
