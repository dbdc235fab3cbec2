#include "services/simulator/sources.h"

#include <charconv>
#include <optional>

#include "libs/config/config.h"

namespace ioc::simulator {
namespace {

// "21.59652" with at most seven decimals; nullopt: something else.
std::optional<std::int64_t> e7_of(const std::string& text) {
  const std::size_t dot = text.find('.');
  std::string decimals = dot == std::string::npos ? std::string() : text.substr(dot + 1);
  if (decimals.size() > 7) return std::nullopt;
  decimals.resize(7, '0');
  const std::string digits = text.substr(0, dot) + decimals;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

struct Position {
  std::string lat, lon;
  void declare(config::Fields& fields) {
    fields.text("lat", lat, "degrees north");
    fields.text("lon", lon, "degrees east");
  }
  [[nodiscard]] std::optional<Point> point() const {
    const auto north = e7_of(lat), east = e7_of(lon);
    if (!north || !east) return std::nullopt;
    return Point{*north, *east};
  }
};

struct CameraEntry {
  Camera camera;
  Position position;
  void declare(config::Fields& fields) {
    fields.text("id", camera.id, "as the alerts name it");
    fields.text("name", camera.name, "for people");
    fields.choice("kind", camera.kind, {"traffic", "public_order", "quarantine"}, "what it watches");
    position.declare(fields);
  }
};

struct CheckpointEntry {
  Checkpoint checkpoint;
  Position position;
  Millis silent_after{0};
  std::uint64_t queue_long = 30;
  void declare(config::Fields& fields) {
    fields.text("id", checkpoint.id, "as the passages name it");
    fields.text("name", checkpoint.name, "for people");
    fields.duration("silent_after", silent_after, Millis(60'000), Millis(86'400'000), "silence that is an incident");
    fields.number("queue_long", queue_long, 1, 100'000, "waiting vehicles that are an incident");
    position.declare(fields);
  }
};

struct File {
  std::vector<CameraEntry> cameras;
  std::vector<CheckpointEntry> checkpoints;
  void declare(config::Fields& fields) {
    fields.list("cameras", cameras, "cameras");
    fields.list("checkpoints", checkpoints, "checkpoints");
  }
};

void place(const Position& position, const std::string& id, Point& at, config::Mistakes& mistakes) {
  const auto point = position.point();
  if (point) {
    at = *point;
  } else {
    mistakes.push_back(id + ": lat and lon are decimal degrees with at most seven decimals");
  }
}

}  // namespace

Result<Sources> read_sources(const std::string& bundle_folder) {
  const std::string path = bundle_folder + "/sources.yaml";
  File file;
  config::Mistakes mistakes = config::load(path, file);
  Sources sources;
  for (CameraEntry& entry : file.cameras) {
    place(entry.position, entry.camera.id, entry.camera.at, mistakes);
    sources.cameras.push_back(std::move(entry.camera));
  }
  for (CheckpointEntry& entry : file.checkpoints) {
    place(entry.position, entry.checkpoint.id, entry.checkpoint.at, mistakes);
    entry.checkpoint.queue_long = static_cast<int>(entry.queue_long);
    sources.checkpoints.push_back(std::move(entry.checkpoint));
  }
  if (mistakes.empty()) return sources;
  std::string all = path + ":";
  for (const std::string& mistake : mistakes) all += "\n  " + mistake;
  return permanent(std::move(all));
}

}  // namespace ioc::simulator
