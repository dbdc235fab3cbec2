#include "tests/libs/http/fixture.h"

#include <poll.h>

#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <future>

using namespace ioc;

namespace {
constexpr std::chrono::seconds kDeadline{20};

http::ServerConfig on_free_port(http::ServerConfig config) {
  config.listen = "127.0.0.1:0";
  return config;
}
}  // namespace

RunningServer::RunningServer(http::ServerConfig config, http::Observer* observer, http::Knows knows)
    : server(std::make_unique<http::Server>(context.get_executor(), on_free_port(std::move(config)), router, observer,
                                            std::move(knows))) {}

void RunningServer::start() {
  const auto started = server->start();
  REQUIRE(started.has_value());
  port = *started;
  for (int i = 0; i < 2; ++i) x_threads.emplace_back([this] { context.run(); });
}

void RunningServer::stop_and_wait() {
  if (x_stopped || x_threads.empty()) return;
  x_stopped = true;
  auto done = std::make_shared<std::promise<void>>();
  server->stop([done] { done->set_value(); });
  REQUIRE(done->get_future().wait_for(kDeadline) == std::future_status::ready);
}

RunningServer::~RunningServer() {
  stop_and_wait();
  context.stop();
}

RawSocket::RawSocket(std::uint16_t port, int receive_buffer_bytes, const std::string& from) {
  using boost::asio::ip::tcp;
  x_socket.open(tcp::v4());
  if (receive_buffer_bytes > 0) x_socket.set_option(boost::asio::socket_base::receive_buffer_size(receive_buffer_bytes));
  x_socket.bind(tcp::endpoint(boost::asio::ip::make_address(from), 0));
  x_socket.connect(tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
}

void RawSocket::send(std::string_view bytes) {
  boost::system::error_code ignored;
  boost::asio::write(x_socket, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
}

void RawSocket::finish_sending() {
  boost::system::error_code ignored;
  x_socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
}

void RawSocket::close() { x_socket.close(); }

std::string RawSocket::read_until(std::string_view mark) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (mark.empty() || x_got.find(mark) == std::string::npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{x_socket.native_handle(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      FAIL("nothing came within the deadline; so far: " << x_got.substr(0, 500));
    }
    char piece[4096];
    boost::system::error_code error;
    const auto got = x_socket.read_some(boost::asio::buffer(piece), error);
    if (error) break;
    x_got.append(piece, got);
  }
  std::string out;
  out.swap(x_got);
  return out;
}

std::string RawSocket::read_until_closed() { return read_until({}); }

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kDeadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}
