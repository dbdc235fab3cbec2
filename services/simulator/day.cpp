#include "services/simulator/day.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "services/simulator/slice.h"

namespace ioc::simulator {
namespace {

struct KindNames {
  std::string_view path, name;
};
constexpr std::array<KindNames, kMessageKinds> kNames = {{{"/v1/reports", "report"},
                                                          {"/v1/camera-alerts", "camera alert"},
                                                          {"/v1/checkpoints/passages", "passage"},
                                                          {"/v1/checkpoints/status", "checkpoint status"},
                                                          {"/v1/online-mentions", "mention"},
                                                          {"/v1/indicators", "indicator"}}};

}  // namespace

std::string_view path_of(MessageKind kind) { return kNames[static_cast<std::size_t>(kind)].path; }
std::string_view name_of(MessageKind kind) { return kNames[static_cast<std::size_t>(kind)].name; }

Day::Day(DayConfig config, const Sources& sources)
    : x_config(config), x_sources(sources), x_slice((config.start.ms() - kStoryMsMax) / kSliceMs) {}

Message Day::next() {
  // What a slice makes is sent in it or later: once the clock of slices is past the first, no earlier one can come.
  while (x_queue.empty() || x_queue.top().message.at_ms >= x_slice * kSliceMs) make_slice();
  Message message = x_queue.top().message;
  x_queue.pop();
  return message;
}

void Day::make_slice() {
  for (Message& message : Slice(x_config, x_sources, x_slice).make()) {
    if (message.at_ms >= x_config.start.ms()) x_queue.push({std::move(message), x_number++});
  }
  ++x_slice;
}

Slice::Slice(const DayConfig& config, const Sources& sources, std::int64_t slice)
    : x_config(config), x_sources(sources), x_slice(slice), x_begin_ms(slice * kSliceMs),
      x_local_day((x_begin_ms + kVietnamOffset.count()) / 86'400'000),
      x_of_day((x_begin_ms + kVietnamOffset.count()) % 86'400'000 / kSliceMs),
      x_hour(static_cast<int>(x_of_day * kSliceMs / 3'600'000)), x_random(config.seed, "slice", slice),
      x_stamp(fmt::format("{}-{:04x}{:04}", format_compact(x_begin_ms).substr(0, 8),
                          Random(config.seed, "stamp", 0).below(65'536), x_of_day)) {}

std::vector<Message> Slice::make() {
  reports();
  accidents();
  fire();
  flood();
  camera_alerts();
  chatter();
  checkpoints();
  mentions();
  indicators();
  return std::move(x_made);
}

std::int64_t Slice::times(std::int64_t a_day, const int (&rhythm)[24]) {
  std::int64_t sum = 0;
  for (const int weight : rhythm) sum += weight;
  constexpr std::int64_t kSlicesAnHour = kSlicesADay / 24;
  const std::int64_t of_hour_e6 = a_day * 1'000'000 * rhythm[x_hour] / sum;
  return x_random.count(of_hour_e6 * x_config.intensity_permille / kSlicesAnHour);
}

bool Slice::is_drawn(std::string_view what, int first_hour, int last_hour) const {
  constexpr std::int64_t kSlicesAnHour = kSlicesADay / 24;
  Random random(x_config.seed, what, x_local_day);
  return x_of_day == random.between(first_hour * kSlicesAnHour, last_hour * kSlicesAnHour - 1);
}

const Camera& Slice::nearest_camera(const Point& at) const {
  return *std::min_element(x_sources.cameras.begin(), x_sources.cameras.end(), [&](const Camera& a, const Camera& b) {
    return distance_m(a.at, at) < distance_m(b.at, at);
  });
}

void Slice::add(std::int64_t at_ms, MessageKind kind, std::string body) {
  x_made.push_back({at_ms, kind, std::move(body)});
}

}  // namespace ioc::simulator
