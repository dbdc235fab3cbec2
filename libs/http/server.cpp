#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/status.hpp>
#include <algorithm>
#include <mutex>
#include <tuple>
#include <unordered_map>

#include "libs/base/assert.h"
#include "libs/config/address.h"
#include "libs/http/http.h"
#include "libs/http/session.h"
#include "libs/http/status.h"

namespace ioc::http {
namespace asio = boost::asio;
using asio::ip::tcp;

std::string_view reason_of(unsigned status) {
  return boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
}

namespace {

constexpr std::chrono::milliseconds kAcceptPause{100};  // when the process is out of file descriptors
constexpr std::size_t kRoomShare = 64;  // of the connections, closed at a time when one is needed
constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\nRetry-After: 5\r\n"
    "Connection: close\r\nContent-Length: 104\r\n\r\n"
    R"({"type":"about:blank","title":"Service Unavailable","status":503,"detail":"too many connections: retry"})";
static_assert(kBusy.size() - kBusy.find("\r\n\r\n") - 4 == 104);

Result<tcp::endpoint> endpoint_of(const std::string& listen) {
  const auto address = config::parse_address(listen);
  if (address.has_error()) return permanent("the address to listen on " + address.error().message);
  return tcp::endpoint(asio::ip::make_address(address->host), address->port);
}

}  // namespace

struct Server::Impl : std::enable_shared_from_this<Server::Impl> {
  Impl(asio::any_io_executor executor_in, ServerConfig config, const Router& router, Observer* observer, Knows knows)
      : executor(std::move(executor_in)),
        strand(asio::make_strand(executor)),
        acceptor(strand),
        shared(std::make_shared<Shared>(std::move(config), router, observer, std::move(knows))) {}

  Result<std::uint16_t> start();
  asio::awaitable<void> accept_loop();
  void admit(tcp::socket socket);
  std::shared_ptr<Session> place_for(tcp::socket& socket);
  // With the mutex held: closes the least needed connections, of one account where it is given. Posts their end.
  void make_room(const Account* account);
  void stop(std::function<void()> done);
  void stays(Session* session);
  void leave(Session* session);  // nullptr: the accept loop

  asio::any_io_executor executor;
  asio::strand<asio::any_io_executor> strand;
  tcp::acceptor acceptor;
  std::shared_ptr<Shared> shared;

  struct Place {
    std::weak_ptr<Session> session;
    bool leaving = false;
  };
  std::mutex mutex;  // guards what follows
  std::unordered_map<Session*, Place> places;
  std::size_t leaving = 0;  // of them, told to close
  bool accepting = false, stopping = false;
  std::vector<std::function<void()>> stopped;
};

Result<std::uint16_t> Server::Impl::start() {
  const std::string& listen = shared->config.listen;
  const auto endpoint = endpoint_of(listen);
  if (endpoint.has_error()) return endpoint.error();
  auto proxies = Networks::parse(shared->config.proxies);
  if (proxies.has_error()) return proxies.error();
  shared->proxies = *std::move(proxies);
  boost::system::error_code error;
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use)
    return transient("cannot listen on " + listen + ": another program has this port; stop it or choose another with --listen");
  if (error == asio::error::access_denied)
    return permanent("cannot listen on " + listen + ": not permitted; choose a port above 1023");
  if (error) return transient("cannot listen on " + listen + ": " + error.message());
  const auto port = acceptor.local_endpoint(error).port();
  accepting = true;
  asio::co_spawn(
      strand, [self = shared_from_this()]() -> asio::awaitable<void> { return self->accept_loop(); },
      [self = shared_from_this()](const std::exception_ptr&) { self->leave(nullptr); });
  return port;
}

asio::awaitable<void> Server::Impl::accept_loop() {
  while (acceptor.is_open()) {
    auto own_strand = asio::make_strand(executor);
    auto [error, socket] = co_await acceptor.async_accept(own_strand, asio::as_tuple(asio::use_awaitable));
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (!error) {
      admit(std::move(socket));
      continue;
    }
    {
      const std::lock_guard lock(mutex);
      make_room(nullptr);
    }
    asio::steady_timer pause(strand, kAcceptPause);
    co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

void Server::Impl::admit(tcp::socket socket) {
  const auto session = place_for(socket);
  if (!session && socket.is_open()) {
    if (shared->observer != nullptr) shared->observer->turned_away();
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(kBusy), 0, ignored);  // best effort: a new socket has room for it
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }
  if (!session) return;
  asio::co_spawn(
      session->executor(), [session]() -> asio::awaitable<void> { return session->run(); },
      [self = shared_from_this(), session](const std::exception_ptr&) { self->leave(session.get()); });
}

// nullptr: there is none. The longest idle connection makes room for the new one, first of the same address where that has as many as it may.
std::shared_ptr<Session> Server::Impl::place_for(tcp::socket& socket) {
  const ServerConfig& config = shared->config;
  boost::system::error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) {
    socket.close(error);
    return nullptr;
  }
  Origin origin;
  origin.peer = plain(endpoint.address());
  origin.account = shared->budget->account(account_name(origin.peer));
  origin.by_proxy = shared->proxies.contain(origin.peer);

  const std::lock_guard lock(mutex);
  if (stopping) return nullptr;
  if (!origin.by_proxy && origin.account->connections >= config.connections_per_address_max) {
    make_room(origin.account.get());
    if (origin.account->connections >= config.connections_per_address_max) return nullptr;
  }
  if (places.size() - leaving >= config.connections_max) make_room(nullptr);
  const std::size_t taken = places.size() - leaving;
  origin.on_reserve = taken >= config.connections_max;
  if (taken >= config.connections_max + config.connections_reserved) return nullptr;
  auto session = std::make_shared<Session>(std::move(socket), shared, std::move(origin));
  ++session->account()->connections;
  places.emplace(session.get(), Place{session, false});
  if (shared->observer != nullptr) shared->observer->connections(places.size());
  return session;
}

void Server::Impl::make_room(const Account* account) {
  using Candidate = std::tuple<Session::Claim, std::int64_t, std::shared_ptr<Session>>;
  std::vector<Candidate> candidates;
  std::size_t looked_at = 0;
  for (const auto& [key, place] : places) {
    auto session = place.leaving ? nullptr : place.session.lock();
    if (!session || (account != nullptr && session->account().get() != account)) continue;
    ++looked_at;
    const auto claim = session->claim();
    if (claim != Session::Claim::Needed) candidates.emplace_back(claim, session->idle_since(), std::move(session));
  }
  // Some at a time, so that a flood of new connections does not look through all of them for each.
  const std::size_t wanted = std::min(candidates.size(), looked_at / kRoomShare + 1);
  const auto before = [](const Candidate& a, const Candidate& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  };
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(wanted), candidates.end(), before);
  candidates.resize(wanted);
  for (auto& [claim, since, session] : candidates) {
    places[session.get()].leaving = true;
    --session->account()->connections;
    ++leaving;
    if (shared->observer != nullptr) shared->observer->made_room();
    asio::post(session->executor(), [self = shared_from_this(), session = session] {
      if (!session->make_room()) self->stays(session.get());
    });
  }
}

// A request came just before the connection was told to close, so it stays.
void Server::Impl::stays(Session* session) {
  const std::lock_guard lock(mutex);
  const auto found = places.find(session);
  if (found == places.end() || !found->second.leaving) return;
  found->second.leaving = false;
  --leaving;
  ++session->account()->connections;
}

void Server::Impl::leave(Session* session) {
  std::vector<std::function<void()>> done;
  {
    const std::lock_guard lock(mutex);
    if (session == nullptr) accepting = false;
    if (const auto found = places.find(session); found != places.end()) {
      if (found->second.leaving) --leaving;
      else --session->account()->connections;
      places.erase(found);
    }
    if (shared->observer != nullptr && session != nullptr) shared->observer->connections(places.size());
    if (!stopping || accepting || !places.empty()) return;
    done.swap(stopped);
  }
  for (const auto& call : done) call();
}

void Server::Impl::stop(std::function<void()> done) {
  std::vector<std::shared_ptr<Session>> running;
  bool idle = false;
  {
    const std::lock_guard lock(mutex);
    stopping = true;
    idle = !accepting && places.empty();
    if (done && !idle) stopped.push_back(std::move(done));
    for (const auto& [key, place] : places)
      if (auto session = place.session.lock()) running.push_back(std::move(session));
  }
  asio::post(strand, [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->acceptor.close(ignored);
  });
  for (const auto& session : running) asio::post(session->executor(), [session] { session->stop(); });
  if (idle && done) done();
}

Server::Server(asio::any_io_executor executor, ServerConfig config, const Router& router, Observer* observer, Knows knows)
    : x_impl(std::make_shared<Impl>(std::move(executor), std::move(config), router, observer, std::move(knows))) {}

Server::~Server() { x_impl->stop({}); }

Result<std::uint16_t> Server::start() { return x_impl->start(); }

void Server::stop(std::function<void()> stopped) { x_impl->stop(std::move(stopped)); }

ServerStats Server::stats() const {
  const std::lock_guard lock(x_impl->mutex);
  return {x_impl->places.size(), x_impl->shared->requests.load(std::memory_order_relaxed), x_impl->shared->budget->held()};
}

}  // namespace ioc::http
