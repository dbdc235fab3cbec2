// One connection of the server. Lives as long as its coroutine; everything runs on its own strand.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/http/http.h"

namespace ioc::http {

// What the sessions of one server share.
struct Shared {
  Shared(ServerConfig config_in, const Router& router_in, Observer* observer_in)
      : config(std::move(config_in)), router(router_in), observer(observer_in) {}
  ServerConfig config;
  const Router& router;
  Observer* observer;  // may be nullptr
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::size_t> body_bytes{0};  // of requests being read or answered
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  boost::asio::awaitable<void> run();
  boost::asio::any_io_executor executor() { return x_stream.get_executor(); }
  // On the strand: an idle connection and a stream end now, a running request ends with its answer.
  void stop();

 private:
  friend class Writer;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> read_header();
  boost::asio::awaitable<bool> read_body();
  boost::asio::awaitable<void> answer();
  boost::asio::awaitable<Reply> reply_to(Request& request, std::string& pattern);
  boost::asio::awaitable<void> send(const Response& response);
  boost::asio::awaitable<void> send_stream(const Stream& stream);
  boost::asio::awaitable<void> refuse(unsigned status, std::string_view detail);
  boost::asio::awaitable<void> refuse(Problem what);
  boost::asio::awaitable<bool> write_all(std::string_view bytes);
  boost::asio::awaitable<void> until_peer_leaves();
  boost::asio::awaitable<void> linger();
  [[nodiscard]] std::optional<Problem> wrong_with_header() const;
  bool reserve_body(std::size_t bytes);  // in all
  void observe(std::string_view method, std::string_view pattern, unsigned status) const;
  void release_body();
  std::optional<Request> make_request(std::string& raw_path);

  boost::beast::tcp_stream x_stream;
  std::shared_ptr<Shared> x_shared;
  boost::beast::flat_buffer x_buffer;
  std::optional<Parser> x_parser;
  std::string x_remote;
  bool x_loopback = false;
  std::size_t x_reserved_bytes = 0;
  std::chrono::steady_clock::time_point x_begun;  // when the first byte of the request was there
  bool x_head_only = false, x_http10 = false;
  bool x_idle = false, x_streaming = false, x_stopping = false;
  bool x_keep_alive = true;
};

}  // namespace ioc::http
