// How a session answers: whole responses, refusals, streams.
#include <spdlog/spdlog.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <typeinfo>

#include "libs/http/pace.h"
#include "libs/http/session.h"
#include "libs/http/status.h"

namespace ioc::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace {

constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kWriteBytes = 64 << 10;  // one deadline each
constexpr std::size_t kLingerBytes = 1 << 20;  // read and forgotten so that the answer is not lost to a reset
constexpr std::chrono::seconds kLingerTime{2};

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

// GCC 12 destroys braced temporaries of a coroutine twice: answers are made in plain functions.
Response too_many_answers() {
  return problem({503, "", "too much is being sent: try again later", "", "", "", 1});
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

asio::awaitable<void> Session::send(const Response& response) {
  const bool bodiless = response.status == 204 || response.status == 304 || response.status < 200;
  const bool large = response.body.size() > kWriteBytes;
  // A known caller's answer is sent in any case: what it stands for has happened.
  if (large && !hold(x_head_bytes + response.body.size())) {
    if (x_known) {
      x_share.set(x_buffer.capacity() + x_head_bytes + response.body.size());
    } else {
      const Response instead = too_many_answers();
      co_return co_await send(instead);
    }
  }
  if (x_stopping) x_keep_alive = false;
  std::string out = head_of(response.status, bodiless ? std::string_view{} : std::string_view(response.content_type), response.headers);
  if (!bodiless) append_header(out, "Content-Length", std::to_string(response.body.size()));
  if (!x_keep_alive) append_header(out, "Connection", "close");
  if (x_keep_alive && x_http10) append_header(out, "Connection", "keep-alive");
  out += "\r\n";
  const bool with_body = !bodiless && !x_head_only;
  if (with_body && !large) out += response.body;
  bool sent = co_await write_all(out);
  if (sent && with_body && large) sent = co_await write_all(response.body);
  if (!sent) x_keep_alive = false;
}

asio::awaitable<void> Session::refuse(unsigned status, std::string_view detail) {
  return refuse(Problem{status, "", std::string(detail), "", "", "", {}});
}

// The rest of the request is not read, so the connection cannot be used again.
asio::awaitable<void> Session::refuse(Problem what) {
  x_keep_alive = false;
  Response response = problem(what);
  if (what.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  x_buffer.clear();
  x_buffer.shrink_to_fit();
  release();
  x_stage = Stage::Answering;
  co_await send(response);
  observe({}, {}, response.status);
  co_await linger();
}

asio::awaitable<void> Session::linger() {
  beast::error_code ignored;
  x_stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  x_stream.expires_after(kLingerTime);
  char sink[4 << 10];
  for (std::size_t total = 0; total < kLingerBytes;) {
    const auto [error, bytes] = co_await x_stream.async_read_some(asio::buffer(sink), kNoThrow);
    if (error) co_return;
    total += bytes;
  }
}

asio::awaitable<bool> Session::write_all(std::string_view bytes) {
  const ServerConfig& config = x_shared->config;
  const Pace pace(config.write_timeout, config.bytes_per_second_min, std::nullopt, Pace::Clock::now());
  for (std::size_t done = 0; done < bytes.size();) {
    x_stream.expires_at(pace.next(done, Pace::Clock::now()));
    const auto piece = asio::buffer(bytes.data() + done, std::min(bytes.size() - done, kWriteBytes));
    const auto [error, written] = co_await x_stream.async_write_some(piece, kNoThrow);
    if (error) co_return false;
    done += written;
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
  x_share.set(x_buffer.capacity());  // a stream may last for days
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
