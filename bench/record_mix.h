// Records of the events topic for measuring, from a seed: the full mix (nine camera or checkpoint events to one text
// report) with the time passing as it does at 5,000 events a second, or a day's.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "libs/domain/event.h"

namespace ioc::bench {

inline constexpr std::uint64_t kEventsPerMs = 5;
inline constexpr std::int64_t kStartMs = 1'634'515'200'000;

class RecordMix {
 public:
  // Event time begins at `start_ms`. The same number gives the same events.
  explicit RecordMix(std::int64_t start_ms = kStartMs, std::uint32_t seed = 20211018) : ms(start_ms), x_random(seed) {}

  std::int64_t ms;  // event time now
  // A text report that opens an incident.
  [[nodiscard]] std::string warm() { return text_report(false); }
  [[nodiscard]] std::string next();
  // A day's: one report to 1,200 events of cameras and checkpoints. The caller moves the time.
  [[nodiscard]] std::string of_a_day();
  // Of the record given last.
  [[nodiscard]] const EventId& last_id() const { return x_last_id; }
  [[nodiscard]] const SourceId& last_source() const { return x_last_source; }

 private:
  EventId id(const char* kind);
  Event event(Feed feed, const char* kind);
  std::string text_report(bool near_other);
  std::string camera();
  std::string passage();
  std::string encoded(const Event& event);

  std::mt19937 x_random;
  std::uint64_t x_number = 0;
  std::uint64_t x_alert_step = 0;
  Event x_alert;
  CameraAlert x_alert_body;
  std::vector<Position> x_positions;
  EventId x_last_id;
  SourceId x_last_source;
};

}  // namespace ioc::bench
