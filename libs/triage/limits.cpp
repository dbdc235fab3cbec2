#include "libs/triage/limits.h"

#include "libs/config/config.h"

namespace ioc::triage {

using namespace std::chrono_literals;

void DeduplicateLimits::declare(config::Fields& fields) {
  fields.duration("window", window, 1h, 240h, "event ids younger than this are remembered in memory");
  fields.duration("remembered", remembered, 24h, 24h * 800, "event ids younger than this are remembered in state; at least ingest's late_days");
  fields.number("objects_cached", objects_cached, 1000, 10'000'000, "sources' objects whose incident is kept in memory; the others are read by key");
  fields.number("ids_max", ids_max, 1000, 100'000'000, "ids in memory; beyond, the oldest are looked up in state");
}

void LocateLimits::declare(config::Fields& fields) {
  fields.number("default_spot_addresses", default_spot_addresses, 2, 100,
                "a point that collects so many different addresses is a default coordinate");
  fields.number("agree_within_m", agree_within_m, 0, 20'000,
                "a position so near to the unit that the text names agrees with it");
}

void CorrelateLimits::declare(config::Fields& fields) {
  fields.number("candidates_max", candidates_max, 1, 20, "candidates kept in a decision, best first");
  fields.number("scan_max", scan_max, 8, 100'000, "newest incidents looked at in a cell or at an address");
  fields.number("marks_max", marks_max, 0, 64, "photos, number plates, cameras, and other addresses and types of its reports remembered of an incident, the newest; 0: none");
}

void ClassifyLimits::declare(config::Fields& fields) {
  fields.number("term_permille", term_permille, 0, 10'000, "points of a term: its weight times this");
  fields.number("terms_max", terms_max, 0, 1000, "points that all terms of a category have together at most");
  fields.number("sender", sender, 0, 1000, "points of the category that the sender chose");
  fields.number("further_behind", further_behind, 0, 1000, "a category so many points behind the first is a further one");
  fields.number("emergency_term", emergency_term, 0, 1000, "points of a word of danger; twice as many for a term of three words or more");
  fields.number("emergency_hint", emergency_hint, 0, 1000, "points of a word of danger without marks: it may be another word");
  fields.number("emergency_at", emergency_at, 0, 1000, "danger to life at so many points; without a model any marked word of danger is enough");
  fields.number("shown_words", shown_words, 0, 16, "words of the model shown in a decision, the weightiest");
}

void SuppressLimits::declare(config::Fields& fields) {
  fields.number("chattering_events", chattering_events, 2, 3, "so many alerts of one camera and kind ...");
  fields.duration("chattering_within", chattering_within, 1s, 1h, "... within this event time are chattering");
  fields.duration("checkpoint_window", checkpoint_window, 1min, 24h, "alerts of one checkpoint and kind are one incident");
}

void CheckpointLimits::declare(config::Fields& fields) {
  fields.number("queue_vehicles", queue_vehicles, 1, 100'000, "a queue of so many vehicles is an alert");
  fields.duration("silent_after", silent_after, 1min, 48h, "an open checkpoint that says nothing for this long is an alert");
  fields.number("followed_max", followed_max, 1, 1'000'000, "checkpoints whose silence is followed");
}

void MentionLimits::declare(config::Fields& fields) {
  fields.number("volume", volume, 1, 100'000'000, "mentions in a period that are an incident");
  fields.number("rising_volume", rising_volume, 1, 100'000'000, "the same when the trend rises");
  fields.duration("window", window, 1min, 240h, "mentions of one topic and place are one incident");
}

void LifeLimits::declare(config::Fields& fields) {
  fields.duration("closing", closing, 1min, 24h * 90, "a resolved incident closes after this");
  fields.duration("ended_closing", ended_closing, 1min, 24h * 90,
                  "an incident whose source said it is over, and that nobody took up, closes after this");
  fields.duration("correlatable_after_closing", correlatable_after_closing, 0h, 24h * 90,
                  "an incident closed by a clock stays in memory for this long; for later events it is looked up in the state");
  fields.duration("closed", closed, 24h, 24h * 4000, "a closed incident leaves the state after this; more than ingest's late_days");
  fields.duration("counts_interval", counts_interval, 100ms, 1min, "snapshots that differ only in counts: one per this");
  fields.duration("command_results", command_results, 24h, 24h * 400, "a command sent again within this gets its first result");
  fields.number("open_max", open_max, 1000, 10'000'000,
                "incidents in memory; beyond, a new one waits in the state, shown and routed, but without clocks and not joined by others, until there is room");
  fields.number("newest_events", newest_events, 1, 100, "event ids in a snapshot");
  fields.number("suggestions", suggestions, 1, 20, "suggestions in a snapshot");
}

void Limits::declare(config::Fields& fields) {
  fields.section("deduplicate", deduplicate, "exact repeats");
  fields.section("locate", locate, "places");
  fields.section("classify", classify, "what citizens' texts are about");
  fields.section("correlate", correlate, "reports of the same thing");
  fields.section("suppress", suppress, "sensors that repeat themselves");
  fields.section("checkpoints", checkpoints, "checkpoints' alerts");
  fields.section("mentions", mentions, "the online monitor's alerts");
  fields.section("life", life, "an incident's life");
}

}  // namespace ioc::triage
