// A server's requests and connections as Prometheus metrics. Labels are route templates and status classes, so that no
// caller can make up series.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "libs/http/http.h"
#include "libs/metrics/metrics.h"

namespace ioc::http {

class Metrics : public Observer {
 public:
  // `registry` must outlive this. The server's limits are shown beside what is used of them.
  Metrics(metrics::Registry& registry, const ServerConfig& limits);

  void answered(std::string_view method, std::string_view pattern, unsigned status, std::chrono::nanoseconds took) override;
  void connections(std::size_t open) override;
  void turned_away() override;
  void made_room() override;
  void holds(std::size_t bytes) override;

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // route, method, status class
  struct Series {
    metrics::Counter requests;
    metrics::Histogram seconds;
  };
  Series& series(std::string_view method, std::string_view pattern, unsigned status);

  metrics::Registry& x_registry;
  metrics::Gauge x_open, x_held;
  metrics::Counter x_turned_away, x_made_room;
  std::mutex x_mutex;
  std::map<Key, Series> x_series;
};

}  // namespace ioc::http
