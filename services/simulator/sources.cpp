#include "services/simulator/sources.h"

#include <cstdio>

#include "libs/base/assert.h"
#include "libs/config/config.h"
#include "services/simulator/sources_yaml.h"

namespace ioc::simulator {
namespace {

// "21.59652" with at most seven decimals.
std::int64_t e7_of(const std::string& text) {
  const std::size_t dot = text.find('.');
  std::string digits = text.substr(0, dot);
  std::string decimals = dot == std::string::npos ? std::string() : text.substr(dot + 1);
  IOC_ASSERT(decimals.size() <= 7);
  decimals.resize(7, '0');
  return std::stoll(digits + decimals);
}

struct Position {
  std::string lat, lon;
  void declare(config::Fields& fields) {
    fields.text("lat", lat, "degrees north");
    fields.text("lon", lon, "degrees east");
  }
  [[nodiscard]] Point point() const { return {e7_of(lat), e7_of(lon)}; }
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

Sources read() {
  File file;
  const config::Mistakes mistakes =
      config::read_text(kSourcesYaml, "sources.yaml", [&](config::Fields& fields) { file.declare(fields); });
  for (const std::string& mistake : mistakes) std::fprintf(stderr, "%s\n", mistake.c_str());
  IOC_ASSERT(mistakes.empty());  // the file is part of the program
  Sources sources;
  for (CameraEntry& entry : file.cameras) {
    entry.camera.at = entry.position.point();
    sources.cameras.push_back(std::move(entry.camera));
  }
  for (CheckpointEntry& entry : file.checkpoints) {
    entry.checkpoint.at = entry.position.point();
    entry.checkpoint.queue_long = static_cast<int>(entry.queue_long);
    sources.checkpoints.push_back(std::move(entry.checkpoint));
  }
  return sources;
}

}  // namespace

const Sources& sources() {
  static const Sources all = read();
  return all;
}

}  // namespace ioc::simulator
