#include "libs/http/metrics.h"

#include <algorithm>
#include <array>

namespace ioc::http {
namespace {

constexpr std::array<std::string_view, 5> kMethods{"GET", "POST", "DELETE", "HEAD", "PUT"};
constexpr std::string_view kNoRoute = "none";

// A sender may write anything as the method.
std::string method_label(std::string_view method) {
  const bool known = std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
  return known ? std::string(method) : "other";
}

}  // namespace

Metrics::Metrics(metrics::Registry& registry, const ServerConfig& limits)
    : x_registry(registry),
      x_open(registry.gauge("ioc_http_connections", "Open HTTP connections")),
      x_held(registry.gauge("ioc_http_held_bytes", "Headers, bodies, buffers and answers that HTTP connections hold")),
      x_turned_away(registry.counter("ioc_http_connections_refused_total", "Connections above the limit, answered with 503")),
      x_made_room(registry.counter("ioc_http_connections_made_room_total", "Idle or unknown connections that were closed for new ones")) {
  registry.gauge("ioc_http_connections_limit", "Most HTTP connections at a time").set(static_cast<double>(limits.connections_max));
  registry.gauge("ioc_http_held_bytes_limit", "Most bytes that HTTP connections may hold").set(static_cast<double>(limits.body_bytes_in_flight_max));
}

Metrics::Series& Metrics::series(std::string_view method, std::string_view pattern, unsigned status) {
  // Without a route the method says nothing either.
  Key key{pattern.empty() ? kNoRoute : pattern, pattern.empty() ? "other" : method_label(method), std::to_string(status / 100) + "xx"};
  const std::lock_guard lock(x_mutex);
  const auto known = x_series.find(key);
  if (known != x_series.end()) return known->second;
  const metrics::Labels route{{"route", std::get<0>(key)}, {"method", std::get<1>(key)}};
  metrics::Labels outcome = route;
  outcome["status"] = std::get<2>(key);
  Series made{x_registry.counter("ioc_http_requests_total", "HTTP requests by route template and status class", outcome),
              x_registry.histogram("ioc_http_request_seconds",
                                   "Time from a request's first byte to the end of its answer; of a stream to its beginning",
                                   metrics::latency_buckets_seconds(), route)};
  return x_series.emplace(std::move(key), made).first->second;
}

void Metrics::answered(std::string_view method, std::string_view pattern, unsigned status, std::chrono::nanoseconds took) {
  const Series& counted = series(method, pattern, status);
  counted.requests.add();
  counted.seconds.observe(std::chrono::duration<double>(took).count());
}

void Metrics::connections(std::size_t open) { x_open.set(static_cast<double>(open)); }

void Metrics::turned_away() { x_turned_away.add(); }

void Metrics::made_room() { x_made_room.add(); }

void Metrics::holds(std::size_t bytes) { x_held.set(static_cast<double>(bytes)); }

}  // namespace ioc::http
