// Settings of the desk: section `desk` of a configuration file.
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/time.h"
#include "libs/config/config.h"
#include "libs/domain/event.h"

namespace ioc::desk {

// How often a feed says something when all is well.
struct FeedIntervals {
  Millis citizen_reports = std::chrono::minutes(30);
  Millis camera_alerts = std::chrono::minutes(1);
  Millis checkpoint_passages = std::chrono::minutes(1);
  Millis online_mentions = std::chrono::minutes(15);
  Millis indicators = std::chrono::hours(24);

  void declare(config::Fields& fields) {
    const Millis least = std::chrono::seconds(1), most = std::chrono::hours(24 * 400);
    fields.duration("citizen_reports", citizen_reports, least, most, "stale at twice, lost at five times of it");
    fields.duration("camera_alerts", camera_alerts, least, most, "the same for cameras");
    fields.duration("checkpoint_passages", checkpoint_passages, least, most, "the same for checkpoints");
    fields.duration("online_mentions", online_mentions, least, most, "the same for the online monitor");
    fields.duration("indicators", indicators, least, most, "the same for indicators");
  }
  [[nodiscard]] Millis of(Feed feed) const;
};

struct Config {
  std::string web_dir;  // empty: ../share/web beside the executable
  std::uint64_t page_limit = 100, page_limit_max = 500;
  std::uint64_t scan_rows_max = 200'000;
  Millis events_age_max = std::chrono::hours(24 * 430);
  std::uint64_t things_max = 10'000;
  std::uint64_t stream_clients_max = 512;
  std::uint64_t stream_queue_bytes_max = 16 << 20;
  std::uint64_t stream_resume_max = 20'000;
  std::uint64_t subscriber_clients_max = 32;
  Millis stream_recheck = std::chrono::seconds(10);
  Millis publish_interval{500};
  Millis command_wait{2'000};
  std::uint64_t comment_chars_max = 4'000;
  std::uint64_t sessions_max = 10'000;
  Millis session_idle = std::chrono::hours(12);
  Millis session_age_max = std::chrono::hours(24 * 7);
  Millis kiosk_age_max = std::chrono::hours(24 * 400);
  Millis kiosk_link_age_max = std::chrono::hours(24 * 7);
  std::uint64_t login_failures_max = 10;
  Millis login_failure_window = std::chrono::minutes(5);
  std::uint64_t logins_waiting_max = 16;
  bool cookie_secure = false;
  std::uint64_t view_cache_bytes = 64 << 20;
  std::uint64_t view_memtable_bytes = 32 << 20;
  FeedIntervals feeds;

  void declare(config::Fields& fields);
};

}  // namespace ioc::desk
