#include "libs/http/session.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/read.hpp>
#include <typeinfo>

#include "libs/http/pace.h"

namespace ioc::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kFirstRead = 4 << 10;      // most requests come whole
constexpr std::size_t kBufferBytesMin = 16 << 10;  // the most that is read of a body at a time
// Chunk sizes and extensions beside the content: a line for each byte of it, and a whole buffer of a single line.
constexpr std::size_t kFramingPerByte = 8;

// GCC 12 destroys braced temporaries of a coroutine twice: answers are made in plain functions.
Problem holds_too_much() {
  return {503, "", "too much is being received or sent: try again later", "", "", "", 1};
}

Problem only_for_known() {
  return {503, "", "too many connections, and the rest is reserved for known callers: send a valid token, or try again later", "", "", "", 5};
}

Response nothing_here() { return problem({404, "", "there is nothing at this path", "", "", "", {}}); }

Response wrong_method(const std::string& allowed, const std::string& method) {
  Response out = problem({405, "", "this path does not take this method", "", allowed, method, {}});
  out.headers.emplace_back("Allow", allowed);
  return out;
}

Response failed_inside() {
  return problem({500, "", "something went wrong here: it has been logged", "", "", "", {}});
}

// What to tell a client whose request line or headers cannot be read; 0: nobody is there to be told.
unsigned status_of(const beast::error_code& error) {
  if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) return 431;
  if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return 0;
  static const auto& category = make_error_code(bhttp::error::bad_method).category();
  return error.category() == category ? 400 : 0;
}

std::int64_t steady_now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared, Origin origin)
    : x_stream(std::move(socket)),
      x_shared(std::move(shared)),
      x_origin(std::move(origin)),
      x_share(x_shared->budget, x_origin.account),
      x_buffer(std::max<std::size_t>(kBufferBytesMin, x_shared->config.header_bytes_max)),
      x_idle_since(steady_now()) {
  boost::system::error_code ignored;
  x_stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Session::stop() {
  x_stopping = true;
  if (x_idle || x_streaming) x_stream.cancel();
}

Session::Claim Session::claim() const {
  const Stage stage = x_stage;
  if (stage == Stage::Busy) return Claim::Needed;
  if (!x_known) return Claim::Stranger;
  return stage == Stage::Waiting ? Claim::KnownAndIdle : Claim::Needed;
}

bool Session::make_room() {
  if (claim() == Claim::Needed) return false;
  x_keep_alive = false;
  x_stream.close();
  return true;
}

asio::awaitable<void> Session::run() {
  while (x_keep_alive && !x_stopping) {
    // One after the other: GCC 12 goes on after the first false of three in one condition.
    if (!co_await read_header()) co_return;
    if (!co_await admit_head()) co_return;
    if (!co_await read_body()) co_return;
    co_await answer();
    release();
  }
  beast::error_code ignored;
  x_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

// A request that is over leaves nothing but the bytes that the client sent behind it.
void Session::release() {
  x_request.reset();
  x_parser.reset();
  x_head_bytes = 0;
  if (x_buffer.size() == 0 && x_buffer.capacity() > kFirstRead) {
    x_buffer.clear();
    x_buffer.shrink_to_fit();
  }
  x_share.set(x_buffer.capacity());
}

bool Session::hold(std::size_t bytes) { return x_share.hold(x_buffer.capacity() + bytes, x_known); }

// Between requests a connection may rest; once a byte has come, the whole header has to follow soon.
asio::awaitable<bool> Session::wait_for_request() {
  if (x_buffer.size() > 0) co_return true;  // pipelined
  x_idle_since = steady_now();
  x_stage = Stage::Waiting;
  x_stream.expires_after(x_shared->config.idle_timeout);
  const auto room = x_buffer.prepare(kFirstRead);
  const auto [error, bytes] = co_await x_stream.async_read_some(room, kNoThrow);
  if (error) co_return false;
  x_buffer.commit(bytes);
  co_return true;
}

asio::awaitable<bool> Session::read_header() {
  x_parser.emplace();
  x_parser->header_limit(static_cast<std::uint32_t>(x_shared->config.header_bytes_max));
  x_parser->body_limit(boost::none);  // checked below, with an answer
  x_head_only = x_http10 = false;
  x_idle = true;
  if (!co_await wait_for_request()) co_return false;
  x_stage = Stage::Reading;
  x_begun = std::chrono::steady_clock::now();
  x_stream.expires_after(x_shared->config.header_timeout);
  if (!co_await read_fields()) co_return false;
  x_idle = false;
  x_head_only = x_parser->get().method() == bhttp::verb::head;
  x_http10 = x_parser->get().version() < 11;
  x_keep_alive = x_parser->get().keep_alive() && !x_origin.on_reserve;
  if (const auto wrong = wrong_with_head(*x_parser, x_shared->config)) {
    co_await refuse(*wrong);
    co_return false;
  }
  co_return true;
}

asio::awaitable<bool> Session::read_fields() {
  while (!x_parser->is_header_done()) {
    const auto [error, bytes] = co_await bhttp::async_read_some(x_stream, x_buffer, *x_parser, kNoThrow);
    if (error) {
      x_idle = false;
      // A deadline closes the socket: a half-sent header just ends.
      if (const unsigned status = status_of(error); status != 0)
        co_await refuse(status, status == 431 ? "the headers are too large" : "the request line or a header cannot be read");
      co_return false;
    }
    // Without a limit of its own, since nobody knows yet who asks: header_bytes_max and connections_max bound it.
    x_share.set(x_buffer.capacity());
  }
  co_return true;
}

// Who asks for what, before anything of the body is read.
asio::awaitable<bool> Session::admit_head() {
  std::string raw_path;
  x_request = request_of(*x_parser, raw_path);
  if (!x_request) {
    co_await refuse(400, "the path or query is not valid percent-encoded UTF-8");
    co_return false;
  }
  find_client();
  x_match = x_shared->router.find(x_request->method, raw_path);
  find_out_who();
  x_head_bytes = memory_of(*x_request);
  if (x_origin.on_reserve && !x_known && !x_match.essential) {
    co_await refuse(only_for_known());
    co_return false;
  }
  if (!hold(x_head_bytes) && !x_match.essential) {
    co_await refuse(holds_too_much());
    co_return false;
  }
  const auto length = x_parser->content_length();
  if (length && *length > body_bytes_max()) {
    co_await refuse(above_body_limit());
    co_return false;
  }
  co_return true;
}

void Session::find_client() {
  Address client = x_origin.peer;
  if (x_origin.by_proxy) {
    client = client_behind(x_origin.peer, *x_request, x_shared->proxies);
    x_share.move_to(client == x_origin.peer ? x_origin.account : x_shared->budget->account(account_name(client)));
    x_request->secure = x_request->header("x-forwarded-proto") == "https";
  }
  const bool forwarded = was_forwarded(*x_request);
  if (forwarded && !x_origin.by_proxy && !x_shared->warned_of_proxy.exchange(true)) {
    spdlog::warn("http_forwarded_by_unknown peer={} action=\"if this is a reverse proxy, name it in http.proxies\"", x_origin.peer.to_string());
  }
  x_request->remote = client.to_string();
  x_request->from_loopback = client.is_loopback() && !forwarded;
}

// The same credentials on the same connection are not asked about again: each handler does it for itself.
void Session::find_out_who() {
  const std::string_view authorization = x_request->header("authorization");
  const std::string_view cookies = x_request->header("cookie");
  if (x_known && x_credentials.size() == authorization.size() + cookies.size() && x_credentials.starts_with(authorization) &&
      x_credentials.ends_with(cookies)) {
    return;
  }
  const bool says_who = !authorization.empty() || !cookies.empty();
  x_known = says_who && x_shared->knows && x_shared->knows(*x_request);
  x_credentials.clear();
  if (x_known) x_credentials.append(authorization).append(cookies);
}

std::size_t Session::body_bytes_max() const {
  const ServerConfig& config = x_shared->config;
  return x_known ? config.body_bytes_max : std::min(config.body_bytes_max, config.anonymous_body_bytes_max);
}

Problem Session::above_body_limit() const {
  const ServerConfig& config = x_shared->config;
  if (x_known || config.body_bytes_max <= config.anonymous_body_bytes_max) return body_too_large(config.body_bytes_max);
  return {401, "", "a body as large as this is read from known callers alone: send a valid token, \"Authorization: Bearer TOKEN\", or log in",
          "", std::to_string(config.anonymous_body_bytes_max) + " bytes", "", {}};
}

asio::awaitable<bool> Session::read_body() {
  if (x_parser->is_done()) co_return true;
  const ServerConfig& config = x_shared->config;
  if (!x_request->header("expect").empty() && !x_http10 && x_buffer.size() == 0) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!co_await write_all(kContinue)) co_return false;
  }
  x_parser->body_limit(body_bytes_max());
  x_parser->eager(true);
  const Pace pace(config.body_stall_timeout, config.bytes_per_second_min, config.body_timeout, Pace::Clock::now());
  std::size_t on_the_wire = 0;
  while (!x_parser->is_done()) {
    const std::size_t body = x_parser->get().body().size();
    x_stream.expires_at(pace.next(body, Pace::Clock::now()));
    const auto [error, bytes] = co_await bhttp::async_read_some(x_stream, x_buffer, *x_parser, kNoThrow);
    on_the_wire += bytes;
    if (error == bhttp::error::body_limit) {
      co_await refuse(above_body_limit());
      co_return false;
    }
    const bool too_much_framing = on_the_wire > kFramingPerByte * x_parser->get().body().size() + x_buffer.max_size();
    if (error || too_much_framing) {
      if (!error || status_of(error) != 0) co_await refuse(400, "the body cannot be read");
      co_return false;
    }
    // What has come counts, not what was announced: else a few connections that send nothing would keep all others out.
    if (!hold(x_head_bytes + x_parser->get().body().size())) {
      co_await refuse(holds_too_much());
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<Reply> Session::reply_to() {
  Request& request = *x_request;
  if (x_match.handler == nullptr && x_match.allowed.empty()) co_return nothing_here();
  if (x_match.handler == nullptr) co_return wrong_method(x_match.allowed, request.method);
  request.params = std::move(x_match.params);
  try {
    co_return co_await (*x_match.handler)(request);
  } catch (const std::exception& error) {
    // what() may quote the request: the type alone is logged.
    spdlog::error("http_handler_failed method={} route={} exception={}", request.method, x_match.pattern,
                  typeid(error).name());
  } catch (...) {
    spdlog::error("http_handler_failed method={} route={} exception=unknown", request.method, x_match.pattern);
  }
  co_return failed_inside();
}

void Session::observe(std::string_view method, std::string_view pattern, unsigned status) const {
  if (x_shared->observer == nullptr) return;
  x_shared->observer->answered(method, pattern, status, std::chrono::steady_clock::now() - x_begun);
  x_shared->observer->holds(x_shared->budget->held());
}

asio::awaitable<void> Session::answer() {
  x_request->body = std::move(x_parser->get().body());
  x_shared->requests.fetch_add(1, std::memory_order_relaxed);
  x_stage = Stage::Busy;
  Reply reply = co_await reply_to();
  if (const auto* response = std::get_if<Response>(&reply)) {
    x_stage = Stage::Answering;
    co_await send(*response);
    observe(x_request->method, x_match.pattern, response->status);
  } else {
    x_keep_alive = false;
    observe(x_request->method, x_match.pattern, 200);  // a stream may last for days
    co_await send_stream(std::get<Stream>(reply));
  }
}

}  // namespace ioc::http
