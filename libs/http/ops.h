// The routes that every server process has: /healthz, /readyz, /metrics.
#pragma once

#include <functional>
#include <string>

#include "libs/http/http.h"

namespace ioc::http {

struct Ops {
  std::function<std::string()> not_ready_because;          // empty: ready
  std::function<std::string()> metrics;                    // text exposition format
  std::function<bool(const Request&)> may_read_metrics;    // asked only for callers that are not on loopback
};

// `/healthz` 200 while the process answers, and why it is not ready; `/readyz` 200 (with what must be known of the clock) or 503 with the reason; `/metrics` 200, 401 without permission.
void add_ops_routes(Router& router, Ops ops);

// The handler of all other paths until the process has started: 503 with the reason.
Handler starting(std::function<std::string()> not_ready_because);

// Stops the server and waits, 10 s at most, until its requests have ended: what its routes use may go after that. Not from a thread that
// serves requests.
void stop_and_wait(Server& server);

}  // namespace ioc::http
