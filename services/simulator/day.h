// A day of Thái Nguyên, made up: citizens' reports in four registers, several people reporting one thing, cameras that
// see what people report, cameras that chatter, checkpoints with queues and silence, online mentions, indicators, a
// fire and a flood. The same seed gives the same bytes for the same moment, wherever the day is begun: time is cut into
// slices and each draws from (seed, slice). So a demo that is filled in twice sends the same events twice.
#pragma once

#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "services/simulator/random.h"
#include "services/simulator/sources.h"

namespace ioc::simulator {

enum class MessageKind : std::uint8_t { Report, CameraAlert, Passage, CheckpointStatus, Mention, Indicator };
inline constexpr std::size_t kMessageKinds = 6;
std::string_view path_of(MessageKind kind);  // "/v1/reports"
std::string_view name_of(MessageKind kind);  // "report"

struct Message {
  std::int64_t at_ms = 0;  // when it is sent
  MessageKind kind = MessageKind::Report;
  std::string body;        // one JSON object in one line
};

struct DayConfig {
  std::uint64_t seed = 1;
  WallTime start;
  std::int64_t intensity_permille = 1000;  // 1000: an ordinary day
};

// How many messages an ordinary day has, about: what `intensity_permille` multiplies.
inline constexpr std::int64_t kMessagesADay = 11'500;

class Day {
 public:
  // `sources` must outlive the day.
  Day(DayConfig config, const Sources& sources);
  // The next in order of sending; never ends.
  Message next();

 private:
  struct Queued {
    Message message;
    std::uint64_t number;  // keeps equal times in the order they were made
    friend bool operator<(const Queued& a, const Queued& b) {
      return a.message.at_ms != b.message.at_ms ? a.message.at_ms > b.message.at_ms : a.number > b.number;
    }
  };
  void make_slice();

  DayConfig x_config;
  const Sources& x_sources;
  std::int64_t x_slice;
  std::uint64_t x_number = 0;
  std::priority_queue<Queued> x_queue;
};

}  // namespace ioc::simulator
