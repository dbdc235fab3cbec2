// One connection of the server. Lives as long as its coroutine; everything runs on its own strand.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "libs/http/address.h"
#include "libs/http/budget.h"
#include "libs/http/head.h"
#include "libs/http/http.h"

namespace ioc::http {

// What the sessions of one server share.
struct Shared {
  Shared(ServerConfig config_in, const Router& router_in, Observer* observer_in, Knows knows_in)
      : config(std::move(config_in)),
        router(router_in),
        observer(observer_in),
        knows(std::move(knows_in)),
        budget(std::make_shared<Budget>(config.body_bytes_in_flight_max, config.body_bytes_per_address_max)) {}
  ServerConfig config;
  const Router& router;
  Observer* observer;  // may be nullptr
  Knows knows;         // may be empty
  std::shared_ptr<Budget> budget;
  Networks proxies;  // set before the first session
  std::atomic<std::uint64_t> requests{0};
  std::atomic<bool> warned_of_proxy{false};
};

// Where a connection comes from and what it counts against.
struct Origin {
  Address peer;
  std::shared_ptr<Account> account;
  bool by_proxy = false;    // the peer is a configured proxy
  bool on_reserve = false;  // all ordinary places are taken
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared, Origin origin);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  boost::asio::awaitable<void> run();
  boost::asio::any_io_executor executor() { return x_stream.get_executor(); }
  // On the strand: an idle connection and a stream end now, a running request ends with its answer.
  void stop();

  // --- making room for another connection ---
  enum class Claim : std::uint8_t { Stranger, KnownAndIdle, Needed };  // the least first
  [[nodiscard]] Claim claim() const;                                    // any thread
  [[nodiscard]] std::int64_t idle_since() const { return x_idle_since; }  // any thread; steady clock
  [[nodiscard]] const std::shared_ptr<Account>& account() const { return x_origin.account; }
  // On the strand: closes the connection. False: it is needed by now.
  bool make_room();

 private:
  friend class Writer;
  enum class Stage : std::uint8_t { Waiting, Reading, Answering, Busy };  // Busy: a handler runs, or a stream

  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> read_header();
  boost::asio::awaitable<bool> read_fields();
  boost::asio::awaitable<bool> admit_head();
  boost::asio::awaitable<bool> read_body();
  boost::asio::awaitable<void> answer();
  boost::asio::awaitable<Reply> reply_to();
  boost::asio::awaitable<void> send(const Response& response);
  boost::asio::awaitable<void> send_stream(const Stream& stream);
  boost::asio::awaitable<void> refuse(unsigned status, std::string_view detail);
  boost::asio::awaitable<void> refuse(Problem what);
  boost::asio::awaitable<bool> write_all(std::string_view bytes);
  boost::asio::awaitable<void> until_peer_leaves();
  boost::asio::awaitable<void> linger();
  void find_client();
  void find_out_who();
  [[nodiscard]] std::size_t body_bytes_max() const;
  [[nodiscard]] Problem above_body_limit() const;
  [[nodiscard]] bool hold(std::size_t bytes);  // beside the buffer
  void release();
  void observe(std::string_view method, std::string_view pattern, unsigned status) const;

  boost::beast::tcp_stream x_stream;
  std::shared_ptr<Shared> x_shared;
  Origin x_origin;
  Share x_share;
  boost::beast::flat_buffer x_buffer;
  std::optional<Parser> x_parser;
  std::optional<Request> x_request;
  Router::Match x_match;
  std::string x_credentials;  // that were found known last
  std::size_t x_head_bytes = 0;
  std::chrono::steady_clock::time_point x_begun;  // when the first byte of the request was there
  bool x_head_only = false, x_http10 = false;
  bool x_idle = false, x_streaming = false, x_stopping = false;
  bool x_keep_alive = true;
  std::atomic<Stage> x_stage{Stage::Waiting};
  std::atomic<bool> x_known{false};  // the caller of the request, or of the last one
  std::atomic<std::int64_t> x_idle_since;
};

}  // namespace ioc::http
