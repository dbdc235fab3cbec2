// Latency and cost of the transactional copy loop on Kafka, bare and through libs/log.
//   bench_kafka_copy --bootstrap HOST:PORT [--seconds N]
// Each figure runs its copier in a process of its own, so that its CPU time is its own.
#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstring>
#include <future>
#include <stdexcept>
#include <thread>

#include "bench/apart.h"
#include "bench/copy_loop.h"
#include "bench/figures.h"
#include "libs/log/kafka/kafka.h"

namespace {

using namespace ioc;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kEventBytes = 300;
constexpr std::uint64_t kWarmUpSeconds = 2;

struct Settings {
  std::string bootstrap;
  std::uint64_t seconds = 10;
  std::uint64_t saturation_events = 500'000;
};

std::string unique_topic(const std::string& stem) {
  static int counter = 0;
  return fmt::format("bench-{}-{}-{}", stem, ::getpid(), counter++);
}

std::unique_ptr<log::Log> connect(const Settings& settings) {
  log::KafkaSettings kafka;
  kafka.bootstrap = settings.bootstrap;
  kafka.queued_bytes_max = 1ull << 30;
  return log::connect_kafka(kafka).value();
}

std::string event_now() {
  std::string value(kEventBytes, 'e');
  const std::int64_t now = Clock::now().time_since_epoch().count();
  std::memcpy(value.data(), &now, sizeof now);
  return value;
}

double age_ms(std::string_view value) {
  std::int64_t sent = 0;
  std::memcpy(&sent, value.data(), sizeof sent);
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch() - Clock::duration(sent)).count();
}

void append_at_rate(log::Log& log, const std::string& topic, std::uint64_t rate, std::uint64_t events) {
  const auto began = Clock::now();
  for (std::uint64_t sent = 0; sent < events; ++sent) {
    std::this_thread::sleep_until(began + std::chrono::nanoseconds(sent * 1'000'000'000 / rate));
    log.append(topic, PartitionId(0), {"key", event_now(), {}, false}, [](Result<Offset> offset) {
      if (!offset) throw std::runtime_error(offset.error().message);
    });
  }
}

// Ages of the events when a read_committed reader has them; the first `skip` are warming up.
std::vector<double> read_ages(log::Log& log, const std::string& topic, std::uint64_t events, std::uint64_t skip) {
  auto reader = log.read(topic, PartitionId(0), Offset(0)).value();
  std::vector<double> ages;
  for (std::uint64_t seen = 0; seen < events;) {
    const log::Batch batch = reader->poll(10'000, 16 << 20).value();
    for (const log::Entry& entry : batch.entries)
      if (++seen > skip) ages.push_back(age_ms(entry.value));
    if (!batch.entries.empty()) continue;
    std::promise<void> ready;
    reader->when_ready([&] { ready.set_value(); });
    if (ready.get_future().wait_for(60s) != std::future_status::ready) throw std::runtime_error("no events for 60 s");
  }
  return ages;
}

using Copier = bench::CopyCost (*)(const bench::CopyJob&);

std::string make_topic(const Settings& settings, const std::string& stem) {
  const std::string name = unique_topic(stem);
  bench::apart([&] {
    const log::TopicConfig topic{.name = name};
    connect(settings)->ensure_topics({&topic, 1}).value();
  });
  return name;
}

void latency(const Settings& settings, const std::string& name, Copier copier, std::uint64_t rate) {
  const std::string from = make_topic(settings, "in");
  const std::string to = make_topic(settings, "out");
  bench::apart([&] {
    const std::uint64_t warm_up = rate * kWarmUpSeconds;
    const std::uint64_t events = warm_up + rate * settings.seconds;
    bench::CopierProcess process([&] { return copier({settings.bootstrap, from, to, 5ms, events, {}}); });
    auto log = connect(settings);
    auto ages = std::async(std::launch::async, [&] { return read_ages(*log, to, events, warm_up); });
    append_at_rate(*log, from, rate, events);
    auto values = ages.get();
    const bench::CopyCost cost = process.wait();
    const std::string at = fmt::format("{}_{}_per_s", name, rate);
    bench::report(at + "_latency_p50", bench::percentile(values, 0.5), "ms");
    bench::report(at + "_latency_p99", bench::percentile(values, 0.99), "ms");
    bench::report(at + "_cpu_per_event", 1e6 * cost.cpu_seconds / static_cast<double>(cost.events), "us");
  });
}

void saturation(const Settings& settings, const std::string& from, const std::string& name, Copier copier) {
  const std::string to = make_topic(settings, "full");
  bench::apart([&] {
    bench::CopierProcess process([&] { return copier({settings.bootstrap, from, to, 100ms, settings.saturation_events, {}}); });
    const bench::CopyCost cost = process.wait();
    const auto events = static_cast<double>(cost.events);
    bench::report(name + "_saturated_100ms_rate", events / cost.wall_seconds, "events/s");
    bench::report(name + "_saturated_100ms_cpu_per_event", 1e6 * cost.cpu_seconds / events, "us");
  });
}

void run(const Settings& settings) {
  const std::string full = make_topic(settings, "filled");
  bench::apart([&] {
    auto log = connect(settings);
    append_at_rate(*log, full, 10'000'000, settings.saturation_events);
    while (log->stats().queued_bytes > 0) std::this_thread::sleep_for(10ms);
  });
  for (const auto& [name, copier] : {std::pair<std::string, Copier>{"kafka_bare_copy", bench::copy_bare},
                                     std::pair<std::string, Copier>{"kafka_log_copy", bench::copy_seam}}) {
    for (const std::uint64_t rate : {500u, 5'000u}) latency(settings, name, copier, rate);
    saturation(settings, full, name, copier);
  }
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("transactional copy loop on Kafka");
  app.add_option("--bootstrap", settings.bootstrap)->required();
  app.add_option("--seconds", settings.seconds, "measured seconds of each figure");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::err);
  try {
    run(settings);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_kafka_copy: {}\n", error.what());
    return 4;
  }
}
