#include "services/desk/config.h"

namespace ioc::desk {

Millis FeedIntervals::of(Feed feed) const {
  switch (feed) {
    case Feed::CitizenReports: return citizen_reports;
    case Feed::CameraAlerts: return camera_alerts;
    case Feed::CheckpointPassages: return checkpoint_passages;
    case Feed::OnlineMentions: return online_mentions;
    case Feed::Indicators: return indicators;
  }
  return indicators;
}

void Config::declare(config::Fields& fields) {
  const Millis second = std::chrono::seconds(1), day = std::chrono::hours(24);
  fields.text("web_dir", web_dir, "folder with wall.html, desk.html, login.html; empty: ../share/web beside the executable");
  fields.number("page_limit", page_limit, 1, 1000, "incidents on a page when the request names no limit");
  fields.number("page_limit_max", page_limit_max, 1, 10'000, "most incidents on a page");
  fields.number("scan_rows_max", scan_rows_max, 1000, 100'000'000, "rows a page looks at before it ends early with a cursor");
  fields.duration("events_age_max", events_age_max, day, 4000 * day, "events leave the desk after so long; keep it above triage's closed_days");
  fields.number("things_max", things_max, 100, 10'000'000, "cameras and checkpoints whose last sign is kept; beyond it the longest silent is forgotten");
  fields.number("stream_clients_max", stream_clients_max, 1, 100'000, "browsers on the stream; more are answered with 503. Walls take at most three quarters, one token or link of a wall a sixteenth (at least 4)");
  fields.number("stream_queue_bytes_max", stream_queue_bytes_max, 64 << 10, 1 << 30,
                "waiting bytes of one browser; a slower one is dropped and resumes");
  fields.number("stream_resume_max", stream_resume_max, 1, 10'000'000, "missed incidents that are resumed; more are a reset");
  fields.number("subscriber_clients_max", subscriber_clients_max, 1, 10'000, "subscribers that follow at a time, one token at most a quarter of them; one follower of each subscriber is let in beyond it");
  fields.duration("stream_recheck", stream_recheck, Millis(50), day, "whether a stream's account still may is looked up so often");
  fields.duration("publish_interval", publish_interval, Millis(50), 60 * second, "queues, feeds, indicators: at most so often");
  fields.duration("command_wait", command_wait, Millis(50), 60 * second, "a command is answered with 202 after so long");
  fields.number("comment_chars_max", comment_chars_max, 1, 100'000, "longest text of a command, in bytes");
  fields.number("sessions_max", sessions_max, 1, 1'000'000, "sessions at a time; the longest unused ones make room");
  fields.duration("session_idle", session_idle, 60 * second, 400 * day, "a person's session ends when unused for so long");
  fields.duration("session_age_max", session_age_max, 60 * second, 400 * day, "and in any case after so long");
  fields.duration("kiosk_age_max", kiosk_age_max, 60 * second, 4000 * day, "a wall's session");
  fields.duration("kiosk_link_age_max", kiosk_link_age_max, 60 * second, 400 * day, "an unopened kiosk link");
  fields.number("login_failures_max", login_failures_max, 1, 10'000, "failed logins of one name from one address without a delay, and five times as many of one address over all names; after more each delays the next, 1 s to 30 s (429 with Retry-After)");
  fields.duration("login_failure_window", login_failure_window, second, day, "failures are forgotten when none came for so long");
  fields.number("logins_waiting_max", logins_waiting_max, 1, 1000, "logins that wait for their password's check; as many again for names that logged in from their address before");
  fields.flag("cookie_secure", cookie_secure, "cookies over HTTPS only, named __Host-…; set it behind a TLS proxy that is not in http.proxies or sends no X-Forwarded-Proto");
  fields.number("view_cache_bytes", view_cache_bytes, 1 << 20, 1ULL << 40, "block cache of the view");
  fields.number("view_memtable_bytes", view_memtable_bytes, 1 << 20, 1ULL << 40, "write buffers of the view");
  fields.section("feeds", feeds, "normal interval between two events of a feed");
}

}  // namespace ioc::desk
