// What ingest counts. Labels are of fixed sets: feeds, outcomes, reasons; never a sender's text.
#pragma once

#include <array>
#include <string_view>

#include "libs/domain/event.h"
#include "libs/metrics/metrics.h"

namespace ioc::ingest {

struct Metrics {
  explicit Metrics(metrics::Registry& registry);

  void accepted(Feed feed, std::size_t bytes) const;
  void refused(std::string_view feed, std::string_view reason, std::size_t bytes) const;
  void unavailable(std::string_view feed, std::string_view reason) const;
  void value_flagged(Feed feed, std::string_view source, const ValueFlag& flag) const;
  void durable(double seconds) const { x_durable_seconds.observe(seconds); }
  void last_event(Feed feed, double unix_seconds) const;

  metrics::Histogram protected_sync_seconds;
  metrics::Histogram protected_sync_items;
  metrics::Gauge protected_queue_bytes;
  metrics::Gauge protected_disk_bytes;
  metrics::Counter looks;

 private:
  metrics::Registry& x_registry;
  metrics::Histogram x_durable_seconds;
  std::vector<metrics::Counter> x_accepted, x_bytes;
  std::vector<metrics::Gauge> x_last_event;
};

}  // namespace ioc::ingest
