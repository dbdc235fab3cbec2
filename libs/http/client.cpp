#include "libs/http/client.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

namespace ioc::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
namespace {

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t kBodyBytesMax = 1ULL << 30;

struct Address {
  std::string host, port = "80", prefix, shown;
};

std::optional<Address> parse_url(std::string_view url) {
  Address out;
  out.shown = std::string(url);
  if (!url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(7);
  const auto slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  out.prefix = std::string(url.substr(slash));
  while (out.prefix.ends_with('/')) out.prefix.pop_back();
  const auto bracket = authority.rfind(']');
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    out.port = std::string(authority.substr(colon + 1));
    authority = authority.substr(0, colon);
  }
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
    authority = authority.substr(1, authority.size() - 2);
  out.host = std::string(authority);
  if (out.host.empty() || out.port.empty()) return std::nullopt;
  return out;
}

Headers lower_case(const bhttp::fields& fields) {
  Headers out;
  for (const auto& field : fields) {
    std::string name(field.name_string());
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    out.emplace_back(std::move(name), std::string(field.value()));
  }
  return out;
}

// Gives whole lines out of a stream of pieces.
class LineCutter {
 public:
  explicit LineCutter(const std::function<bool(std::string_view)>& line) : x_line(line) {}
  bool feed(std::string_view piece) {
    x_rest += piece;
    std::size_t begin = 0;
    for (auto end = x_rest.find('\n', begin); end != std::string::npos; end = x_rest.find('\n', begin)) {
      std::string_view line = std::string_view(x_rest).substr(begin, end - begin);
      if (line.ends_with('\r')) line.remove_suffix(1);
      begin = end + 1;
      if (!x_line(line)) return false;
    }
    x_rest.erase(0, begin);
    return true;
  }
  void finish() {
    if (!x_rest.empty()) x_line(x_rest);
  }

 private:
  const std::function<bool(std::string_view)>& x_line;
  std::string x_rest;
};

}  // namespace

struct Client::Impl {
  Impl(std::string url, Millis timeout_in) : address(parse_url(url)), given(std::move(url)), timeout(timeout_in) {}

  using Message = bhttp::request<bhttp::string_body>;

  Message make(std::string_view method, std::string_view target, std::string_view body, const Headers& headers) const;
  Result<void> run(asio::awaitable<Result<void>> work);
  asio::awaitable<Result<void>> connect();
  asio::awaitable<Result<void>> exchange(const Message& message, ClientResponse& out);
  asio::awaitable<Result<void>> exchange_once(const Message& message, ClientResponse& out, bool& nothing_came);
  asio::awaitable<Result<void>> follow(const Message& message, unsigned& status, LineCutter& cutter);
  Error failed(std::string_view what, const boost::system::error_code& error) const {
    if (error == beast::error::timeout)
      return transient(address->shown + ": no answer within " + std::to_string(timeout.count()) + " ms");
    return transient(address->shown + ": " + std::string(what) + ": " + error.message());
  }

  std::optional<Address> address;
  std::string given, token;
  Millis timeout;
  asio::io_context context{1};
  std::optional<beast::tcp_stream> stream;
  beast::flat_buffer buffer;
};

Client::Impl::Message Client::Impl::make(std::string_view method, std::string_view target, std::string_view body,
                                         const Headers& headers) const {
  Message message;
  message.method_string(method);
  message.target(address->prefix + std::string(target));
  message.version(11);
  message.set(bhttp::field::host, address->host + ":" + address->port);
  if (!token.empty()) message.set(bhttp::field::authorization, "Bearer " + token);
  for (const auto& [name, value] : headers) message.set(name, value);
  if (!body.empty() && message.count(bhttp::field::content_type) == 0)
    message.set(bhttp::field::content_type, "application/json");
  message.body() = std::string(body);
  if (!body.empty() || method == "POST" || method == "PUT") message.content_length(body.size());
  return message;
}

Result<void> Client::Impl::run(asio::awaitable<Result<void>> work) {
  std::optional<Result<void>> result;
  asio::co_spawn(context, std::move(work), [&result](const std::exception_ptr& failure, Result<void> value) {
    result = failure ? Result<void>(transient("the request could not be made")) : std::move(value);
  });
  context.restart();
  context.run();
  return std::move(*result);
}

asio::awaitable<Result<void>> Client::Impl::connect() {
  buffer.clear();
  stream.reset();
  tcp::resolver resolver(context);
  auto [resolve_error, found] = co_await resolver.async_resolve(address->host, address->port, kNoThrow);
  if (resolve_error) co_return failed("the name cannot be found", resolve_error);
  stream.emplace(context);
  stream->expires_after(timeout);
  auto [error, endpoint] = co_await stream->async_connect(found, kNoThrow);
  if (error) {
    stream.reset();
    co_return failed("cannot connect (is it running?)", error);
  }
  boost::system::error_code ignored;
  stream->socket().set_option(tcp::no_delay(true), ignored);
  co_return Result<void>();
}

asio::awaitable<Result<void>> Client::Impl::exchange(const Message& message, ClientResponse& out) {
  const bool kept = stream.has_value();
  bool nothing_came = false;
  Result<void> done = co_await exchange_once(message, out, nothing_came);
  // A kept connection may have been closed meanwhile: that says nothing about the server.
  if (done.has_error() && kept && nothing_came) done = co_await exchange_once(message, out, nothing_came);
  co_return done;
}

asio::awaitable<Result<void>> Client::Impl::exchange_once(const Message& message, ClientResponse& out,
                                                          bool& nothing_came) {
  nothing_came = false;
  if (!stream) {
    Result<void> connected = co_await connect();
    if (connected.has_error()) co_return connected;
  }
  stream->expires_after(timeout);
  const auto [write_error, written] = co_await bhttp::async_write(*stream, message, kNoThrow);
  if (write_error == beast::error::timeout) {
    stream.reset();
    co_return failed("sending", write_error);
  }
  // After a failed write there may still be an answer, such as 413.
  bhttp::response_parser<bhttp::string_body> parser;
  parser.body_limit(kBodyBytesMax);
  parser.skip(message.method() == bhttp::verb::head);
  const auto [error, bytes] = co_await bhttp::async_read(*stream, buffer, parser, kNoThrow);
  if (error) {
    nothing_came = bytes == 0 && error != beast::error::timeout;
    stream.reset();
    co_return failed(write_error ? "sending" : "receiving", write_error ? write_error : error);
  }
  out.status = parser.get().result_int();
  out.headers = lower_case(parser.get());
  out.body = std::move(parser.get().body());
  if (!parser.get().keep_alive() || write_error) stream.reset();
  co_return Result<void>();
}

asio::awaitable<Result<void>> Client::Impl::follow(const Message& message, unsigned& status, LineCutter& cutter) {
  Result<void> connected = co_await connect();
  if (connected.has_error()) co_return connected;
  stream->expires_after(timeout);
  const auto [write_error, written] = co_await bhttp::async_write(*stream, message, kNoThrow);
  if (write_error) co_return failed("sending", write_error);
  bhttp::response_parser<bhttp::buffer_body> parser;
  parser.body_limit(boost::none);
  const auto [header_error, header_bytes] = co_await bhttp::async_read_header(*stream, buffer, parser, kNoThrow);
  if (header_error) co_return failed("receiving", header_error);
  status = parser.get().result_int();
  std::string piece(16 << 10, '\0');
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    stream->expires_after(timeout);
    const auto [error, bytes] = co_await bhttp::async_read_some(*stream, buffer, parser, kNoThrow);
    const std::size_t got = piece.size() - parser.get().body().size;
    if (got > 0 && !cutter.feed(std::string_view(piece).substr(0, got))) co_return Result<void>();
    if (error && error != bhttp::error::need_buffer) co_return failed("receiving", error);
  }
  cutter.finish();
  co_return Result<void>();
}

Client::Client(std::string url, Millis timeout) : x_impl(std::make_unique<Impl>(std::move(url), timeout)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

void Client::set_token(std::string token) { x_impl->token = std::move(token); }

Result<ClientResponse> Client::request(std::string_view method, std::string_view target, std::string_view body,
                                       const Headers& headers) {
  if (!x_impl->address) return permanent("\"" + x_impl->given + "\" is not a URL: write http://HOST:PORT");
  const Impl::Message message = x_impl->make(method, target, body, headers);
  ClientResponse out;
  const Result<void> done = x_impl->run(x_impl->exchange(message, out));
  if (done.has_error()) return done.error();
  return out;
}

Result<unsigned> Client::lines(std::string_view target, const Headers& headers,
                               const std::function<bool(std::string_view)>& line) {
  if (!x_impl->address) return permanent("\"" + x_impl->given + "\" is not a URL: write http://HOST:PORT");
  const Impl::Message message = x_impl->make("GET", target, {}, headers);
  unsigned status = 0;
  LineCutter cutter(line);
  const Result<void> done = x_impl->run(x_impl->follow(message, status, cutter));
  x_impl->stream.reset();
  if (done.has_error()) return done.error();
  return status;
}

}  // namespace ioc::http
