// The bundle's limits.yaml: every number that bounds or tunes triage. Each shows its bounds and meaning where it is
// declared; changing one is an activation, so that the same log still gives the same incidents.
#pragma once

#include <cstdint>

#include "libs/base/time.h"

namespace ioc::config {
class Fields;
}

namespace ioc::triage {

struct DeduplicateLimits {
  Millis window = std::chrono::hours(72);
  Millis remembered = std::chrono::hours(24 * 400);
  std::uint64_t ids_max = 12'000'000;
  std::uint64_t objects_cached = 131'072;
  void declare(config::Fields& fields);
};

struct LocateLimits {
  std::uint64_t default_spot_addresses = 5;
  std::uint64_t agree_within_m = 500;
  void declare(config::Fields& fields);
};

struct CorrelateLimits {
  std::uint64_t candidates_max = 5, scan_max = 256, marks_max = 16;
  void declare(config::Fields& fields);
};

// Points are eighths of a logit: 8 more are e times the odds (text/category_model.h).
struct ClassifyLimits {
  std::uint64_t term_permille = 1500, terms_max = 60, sender = 12, further_behind = 14;
  std::uint64_t emergency_term = 24, emergency_hint = 6, emergency_at = 4;
  std::uint64_t shown_words = 4;
  void declare(config::Fields& fields);
};

struct SuppressLimits {
  std::uint64_t chattering_events = 3;
  Millis chattering_within = std::chrono::minutes(1);
  Millis checkpoint_window = std::chrono::minutes(30);
  void declare(config::Fields& fields);
};

struct CheckpointLimits {
  std::uint64_t queue_vehicles = 30;
  Millis silent_after = std::chrono::minutes(15);
  std::uint64_t followed_max = 10'000;
  void declare(config::Fields& fields);
};

struct MentionLimits {
  std::uint64_t volume = 100, rising_volume = 30;
  Millis window = std::chrono::hours(6);
  void declare(config::Fields& fields);
};

struct LifeLimits {
  Millis closing = std::chrono::hours(24 * 7);
  Millis ended_closing = std::chrono::hours(24);
  Millis correlatable_after_closing = std::chrono::hours(72);
  Millis closed = std::chrono::hours(24 * 400);
  Millis counts_interval = std::chrono::seconds(1);
  Millis command_results = std::chrono::hours(24 * 30);
  std::uint64_t open_max = 250'000;
  std::uint64_t newest_events = 10;
  std::uint64_t suggestions = 5;
  void declare(config::Fields& fields);
};

struct Limits {
  DeduplicateLimits deduplicate;
  LocateLimits locate;
  ClassifyLimits classify;
  CorrelateLimits correlate;
  SuppressLimits suppress;
  CheckpointLimits checkpoints;
  MentionLimits mentions;
  LifeLimits life;
  void declare(config::Fields& fields);
};

}  // namespace ioc::triage
