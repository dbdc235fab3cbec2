#include "libs/http/session.h"

#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/read.hpp>
#include <typeinfo>

#include "libs/http/percent.h"
#include "libs/http/status.h"

namespace ioc::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace {

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kFirstRead = 4 << 10;           // most requests come whole
constexpr std::size_t kWriteBytes = 64 << 10;         // one deadline each
constexpr std::size_t kLingerBytes = 1 << 20;         // read and forgotten so that the answer is not lost to a reset
constexpr std::chrono::seconds kLingerTime{2};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value)
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  out += "\r\n";
}

std::string head_of(unsigned status, std::string_view content_type, const Headers& headers) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status)) + "\r\n";
  if (!content_type.empty()) append_header(out, "Content-Type", content_type);
  for (const auto& [name, value] : headers) append_header(out, name, value);
  return out;
}

Problem too_large(std::size_t limit) {
  return {413, "", "the body is too large: send it in smaller parts", "", std::to_string(limit) + " bytes", "", {}};
}

// GCC 12 destroys braced temporaries of a coroutine twice: answers are made in plain functions.
Problem too_many_bodies() {
  return {503, "", "too many bodies are being received: send it again later", "", "", "", 1};
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
  if (error == bhttp::error::header_limit) return 431;
  if (error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) return 0;
  if (error == bhttp::error::body_limit) return 413;
  static const auto& category = make_error_code(bhttp::error::bad_method).category();
  return error.category() == category ? 400 : 0;
}

// "/a/b" out of "/a/b", "http://host/a/b"; empty when it is neither.
std::string_view origin_form(std::string_view target) {
  if (!target.empty() && target.front() == '/') return target;
  if (!target.starts_with("http://")) return {};
  target.remove_prefix(7);
  const auto slash = target.find('/');
  return slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, end);
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(end);
  }
  return false;
}

}  // namespace

class Writer : public StreamWriter {
 public:
  Writer(Session& session, bool chunked) : x_session(session), x_chunked(chunked) {}
  asio::awaitable<bool> write(std::string_view bytes) override {
    if (x_gone || bytes.empty()) co_return !x_gone;
    std::string framed;
    if (x_chunked) {
      static constexpr char kHex[] = "0123456789abcdef";
      std::string size;
      for (std::size_t left = bytes.size(); left != 0; left >>= 4U) size.insert(size.begin(), kHex[left & 0xFU]);
      framed.reserve(bytes.size() + size.size() + 4);
      framed.append(size).append("\r\n").append(bytes).append("\r\n");
    } else {
      framed = bytes;
    }
    x_gone = !co_await x_session.write_all(framed);
    co_return !x_gone;
  }
  [[nodiscard]] bool gone() const { return x_gone; }

 private:
  Session& x_session;
  bool x_chunked;
  bool x_gone = false;
};

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<Shared> shared)
    : x_stream(std::move(socket)), x_shared(std::move(shared)) {
  boost::system::error_code ignored;
  const auto peer = x_stream.socket().remote_endpoint(ignored);
  auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  x_remote = address.to_string();
  x_loopback = address.is_loopback();
  x_stream.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

Session::~Session() { release_body(); }

void Session::stop() {
  x_stopping = true;
  if (x_idle || x_streaming) x_stream.cancel();
}

asio::awaitable<void> Session::run() {
  while (x_keep_alive && !x_stopping) {
    if (!co_await read_header() || !co_await read_body()) co_return;
    co_await answer();
    release_body();
  }
  beast::error_code ignored;
  x_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
}

// Between requests a connection may rest; once a byte has come, the whole header has to follow soon.
asio::awaitable<bool> Session::wait_for_request() {
  if (x_buffer.size() > 0) co_return true;  // pipelined
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
  x_begun = std::chrono::steady_clock::now();
  x_stream.expires_after(x_shared->config.header_timeout);
  const auto [error, bytes] = co_await bhttp::async_read_header(x_stream, x_buffer, *x_parser, kNoThrow);
  x_idle = false;
  if (error) {
    // A deadline closes the socket: a half-sent header just ends.
    if (const unsigned status = status_of(error); status != 0)
      co_await refuse(status, status == 431 ? "the headers are too large" : "the request line or a header cannot be read");
    co_return false;
  }
  x_head_only = x_parser->get().method() == bhttp::verb::head;
  x_http10 = x_parser->get().version() < 11;
  if (const auto wrong = wrong_with_header()) {
    co_await refuse(*wrong);
    co_return false;
  }
  co_return true;
}

// What Beast lets through and a front server may read otherwise.
std::optional<Problem> Session::wrong_with_header() const {
  const auto& message = x_parser->get();
  const auto bad = [](std::string detail) { return Problem{400, "", std::move(detail), "", "", "", {}}; };
  if (message.version() != 11 && message.version() != 10)
    return Problem{505, "", "only HTTP/1.1 and HTTP/1.0 are spoken here", "", "", "", {}};
  if (message.version() == 11 && message.count(bhttp::field::host) != 1) return bad("exactly one Host header is needed");
  if (const auto codings = message.count(bhttp::field::transfer_encoding); codings > 0) {
    const bool plain = codings == 1 && beast::iequals(message[bhttp::field::transfer_encoding], "chunked");
    if (!plain || message.version() == 10 || message.count(bhttp::field::content_length) > 0)
      return bad("the only transfer coding understood is chunked, without Content-Length");
  }
  if (message.count(bhttp::field::content_length) > 1) return bad("more than one Content-Length");
  const auto expect = message[bhttp::field::expect];
  if (!expect.empty() && !beast::iequals(expect, "100-continue"))
    return Problem{417, "", "the only expectation understood is 100-continue", "", "", "", {}};
  const auto length = x_parser->content_length();
  if (length && *length > x_shared->config.body_bytes_max) {
    Problem large = too_large(x_shared->config.body_bytes_max);
    large.received = std::to_string(*length) + " bytes";
    return large;
  }
  return std::nullopt;
}

asio::awaitable<bool> Session::read_body() {
  if (x_parser->is_done()) co_return true;
  const auto expect = x_parser->get()[bhttp::field::expect];
  if (!expect.empty() && !x_http10 && x_buffer.size() == 0) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    if (!co_await write_all(kContinue)) co_return false;
  }
  x_parser->body_limit(x_shared->config.body_bytes_max);
  x_parser->eager(true);
  x_stream.expires_after(x_shared->config.body_timeout);
  while (!x_parser->is_done()) {
    const auto [error, bytes] = co_await bhttp::async_read_some(x_stream, x_buffer, *x_parser, kNoThrow);
    if (error == bhttp::error::body_limit) {
      co_await refuse(too_large(x_shared->config.body_bytes_max));
      co_return false;
    }
    if (error) {
      if (const unsigned status = status_of(error); status != 0) co_await refuse(status, "the body cannot be read");
      co_return false;
    }
    // What has come counts, not what was announced: else a few connections that send nothing would keep all others out.
    if (!reserve_body(x_parser->get().body().size())) {
      co_await refuse(too_many_bodies());
      co_return false;
    }
  }
  co_return true;
}

bool Session::reserve_body(std::size_t bytes) {
  const std::size_t more = bytes - x_reserved_bytes;
  if (more > 0 && x_shared->body_bytes.fetch_add(more) + more > x_shared->config.body_bytes_in_flight_max) {
    x_shared->body_bytes.fetch_sub(more);
    return false;
  }
  x_reserved_bytes = bytes;
  return true;
}

void Session::release_body() {
  x_shared->body_bytes.fetch_sub(x_reserved_bytes);
  x_reserved_bytes = 0;
}

std::optional<Request> Session::make_request(std::string& raw_path) {
  auto& message = x_parser->get();
  std::string_view target = origin_form(message.target());
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  raw_path = std::string(target.substr(0, question));
  auto path = decode_percent(raw_path, false);
  auto query = decode_query(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  if (!path || !query || path->empty() || has_dot_segment(*path)) return std::nullopt;
  Request request;
  request.method = std::string(message.method_string());
  request.path = std::move(*path);
  request.query = std::move(*query);
  for (const auto& field : message) {
    std::string value(field.value());
    std::string name = lower(field.name_string());
    if (name == "content-type") value = lower(value.substr(0, value.find(';'))) + value.substr(std::min(value.find(';'), value.size()));
    request.headers.emplace_back(std::move(name), std::move(value));
  }
  request.body = std::move(message.body());
  request.remote = x_remote;
  request.from_loopback = x_loopback;
  return request;
}

asio::awaitable<Reply> Session::reply_to(Request& request, std::string& raw_path) {
  auto match = x_shared->router.find(request.method, raw_path);
  raw_path = match.pattern;
  if (match.handler == nullptr && match.allowed.empty())
    co_return nothing_here();
  if (match.handler == nullptr) co_return wrong_method(match.allowed, request.method);
  request.params = std::move(match.params);
  try {
    co_return co_await (*match.handler)(request);
  } catch (const std::exception& error) {
    // what() may quote the request: the type alone is logged.
    spdlog::error("http_handler_failed method={} route={} exception={}", request.method, match.pattern,
                  typeid(error).name());
  } catch (...) {
    spdlog::error("http_handler_failed method={} route={} exception=unknown", request.method, match.pattern);
  }
  co_return failed_inside();
}

void Session::observe(std::string_view method, std::string_view pattern, unsigned status) const {
  if (x_shared->observer != nullptr) x_shared->observer->answered(method, pattern, status, std::chrono::steady_clock::now() - x_begun);
}

asio::awaitable<void> Session::answer() {
  x_keep_alive = x_parser->get().keep_alive();
  std::string route;
  auto request = make_request(route);
  if (!request) {
    co_await refuse(400, "the path or query is not valid percent-encoded UTF-8");
    x_keep_alive = false;
    co_return;
  }
  x_shared->requests.fetch_add(1, std::memory_order_relaxed);
  Reply reply = co_await reply_to(*request, route);
  if (const auto* response = std::get_if<Response>(&reply)) {
    co_await send(*response);
    observe(request->method, route, response->status);
  } else {
    x_keep_alive = false;
    observe(request->method, route, 200);  // a stream may last for days
    co_await send_stream(std::get<Stream>(reply));
  }
}

asio::awaitable<void> Session::send(const Response& response) {
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  if (x_stopping) x_keep_alive = false;
  std::string out = head_of(response.status, bodiless ? std::string_view{} : std::string_view(response.content_type), response.headers);
  if (!bodiless) append_header(out, "Content-Length", std::to_string(response.body.size()));
  if (!x_keep_alive) append_header(out, "Connection", "close");
  if (x_keep_alive && x_http10) append_header(out, "Connection", "keep-alive");
  out += "\r\n";
  const bool with_body = !bodiless && !x_head_only;
  if (with_body && response.body.size() <= kWriteBytes) out += response.body;
  bool sent = co_await write_all(out);
  if (sent && with_body && response.body.size() > kWriteBytes) sent = co_await write_all(response.body);
  if (!sent) x_keep_alive = false;
}

asio::awaitable<void> Session::refuse(unsigned status, std::string_view detail) {
  return refuse(Problem{status, "", std::string(detail), "", "", "", {}});
}

// The rest of the request is not read, so the connection cannot be used again.
asio::awaitable<void> Session::refuse(Problem what) {
  x_keep_alive = false;
  const Response response = problem(what);
  co_await send(response);
  observe({}, {}, response.status);
  co_await linger();
}

asio::awaitable<void> Session::linger() {
  beast::error_code ignored;
  x_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  x_stream.expires_after(kLingerTime);
  std::string sink(16 << 10, '\0');
  for (std::size_t total = 0; total < kLingerBytes;) {
    const auto [error, bytes] = co_await x_stream.async_read_some(asio::buffer(sink), kNoThrow);
    if (error) co_return;
    total += bytes;
  }
}

asio::awaitable<bool> Session::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    x_stream.expires_after(x_shared->config.write_timeout);
    const auto piece = asio::buffer(bytes.data(), std::min(bytes.size(), kWriteBytes));
    const auto [error, written] = co_await x_stream.async_write_some(piece, kNoThrow);
    if (error) co_return false;
    bytes.remove_prefix(written);
  }
  co_return true;
}

// Ends when the client hangs up or the server stops; what the client still sends is forgotten.
asio::awaitable<void> Session::until_peer_leaves() {
  char sink[512];
  x_stream.expires_never();
  while (true) {
    const auto [error, bytes] = co_await x_stream.async_read_some(asio::buffer(sink), kNoThrow);
    if (error) co_return;
  }
}

asio::awaitable<void> Session::send_stream(const Stream& stream) {
  std::string head = head_of(200, stream.content_type, stream.headers);
  if (!x_http10) append_header(head, "Transfer-Encoding", "chunked");
  append_header(head, "Connection", "close");
  head += "\r\n";
  if (!co_await write_all(head) || x_head_only || x_stopping) co_return;
  release_body();  // a stream may last for days
  Writer writer(*this, !x_http10);
  const auto guarded = [](const Stream& what, Writer& to) -> asio::awaitable<void> {
    try {
      co_await what.run(to);
    } catch (const boost::system::system_error& error) {
      if (error.code() != asio::error::operation_aborted)
        spdlog::error("http_stream_failed error={}", error.code().message());
    } catch (const std::exception& error) {
      spdlog::error("http_stream_failed exception={}", typeid(error).name());
    } catch (...) {
      spdlog::error("http_stream_failed exception=unknown");
    }
  };
  using namespace asio::experimental::awaitable_operators;
  x_streaming = true;
  const auto first = co_await (guarded(stream, writer) || until_peer_leaves());
  x_streaming = false;
  static constexpr std::string_view kLastChunk = "0\r\n\r\n";
  if (first.index() == 0 && !writer.gone() && !x_http10 && !x_stopping) co_await write_all(kLastChunk);
}

}  // namespace ioc::http
