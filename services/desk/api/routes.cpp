#include "services/desk/api/routes.h"

namespace ioc::desk::api {
namespace {

// Pages of this server alone, no frames, no guessing of types.
void add_security_headers(http::Headers& headers) {
  headers.emplace_back("Content-Security-Policy",
                       "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  headers.emplace_back("X-Frame-Options", "DENY");
  headers.emplace_back("Referrer-Policy", "same-origin");
  headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
}

http::Response stopped() {
  http::Problem problem;
  problem.status = 503;
  problem.title = "the desk is stopping";
  problem.detail = "try again in a moment";
  problem.retry_after_s = 2;
  return http::problem(problem);
}

}  // namespace

InFlight::Token InFlight::enter() {
  const std::lock_guard lock(x_mutex);
  if (!x_open) return nullptr;
  ++x_count;
  return Token(this, [self = shared_from_this()](void*) { self->leave(); });
}

void InFlight::leave() {
  const std::lock_guard lock(x_mutex);
  if (--x_count == 0) x_empty.notify_all();
}

void InFlight::open() {
  const std::lock_guard lock(x_mutex);
  x_open = true;
}

bool InFlight::close(std::chrono::milliseconds wait_max) {
  std::unique_lock lock(x_mutex);
  x_open = false;
  return x_empty.wait_for(lock, wait_max, [this] { return x_count == 0; });
}

void Routes::add(const char* method, const char* path, http::Handler handler) {
  x_router.add(method, path, [handler = std::move(handler), in_flight = x_in_flight](const http::Request& request)
                                 -> boost::asio::awaitable<http::Reply> {
    const InFlight::Token token = in_flight->enter();
    if (!token) co_return stopped();
    http::Reply reply = co_await handler(request);
    std::visit([](auto& one) { add_security_headers(one.headers); }, reply);
    if (auto* stream = std::get_if<http::Stream>(&reply)) {
      // The token goes last: what the stream holds is gone when the desk goes on stopping.
      stream->run = [token, run = std::move(stream->run)](http::StreamWriter& writer) { return run(writer); };
    }
    co_return reply;
  });
}

}  // namespace ioc::desk::api
