// The desk's metrics, one struct.
#pragma once

#include "libs/metrics/metrics.h"

namespace ioc::desk {

struct Metrics {
  explicit Metrics(metrics::Registry& registry)
      : view_records(registry.counter("ioc_desk_view_records_total", "Log records taken into the desk's view")),
        view_corrupt(registry.counter("ioc_desk_view_corrupt_total", "Log records that could not be read and were left out")),
        view_write_seconds(registry.histogram("ioc_desk_view_write_seconds", "Time to write one batch of the view")),
        view_lag_records(registry.gauge("ioc_desk_view_lag_records", "Log records that the view does not have yet")),
        view_age_seconds(registry.gauge("ioc_desk_view_age_seconds", "Time since the newest record that the view has; triage ticks each second")),
        change_to_stream_seconds(registry.histogram(
            "ioc_desk_change_to_stream_seconds", "Time from the append of a record to the incident's snapshot being sent to browsers")),
        stream_clients(registry.gauge("ioc_desk_stream_clients", "Browsers that follow the stream")),
        stream_dropped(registry.counter("ioc_desk_stream_dropped_total", "Stream clients dropped because they did not keep up")),
        subscriber_clients(registry.gauge("ioc_desk_subscriber_clients", "Subscribers that follow their feed")),
        commands(registry.counter("ioc_desk_commands_total", "Commands appended to the log")),
        command_seconds(registry.histogram("ioc_desk_command_seconds", "Time from a command's request to its result")),
        logins(registry.counter("ioc_desk_logins_total", "Logins by outcome", {{"outcome", "accepted"}})),
        logins_refused(registry.counter("ioc_desk_logins_total", "Logins by outcome", {{"outcome", "refused"}})),
        logins_limited(registry.counter("ioc_desk_logins_total", "Logins by outcome", {{"outcome", "limited"}})),
        view_disk(registry.gauge("ioc_desk_view_disk_bytes", "Disk used by the desk's view")) {}

  metrics::Counter view_records, view_corrupt;
  metrics::Histogram view_write_seconds;
  metrics::Gauge view_lag_records, view_age_seconds;
  metrics::Histogram change_to_stream_seconds;
  metrics::Gauge stream_clients;
  metrics::Counter stream_dropped;
  metrics::Gauge subscriber_clients;
  metrics::Counter commands;
  metrics::Histogram command_seconds;
  metrics::Counter logins, logins_refused, logins_limited;
  metrics::Gauge view_disk;
};

}  // namespace ioc::desk
