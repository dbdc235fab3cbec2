// Settings of ingest, under `ingest:` in the configuration file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/config/config.h"
#include "libs/config/deployment.h"
#include "libs/domain/event.h"

namespace ioc::ingest {

std::vector<std::string> feed_choices();  // the feeds, and "" for any

// Which source a sender stands for: objects of one id are the same object only within one source. The first entry that fits token
// and feed counts. Without one, and without a `source`, every token is a source of its own, `<feed>/<token>`, and a raw topic is the
// source named after its feed.
struct SourceRule {
  std::string token;   // account name; empty: any, and the raw topics
  std::string feed;    // empty: any
  std::string source;  // empty: <feed>/<token>, of a raw topic <feed>
  std::string area;    // home area, for good; empty: the first
  bool replay = false;

  void declare(config::Fields& fields) {
    fields.text("token", token, "name of the sender's token; empty: any, and the raw topics");
    fields.choice("feed", feed, feed_choices(), "empty: any");
    fields.text("source", source,
                "name of the sending system, one for all senders that number their objects together (two tokens of it, or a token and a raw "
                "topic); empty: each token is a source of its own, <feed>/<token>, and a raw topic is <feed>");
    fields.text("area", area, "home area of the source, never to be changed; empty: the first");
    fields.flag("replay", replay, "sends history: its events keep their times, however old");
  }
};

// Frigate says what it saw and where, not what that means: zones and labels are given one of our alert kinds.
struct FrigateKind {
  std::string zone;   // empty: any
  std::string label;  // empty: any
  std::string kind;

  void declare(config::Fields& fields) {
    fields.text("zone", zone, "a zone that the object entered; empty: any");
    fields.text("label", label, "the object's label, or a sound's; empty: any");
    fields.text("kind", kind, "our kind of alert, such as illegal_stop");
  }
};

struct Limits {
  std::uint64_t event_bytes_max = 256 << 10;
  std::uint64_t batch_lines_max = 10'000;
  std::uint64_t json_depth_max = 32;
  std::uint64_t text_bytes_max = 20'000;
  std::uint64_t name_bytes_max = 256;  // triage takes no longer ones
  std::uint64_t link_bytes_max = 2048;
  std::uint64_t list_items_max = 64;
  std::uint64_t events_per_second_max = 0;
  Millis answer_timeout{10'000};

  void declare(config::Fields& fields) {
    fields.number("event_bytes_max", event_bytes_max, 1024, 8 << 20, "largest single object, in bytes; a larger one is answered with 413");
    fields.number("batch_lines_max", batch_lines_max, 1, 1'000'000, "most lines of a batch; more are answered with 413");
    fields.number("json_depth_max", json_depth_max, 4, 64, "deepest nesting of a body");
    fields.number("text_bytes_max", text_bytes_max, 256, 1 << 20, "longest free text (title, text, address), in bytes; a longer one is cut");
    fields.number("name_bytes_max", name_bytes_max, 64, 256, "longest id or name, in bytes; a longer one is cut");
    fields.number("link_bytes_max", link_bytes_max, 64, 8192, "longest link to a photo or page, in bytes; a longer one is dropped");
    fields.number("list_items_max", list_items_max, 1, 1024, "most photos, objects or places of one event; what is beyond is dropped");
    fields.number("events_per_second_max", events_per_second_max, 0, 1'000'000, "of one token; more are answered with 429; 0: no limit");
    fields.duration("answer_timeout", answer_timeout, Millis(100), Millis(120'000), "how long a sender waits for its event to be durable before 503");
  }
};

struct Times {
  std::uint64_t late_days = 365;
  Millis future_tolerance{120'000};

  void declare(config::Fields& fields) {
    fields.number("late_days", late_days, 1, 399, "a clock further in the past is not believed: the event is taken with the receive time; less than the 400 days that closed incidents are remembered");
    fields.duration("future_tolerance", future_tolerance, Millis(0), Millis(86'400'000), "how far ahead a sender's clock may be; later times become the receive time");
  }
};

// How long payloads as received are kept, with reporters and plates (DESIGN D9).
struct Retention {
  std::uint64_t citizen_reports_days = 730;
  std::uint64_t camera_alerts_days = 30;
  std::uint64_t checkpoint_passages_days = 30;
  std::uint64_t online_mentions_days = 90;
  std::uint64_t indicators_days = 730;
  std::uint64_t dead_letters_days = 90;
  std::uint64_t looks_days = 3650;

  void declare(config::Fields& fields) {
    const auto days = [&fields](std::string_view name, std::uint64_t& value, std::string_view help) {
      fields.number(name, value, 1, 36'500, help);
    };
    days("citizen_reports_days", citizen_reports_days, "days that payloads of citizen reports are kept");
    days("camera_alerts_days", camera_alerts_days, "days that payloads of camera alerts are kept");
    days("checkpoint_passages_days", checkpoint_passages_days, "days that payloads of checkpoints are kept");
    days("online_mentions_days", online_mentions_days, "days that payloads of online mentions are kept");
    days("indicators_days", indicators_days, "days that payloads of indicators are kept");
    days("dead_letters_days", dead_letters_days, "days that refused payloads are kept for a replay");
    days("looks_days", looks_days, "days that it is remembered who looked at which payload and why");
  }
  [[nodiscard]] std::uint64_t days_of(Feed feed) const;
};

struct ProtectedStoreConfig {
  std::uint64_t queue_bytes_max = 64 << 20;
  std::uint64_t sync_bytes_max = 8 << 20;
  Retention retention;

  void declare(config::Fields& fields) {
    fields.number("queue_bytes_max", queue_bytes_max, 1 << 20, 4ULL << 30, "payloads waiting to be synced, in bytes; more are answered with 503");
    fields.number("sync_bytes_max", sync_bytes_max, 64 << 10, 256 << 20, "payloads that share one sync, in bytes");
    fields.section("retention", retention, "how long payloads are kept");
  }
};

struct RawTopicsConfig {
  bool enabled = false;
  std::string member = "ingest-1";
  std::uint64_t transaction_records_max = 2000;
  std::uint64_t transaction_bytes_max = 4 << 20;

  void declare(config::Fields& fields) {
    fields.flag("enabled", enabled, "also take events from the ioc.raw.<feed>.v1 topics");
    fields.text("member", member, "this process's stable name in the consumer group");
    fields.number("transaction_records_max", transaction_records_max, 1, 100'000, "most raw records of one transaction");
    fields.number("transaction_bytes_max", transaction_bytes_max, 64 << 10, 64 << 20, "most raw bytes of one transaction");
  }
};

struct Config;
// What one part of the configuration says against another: areas that there are not, entries that none reaches. It stops the start.
[[nodiscard]] config::Mistakes contradictions(const Config& config, const config::Deployment& deployment);
// Kinds of alert that the kinds.yaml of the deployment's bundle folder lacks: their alerts have no rules. The start only says so, since
// another bundle may be active.
[[nodiscard]] config::Mistakes unknown_kinds(const Config& config, const config::Deployment& deployment);

struct Config {
  std::string listen = "127.0.0.1:8081";
  std::vector<SourceRule> sources;
  std::vector<std::string> replay_tokens = {"replay"};
  std::vector<FrigateKind> frigate_kinds;
  Limits limits;
  Times times;
  ProtectedStoreConfig protected_store;
  RawTopicsConfig raw_topics;
  std::uint64_t dead_letters_scanned_max = 20'000;

  void declare(config::Fields& fields) {
    fields.address("listen", listen, "address and port of ingest when it runs alone");
    fields.list("sources", sources, "which source and area a sender stands for; the first entry that fits counts, without one each token is its own source");
    fields.texts("replay_tokens", replay_tokens, "names of tokens that send history: their events keep their times, however old");
    fields.list("frigate_kinds", frigate_kinds, "our kind of alert for Frigate's zones and labels; the first that fits counts");
    fields.section("limits", limits, "what is read and how long a sender waits");
    fields.section("times", times, "which times are believed");
    fields.section("protected_store", protected_store, "payloads as received");
    fields.section("raw_topics", raw_topics, "events from Kafka instead of HTTP");
    fields.number("dead_letters_scanned_max", dead_letters_scanned_max, 100, 1'000'000, "newest dead letters per partition that list and replay look through");
  }
};

}  // namespace ioc::ingest
