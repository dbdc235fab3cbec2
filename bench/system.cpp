// Figures of the running system, taken from outside over HTTP. bench/system starts it and the processes it measures.
//   bench_system --name embedded --ingest URL --desk URL --token T --pid N… [--seconds N]
#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bench/figures.h"
#include "bench/load.h"
#include "libs/http/client.h"

namespace {

using namespace ioc;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Settings {
  std::string name, ingest, desk, token;
  std::vector<int> pids;
  std::uint64_t seconds = 10;
};

constexpr std::uint64_t kBatchEvents = 500;
constexpr std::uint64_t kBurstEvents = 100'000;
constexpr int kSingleSenders = 16;
constexpr int kBatchSenders = 4;
constexpr int kProbesPerSecond = 20;
const http::Headers kJson = {{"content-type", "application/json"}};
const http::Headers kLines = {{"content-type", "application/x-ndjson"}};

std::uint64_t next_place() {
  static std::atomic<std::uint64_t> place{0};
  return place++;
}

double ms_since(Clock::time_point began) {
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

std::string run_name(const std::string& what) { return fmt::format("{}{}", what, ::getpid()); }

class Connection final : public http::Client {
 public:
  Connection(const Settings& settings, const std::string& url) : Client(url) { set_token(settings.token); }
};

std::string field(const std::string& body, const char* name) {
  boost::system::error_code wrong;
  const auto value = boost::json::parse(body, wrong);
  if (wrong || !value.is_object()) return {};
  const auto* found = value.as_object().if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

// The incident's version, asked of the desk.
std::uint64_t version_of(http::Client& desk, const std::string& incident) {
  const auto body = desk.request("GET", "/v1/incidents/" + incident).value().body;
  return boost::json::value_to<std::uint64_t>(boost::json::parse(body).at("version"));
}

// Sends until told; 429 and 503 are counted and waited out, other answers end the program.
std::uint64_t send_batch(http::Client& to, const bench::Batch& batch, std::atomic<std::uint64_t>& pushed_back) {
  while (true) {
    const auto answer = to.request("POST", batch.path, batch.body, kLines).value();
    if (answer.status == 200) return batch.events;
    if (answer.status != 429 && answer.status != 503)
      throw std::runtime_error(fmt::format("{} answered {}: {}", batch.path, answer.status, answer.body));
    ++pushed_back;
    std::this_thread::sleep_for(100ms);
  }
}

template <class Work>
void in_threads(int count, Work work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&work, i] {
      try {
        work(i);
      } catch (const std::exception& error) {
        fmt::print(stderr, "bench_system: {}\n", error.what());
        std::_Exit(4);
      }
    });
  for (auto& thread : threads) thread.join();
}

void ingest_single(const Settings& settings) {
  std::atomic<std::uint64_t> accepted{0}, pushed_back{0};
  const auto began = Clock::now();
  in_threads(kSingleSenders, [&](int sender) {
    bench::Mix mix(run_name(fmt::format("single{}-", sender)));
    Connection to(settings, settings.ingest);
    while (ms_since(began) < 1e3 * static_cast<double>(settings.seconds)) {
      const auto answer = to.request("POST", "/v1/reports", mix.report(), kJson).value();
      ++(answer.status == 202 ? accepted : pushed_back);
    }
  });
  const double seconds = ms_since(began) / 1e3;
  bench::report(settings.name + "_ingest_single_16_senders", static_cast<double>(accepted) / seconds, "events/s");
  bench::report(settings.name + "_ingest_single_pushed_back", static_cast<double>(pushed_back), "answers");
}

void ingest_batch(const Settings& settings) {
  std::atomic<std::uint64_t> accepted{0}, pushed_back{0};
  const auto began = Clock::now();
  in_threads(kBatchSenders, [&](int sender) {
    bench::Mix mix(run_name(fmt::format("batch{}-", sender)));
    Connection to(settings, settings.ingest);
    while (ms_since(began) < 1e3 * static_cast<double>(settings.seconds))
      accepted += send_batch(to, mix.batch(kBatchEvents), pushed_back);
  });
  const double seconds = ms_since(began) / 1e3;
  bench::report(settings.name + "_ingest_batches_of_500_4_senders", static_cast<double>(accepted) / seconds, "events/s");
  bench::report(settings.name + "_ingest_batches_pushed_back", static_cast<double>(pushed_back), "answers");
}

// When each incident was first seen on the desk's stream, by the id of the event that opened it.
class Wall {
 public:
  explicit Wall(const Settings& settings) : x_client(settings, settings.desk) {
    x_thread = std::thread([this] {
      const auto status = x_client.lines("/v1/stream", {}, [this](std::string_view line) { return take(line); });
      if (!x_stop) fmt::print(stderr, "bench_system: the stream ended: {}\n", status ? "closed" : status.error().message);
    });
  }
  ~Wall() {
    x_stop = true;  // the stream has a clock: a line comes every second
    x_thread.join();
  }
  std::optional<Clock::time_point> seen(const std::string& event_id) {
    const std::lock_guard lock(x_mutex);
    const auto found = x_seen.find(event_id);
    return found == x_seen.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  bool take(std::string_view line) {
    constexpr std::string_view kStart = "data: {\"id\":\"0-";
    if (line.starts_with(kStart)) {
      const auto rest = line.substr(kStart.size());
      const std::lock_guard lock(x_mutex);
      x_seen.try_emplace(std::string(rest.substr(0, rest.find('"'))), Clock::now());
    }
    return !x_stop;
  }

  Connection x_client;
  std::atomic<bool> x_stop{false};
  std::mutex x_mutex;
  std::map<std::string, Clock::time_point> x_seen;
  std::thread x_thread;
};

struct Probe {
  std::string event_id;
  Clock::time_point sent;
};

void background(const Settings& settings, std::uint64_t rate, const std::atomic<bool>& stop, std::uint64_t& sent) {
  bench::Mix mix(run_name(fmt::format("back{}-", rate)));
  Connection to(settings, settings.ingest);
  std::atomic<std::uint64_t> pushed_back{0};
  const std::uint64_t each = std::max<std::uint64_t>(1, rate / 50);
  const auto began = Clock::now();
  for (std::uint64_t n = 0; !stop; ++n) {
    std::this_thread::sleep_until(began + n * 20ms);
    sent += send_batch(to, mix.batch(each), pushed_back);
  }
}

void latency(const Settings& settings, std::uint64_t rate) {
  Wall wall(settings);
  std::atomic<bool> stop{false};
  std::uint64_t sent = 0;
  std::vector<Probe> probes;
  const auto began = Clock::now();
  in_threads(2, [&](int thread) {
    if (thread == 1) return background(settings, rate, stop, sent);
    bench::Mix mix(run_name(fmt::format("probe{}-", rate)));
    Connection to(settings, settings.ingest);
    for (std::uint64_t n = 0; n < (settings.seconds + 2) * kProbesPerSecond; ++n) {
      std::this_thread::sleep_until(began + n * 1'000'000us / kProbesPerSecond);
      Probe probe{"", Clock::now()};
      probe.event_id = field(to.request("POST", "/v1/reports", mix.lone_report(next_place()), kJson).value().body, "event_id");
      if (n >= 2 * kProbesPerSecond) probes.push_back(std::move(probe));
    }
    stop = true;
  });
  const double seconds = ms_since(began) / 1e3;
  std::this_thread::sleep_for(2s);
  std::vector<double> ages;
  for (const Probe& probe : probes)
    if (const auto seen = wall.seen(probe.event_id))
      ages.push_back(std::chrono::duration<double, std::milli>(*seen - probe.sent).count());
  const std::string at = fmt::format("{}_feed_to_sse_{}_per_s", settings.name, rate);
  const bool embedded = settings.name == "embedded";
  bench::report(at + "_p50", bench::percentile(ages, 0.5), "ms");
  bench::report(at + "_p99", bench::percentile(ages, 0.99), "ms", embedded ? "<= 15" : "<= 1.5 x a bare loop");
  // Probes that joined another incident open none and cannot be told apart on the stream.
  bench::report(at + "_probes_seen", 100.0 * static_cast<double>(ages.size()) / static_cast<double>(probes.size()), "%");
  bench::report(at + "_rate_reached", static_cast<double>(sent) / seconds, "events/s", fmt::format("{}", rate));
}

// An incident to work on. The desk shows it when all that was sent before is through.
std::string open_incident(const Settings& settings) {
  bench::Mix mix(run_name(fmt::format("lone{}-", next_place())));
  Connection to(settings, settings.ingest);
  Connection desk(settings, settings.desk);
  const auto event = field(to.request("POST", "/v1/reports", mix.lone_report(next_place()), kJson).value().body, "event_id");
  const auto deadline = Clock::now() + 120s;
  while (Clock::now() < deadline) {
    if (desk.request("GET", "/v1/incidents/0-" + event).value().status == 200) return "0-" + event;
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error("a report opened no incident within 120 s");
}

void commands_under_burst(const Settings& settings) {
  const std::string incident = open_incident(settings);
  std::atomic<std::uint64_t> sent{0}, pushed_back{0};
  std::atomic<bool> burst_over{false};
  std::vector<double> waits;
  std::uint64_t late = 0;
  in_threads(kBatchSenders + 1, [&](int thread) {
    if (thread == 0) {
      Connection desk(settings, settings.desk);
      for (int n = 0; !burst_over || n < 5; ++n) {
        const std::string body =
            fmt::format(R"({{"kind":"comment","version":{},"text":"ghi chú {}"}})", version_of(desk, incident), n);
        http::Headers headers = kJson;
        headers.push_back({"idempotency-key", fmt::format("{}-{}", run_name("key"), n)});
        const auto began = Clock::now();
        const auto answer = desk.request("POST", "/v1/incidents/" + incident + "/commands", body, headers).value();
        // 409: what came in meanwhile changed the incident. That is an answer, too.
        if (answer.status != 200 && answer.status != 202 && answer.status != 409)
          throw std::runtime_error(fmt::format("command answered {}: {}", answer.status, answer.body));
        late += answer.status == 202 ? 1 : 0;
        waits.push_back(ms_since(began));
        std::this_thread::sleep_for(20ms);
      }
      return;
    }
    bench::Mix mix(run_name(fmt::format("burst{}-", thread)));
    Connection to(settings, settings.ingest);
    while (sent.fetch_add(kBatchEvents) < kBurstEvents) send_batch(to, mix.batch(kBatchEvents), pushed_back);
    if (thread == 1) burst_over = true;
  });
  bench::report(settings.name + "_command_under_burst_p50", bench::percentile(waits, 0.5), "ms");
  bench::report(settings.name + "_command_under_burst_longest", bench::percentile(waits, 1), "ms", "<= 2000");
  bench::report(settings.name + "_command_under_burst_late", static_cast<double>(late), "answers 202", "0");
}

void memory(const Settings& settings) {
  double mib = 0;
  for (const int pid : settings.pids) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmRSS:")) mib += std::stod(line.substr(6)) / 1024;
  }
  bench::report(settings.name + "_resident_memory_all_processes", mib, "MiB");
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("figures of the running system");
  app.add_option("--name", settings.name, "starts each figure's name")->required();
  app.add_option("--ingest", settings.ingest)->required();
  app.add_option("--desk", settings.desk)->required();
  app.add_option("--token", settings.token)->required();
  app.add_option("--pid", settings.pids, "processes whose memory counts");
  app.add_option("--seconds", settings.seconds);
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::err);
  try {
    for (const std::uint64_t rate : {500u, 5'000u}) {
      static_cast<void>(open_incident(settings));
      latency(settings, rate);
    }
    static_cast<void>(open_incident(settings));
    ingest_single(settings);
    static_cast<void>(open_incident(settings));
    ingest_batch(settings);
    commands_under_burst(settings);
    memory(settings);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_system: {}\n", error.what());
    return 4;
  }
}
