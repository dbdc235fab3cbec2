// Ten seconds of the day: what begins in them. Used by Day alone; one file for each group of feeds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/simulator/day.h"
#include "services/simulator/topics.h"

namespace ioc::simulator {

inline constexpr std::int64_t kSliceMs = 10'000;
inline constexpr std::int64_t kSlicesADay = 86'400'000 / kSliceMs;
// Nothing that begins in a slice sends later than this after it.
inline constexpr std::int64_t kStoryMsMax = 3 * 3'600'000;

class Slice {
 public:
  Slice(const DayConfig& config, const Sources& sources, std::int64_t slice);
  std::vector<Message> make();

 private:
  // people.cpp
  void reports();
  void story(const Topic& topic, const Point& at, const Place& place, std::int64_t begins_ms, int people, std::int64_t within_ms);
  void report(const Topic& topic, const Point& at, const Place& place, std::int64_t happened_ms, std::int64_t sent_ms);
  void accidents();
  void fire();
  void flood();
  // machines.cpp
  void camera_alerts();
  void chatter();
  void alert(const Camera& camera, std::string_view kind, std::int64_t begins_ms, int updates);
  void checkpoints();
  void passage(const Checkpoint& checkpoint);
  void mentions();
  void mention(std::string_view topic, const Place& place, std::int64_t at_ms, std::string_view trend);
  void indicators();

  // How often in this slice, of so many a day, by the share of the day that this hour has.
  std::int64_t times(std::int64_t a_day, const int (&rhythm)[24]);
  std::int64_t moment() { return x_begin_ms + x_random.below(kSliceMs); }
  // The slice of this day that was drawn for something that comes once a day, within [first_hour, last_hour).
  [[nodiscard]] bool is_drawn(std::string_view what, int first_hour, int last_hour) const;
  const Camera& nearest_camera(const Point& at) const;
  void add(std::int64_t at_ms, MessageKind kind, std::string body);

  const DayConfig& x_config;
  const Sources& x_sources;
  std::int64_t x_slice, x_begin_ms, x_local_day, x_of_day;  // Vietnam's day and the slice's number within it
  int x_hour;
  Random x_random;
  std::string x_stamp;   // in ids: date, seed and slice
  int x_serial = 0;
  std::vector<Message> x_made;
};

}  // namespace ioc::simulator
