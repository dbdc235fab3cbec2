#include "tests/faults/engines.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "libs/http/client.h"
#include "tests/faults/run.h"

namespace ioc::faults {
namespace {
constexpr Millis kStopLongest{60'000}, kAnswerLongest{2'000};
}  // namespace

Engines::Engines(std::string ioc, std::string dir, std::string config, std::size_t count) : x_ioc(std::move(ioc)), x_dir(std::move(dir)) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = x_dir + "/engine-" + std::to_string(i);
    std::ofstream(name + ".yaml") << config << "triage:\n  instance: engine-" << i << "\n";
    x_all.push_back({name + ".yaml", name + "-disk-0", name + ".log", {}, 0, {}});
  }
}

void Engines::start(std::size_t engine) {
  Engine& one = x_all[engine];
  const std::string address = "127.0.0.1:" + std::to_string(free_port());
  one.url = "http://" + address;
  one.process = Process({x_ioc, "triage", "--config", one.config, "--data", one.data, "--listen", address}, one.log);
}

void Engines::start_all() {
  for (std::size_t i = 0; i < x_all.size(); ++i) start(i);
}

Process Engines::start_twin(std::size_t engine) {
  Engine& one = x_all[engine];
  Process older = std::move(one.process);
  one.data = fmt::format("{}/engine-{}-disk-{}", x_dir, engine, ++one.disks);
  start(engine);
  return older;
}

void Engines::lose_disk(std::size_t engine) { std::filesystem::remove_all(x_all[engine].data); }

bool Engines::works_on(std::size_t engine, PartitionId partition) const {
  http::Client client(x_all[engine].url, kAnswerLongest);
  const auto answer = client.request("GET", "/metrics");
  if (answer.has_error() || answer->status != 200) return false;
  return answer->body.find(fmt::format("ioc_triage_running{{partition=\"{}\"}} 1\n", partition.value())) != std::string::npos;
}

std::optional<std::size_t> Engines::owner_of(PartitionId partition) const {
  for (std::size_t i = 0; i < x_all.size(); ++i) {
    if (works_on(i, partition)) return i;
  }
  return std::nullopt;
}

std::size_t Engines::standby_beside(std::size_t owner, std::uint32_t partitions) const {
  for (std::size_t i = 0; i < x_all.size(); ++i) {
    bool idle = i != owner;
    for (std::uint32_t p = 0; p < partitions && idle; ++p) idle = !works_on(i, PartitionId(p));
    if (idle) return i;
  }
  return (owner + 1) % x_all.size();
}

bool Engines::ready(std::size_t engine) const { return is_ready(x_all[engine].url); }

bool Engines::all_ready(const std::string& after) {
  for (std::size_t i = 0; i < x_all.size(); ++i) {
    if (!x_all[i].process.running()) throw Broken("after \"" + after + "\" engine " + std::to_string(i) + " ended by itself: see " + x_all[i].log);
    if (!ready(i)) return false;
  }
  return true;
}

std::string Engines::why_not_ready() const {
  std::string text;
  for (const Engine& engine : x_all) {
    http::Client client(engine.url, Millis(3'000));
    const auto ready = client.request("GET", "/readyz");
    if (!ready || ready->status != 200) text += "\n" + engine.log + ": " + (ready ? ready->body : ready.error().message);
    if (const auto metrics = client.request("GET", "/metrics"); metrics) std::ofstream(engine.log + ".metrics") << metrics->body;
  }
  return text;
}

void Engines::stop(std::size_t engine) {
  if (x_all[engine].process.stop(kStopLongest)) return;
  throw Broken(fmt::format("engine {} does not stop within {} s, or not with exit code 0", engine, kStopLongest.count() / 1'000));
}

void Engines::stop_all() {
  for (std::size_t i = 0; i < x_all.size(); ++i) stop(i);
}

}  // namespace ioc::faults
