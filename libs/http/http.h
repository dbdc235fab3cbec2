// HTTP/1.1 server and client on Beast, wrapped once. Handlers are coroutines on the server's executor.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libs/base/result.h"
#include "libs/base/time.h"

namespace ioc::config {
class Fields;
}

namespace ioc::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // upper case
  std::string path;    // percent-decoded, without the query
  Headers query;       // decoded, in order
  Headers params;      // what `{name}` in the route matched
  Headers headers;     // names in lower case
  std::string body;
  std::string remote;  // address of the client: of the peer, or what a configured proxy says
  bool from_loopback = false;  // the client is on this machine: never when somebody forwarded the request
  bool secure = false;         // a configured proxy says that the client speaks HTTPS

  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;          // "" when absent
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;  // the first
  [[nodiscard]] std::string_view param(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> cookie(std::string_view name) const;
  [[nodiscard]] std::string_view media_type() const;  // of the body, lower case, without parameters
};

struct Response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  Headers headers;
};

// On one line; numbers are plain decimals of at most 7 places (21.5782157, never 2.15782157E1).
std::string serialize(const boost::json::value& value);
std::string serialize(const boost::json::object& object);

Response json(unsigned status, const boost::json::value& value);

// RFC 9457. `type` is "about:blank" unless there is something to read about it.
struct Problem {
  unsigned status = 400;
  std::string title;
  std::string detail;  // what happened and what to do next
  std::string field, limit, received;
  std::optional<unsigned> retry_after_s;
  std::string notice{};  // what the sender must know whatever became of the request
};
boost::json::object to_json(const Problem& problem);
Response problem(const Problem& problem);

// Writes to a client that listens on. A client that does not read within the limit is dropped.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // false: the client is gone; return from the handler.
  virtual boost::asio::awaitable<bool> write(std::string_view bytes) = 0;
};

// A response that stays open: headers are sent, then `run` writes until it returns.
struct Stream {
  std::string content_type = "text/event-stream";
  Headers headers;
  // Runs on the connection's strand. It is cancelled (its pending Asio operation ends with operation_aborted) when
  // the client leaves or the server stops; the request outlives it.
  std::function<boost::asio::awaitable<void>(StreamWriter&)> run;
};

using Reply = std::variant<Response, Stream>;
using Handler = std::function<boost::asio::awaitable<Reply>(const Request&)>;

// Routes that anybody may ask when only the reserve of connections is left: health and metrics.
enum class Essential : std::uint8_t { No, Yes };

// Routes may be added while a server uses it: requests that run keep the routes that they found.
class Router {
 public:
  Router() = default;
  Router(const Router& other) : x_table(other.x_table.load()) {}
  Router& operator=(const Router& other) {
    x_table = other.x_table.load();
    return *this;
  }

  // Pattern: "/v1/incidents/{id}/events"; a last segment "{rest*}" takes the remainder.
  void add(std::string method, std::string pattern, Handler handler, Essential essential = Essential::No);
  // Answers what no pattern describes; an empty one leaves it to the server (404).
  void otherwise(Handler handler);
  // The pattern that describes the path best decides which methods there are: another one's handler is not asked instead.
  // What is found for method and path (as sent: escapes are decoded within segments, so %2F splits nothing); 404 and 405 (with Allow) are answered as problems by the server.
  struct Match {
    const Handler* handler = nullptr;
    Headers params;
    std::string pattern;       // metric label
    std::string allowed;       // methods, when only the path matched
    bool essential = false;
    std::shared_ptr<const void> table;  // which the handler is in
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> routes() const;  // (method, pattern)

 private:
  struct Route {
    std::string method;
    std::vector<std::string> segments;
    std::string pattern;
    Handler handler;
    Essential essential;
  };
  struct Table {
    std::vector<Route> routes;
    Handler otherwise;
  };
  [[nodiscard]] static Match matched_in(const Table& table, std::string_view method, const std::vector<std::string>& segments);

  std::atomic<std::shared_ptr<const Table>> x_table{std::make_shared<const Table>()};
};

// Limits of a server; section `http` of a configuration file.
struct ServerConfig {
  std::string listen = "127.0.0.1:8080";  // port 0: any. Set by its user, not in the section
  std::uint64_t body_bytes_max = 8 << 20;
  std::uint64_t anonymous_body_bytes_max = 16 << 10;
  std::uint64_t header_bytes_max = 16 << 10;
  std::uint64_t header_fields_max = 100;
  std::uint64_t body_bytes_in_flight_max = 256 << 20;
  std::uint64_t body_bytes_per_address_max = 64 << 20;
  std::uint64_t connections_max = 4096;
  std::uint64_t connections_per_address_max = 512;
  std::uint64_t connections_reserved = 64;
  Millis idle_timeout{60'000};
  Millis header_timeout{10'000};
  Millis body_timeout{60'000};
  Millis body_stall_timeout{10'000};
  Millis write_timeout{10'000};
  std::uint64_t bytes_per_second_min = 1024;
  std::vector<std::string> proxies{};

  void declare(config::Fields& fields);
};

struct ServerStats {
  std::uint64_t connections = 0;  // open now
  std::uint64_t requests = 0;     // since the start
  std::uint64_t held_bytes = 0;   // by all connections now
};

// What happened on the server, for metrics. Called on the connections' threads.
class Observer {
 public:
  virtual ~Observer() = default;
  // After each response, for a stream when it begins. `pattern`: of the route, empty where none took the request (no such
  // path, or it could not be read); `method` is as sent and may be anything.
  virtual void answered(std::string_view method, std::string_view pattern, unsigned status, std::chrono::nanoseconds took) = 0;
  virtual void connections(std::size_t open) = 0;  // a connection came or went
  virtual void turned_away() = 0;                  // a connection above the limit
  virtual void made_room() {}                      // a connection that was closed for another one
  virtual void holds(std::size_t) {}               // bytes of all connections, after each answer
};

// Asked with a request's headers, before its body is read: whether somebody sends it whom we know. Called on the connections' threads.
using Knows = std::function<bool(const Request& head)>;

class Server {
 public:
  // Router and observer (nullptr: none) must outlive the server and what still runs on it.
  // Without `knows` every caller is a stranger.
  Server(boost::asio::any_io_executor executor, ServerConfig config, const Router& router, Observer* observer = nullptr,
         Knows knows = {});
  ~Server();
  // Transient: the address is taken. Permanent: it, or a proxy's, is none. Returns the port that is listened on.
  [[nodiscard]] Result<std::uint16_t> start();
  // No new connections; running requests end, streams are cut. Then `stopped`, on a thread of the executor (or on
  // this one when nothing was running).
  void stop(std::function<void()> stopped = {});
  [[nodiscard]] ServerStats stats() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> x_impl;
};

}  // namespace ioc::http
