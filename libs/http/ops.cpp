#include "libs/http/ops.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <future>
#include <memory>
#include <utility>

#include "libs/base/clock_guard.h"

namespace ioc::http {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kStopAtMost{10};

}  // namespace

void add_ops_routes(Router& router, Ops ops) {
  router.add("GET", "/healthz", [because = ops.not_ready_because](const Request&) -> asio::awaitable<Reply> {
    const std::string reason = because();
    co_return Response{200, "text/plain", "ok\n" + (reason.empty() ? reason : "not ready: " + reason + "\n"), {}};
  }, Essential::Yes);
  router.add("GET", "/readyz", [because = std::move(ops.not_ready_because)](const Request&) -> asio::awaitable<Reply> {
    const std::string reason = because();
    if (reason.empty()) {
      const std::string notice = clock_notice();
      co_return Response{200, "text/plain", "ready\n" + (notice.empty() ? notice : notice + "\n"), {}};
    }
    co_return problem({503, "Not ready", reason, {}, {}, {}, 1});
  }, Essential::Yes);
  router.add("GET", "/metrics",
             [expose = std::move(ops.metrics), allowed = std::move(ops.may_read_metrics)](
                 const Request& request) -> asio::awaitable<Reply> {
               if (!request.from_loopback && !(allowed && allowed(request))) {
                 co_return problem({401, "Unauthorized", "Send a token with the role metrics or admin.", {}, {}, {}, {}});
               }
               co_return Response{200, "text/plain; version=0.0.4; charset=utf-8", expose(), {}};
             }, Essential::Yes);
}

Handler starting(std::function<std::string()> not_ready_because) {
  return [because = std::move(not_ready_because)](const Request&) -> asio::awaitable<Reply> {
    co_return problem({503, "Not ready", because(), {}, {}, {}, 1});
  };
}

void stop_and_wait(Server& server) {
  // Shared: a request that does not end in time may still end later.
  auto stopped = std::make_shared<std::promise<void>>();
  auto done = stopped->get_future();
  server.stop([stopped] { stopped->set_value(); });
  if (done.wait_for(kStopAtMost) != std::future_status::ready) spdlog::warn("http: requests did not end in time");
}

}  // namespace ioc::http
