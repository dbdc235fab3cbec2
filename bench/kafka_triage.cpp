// Latency of triage on Kafka beside a bare loop that writes the same topics, partitions and bytes (DESIGN 6): full mix,
// runs of the two in turn on one broker, medians. And what each costs in CPU.
//   bench_kafka_triage --bootstrap HOST:PORT --ioc FILE --root DIR --data DIR [--seconds N] [--rate N] [--runs N]
#include <fcntl.h>
#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include "bench/apart.h"
#include "bench/copy_loop.h"
#include "bench/figures.h"
#include "bench/record_mix.h"
#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/log/kafka/kafka.h"
#include "libs/triage/bundle.h"
#include "libs/triage/machine.h"
#include "libs/triage/map_state.h"

namespace {

using namespace ioc;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kWarmUpSeconds = 2;
constexpr auto kPatience = 120s;

struct Settings {
  std::string bootstrap, ioc, root, data;
  std::uint64_t seconds = 10, rate = 5'000, runs = 5;
};

std::unique_ptr<log::Log> connect(const Settings& settings) {
  log::KafkaSettings kafka;
  kafka.bootstrap = settings.bootstrap;
  return log::connect_kafka(kafka).value();
}

// What one run sends, and the number of each event by its id.
struct Sendings {
  std::vector<std::string> keys, records;
  std::unordered_map<std::string, std::size_t> number;

  Sendings(bench::RecordMix& mix, std::uint64_t events) {
    for (std::uint64_t i = 0; i < events; ++i) {
      records.push_back(mix.next());
      keys.push_back(mix.last_source().str());
      number.emplace(mix.last_id().str(), i);
    }
  }
};

// A topic that was just made has no leader for a moment.
Offset end_of(log::Log& log, std::string_view topic) {
  for (const auto began = Clock::now();; std::this_thread::sleep_for(100ms)) {
    const auto range = log.range(topic, PartitionId(0));
    if (range || Clock::now() - began > kPatience) return range.value().end;
  }
}

// Sends each record at its time, and again when the log asks for it.
class Sender {
 public:
  Sender(log::Log& log, std::string to, const Sendings& sendings)
      : x_log(log), x_to(std::move(to)), x_sendings(sendings), x_sent(sendings.records.size()) {}

  void run(std::uint64_t rate) {
    const auto began = Clock::now();
    for (std::size_t i = 0; i < x_sendings.records.size(); ++i) {
      std::this_thread::sleep_until(began + std::chrono::nanoseconds(i * 1'000'000'000 / rate));
      x_sent[i] = Clock::now().time_since_epoch().count();
      send(i);
    }
    for (std::unique_lock lock(x_mutex); x_acknowledged < x_sendings.records.size();) {
      x_changed.wait(lock);
      const std::vector<std::size_t> again = std::exchange(x_again, {});
      lock.unlock();
      for (const std::size_t i : again) send(i);
      lock.lock();
    }
  }
  [[nodiscard]] Clock::time_point sent(std::size_t i) const { return Clock::time_point(Clock::duration(x_sent[i])); }

 private:
  void send(std::size_t i) {
    const auto done = [this, i](const Result<Offset>& offset) {
      const std::lock_guard lock(x_mutex);
      if (offset) ++x_acknowledged;
      else x_again.push_back(i);
      x_changed.notify_one();
    };
    x_log.append(x_to, PartitionId(0), {x_sendings.keys[i], x_sendings.records[i], {}, false}, done);
  }

  log::Log& x_log;
  const std::string x_to;
  const Sendings& x_sendings;
  std::vector<std::atomic<Clock::rep>> x_sent;
  std::mutex x_mutex;
  std::condition_variable x_changed;
  std::size_t x_acknowledged = 0;
  std::vector<std::size_t> x_again;
};

// The time from sending each event until a read-committed consumer has its first decision, but for the first `skip`.
std::vector<double> decision_ages(log::Log& log, const std::string& to, const Sendings& sendings, std::uint64_t rate,
                                  std::uint64_t skip) {
  auto reader = log.read(topics::kDecisions, PartitionId(0), end_of(log, topics::kDecisions)).value();
  Sender sender(log, to, sendings);
  const auto sending = std::async(std::launch::async, [&] { sender.run(rate); });
  std::vector<double> ages;
  std::vector<bool> seen(sendings.records.size());
  for (std::size_t missing = sendings.records.size(); missing > 0;) {
    const log::Batch batch = reader->poll(10'000, 16 << 20).value();
    const auto now = Clock::now();
    for (const log::Entry& entry : batch.entries) {
      const auto found = sendings.number.find(wire::decode_decision(entry.value).value().event.str());
      if (found == sendings.number.end() || seen[found->second]) continue;
      seen[found->second] = true;
      --missing;
      if (found->second >= skip)
        ages.push_back(std::chrono::duration<double, std::milli>(now - sender.sent(found->second)).count());
    }
    if (!batch.entries.empty()) continue;
    std::promise<void> ready;
    reader->when_ready([&] { ready.set_value(); });
    if (ready.get_future().wait_for(kPatience) != std::future_status::ready) {
      throw std::runtime_error(fmt::format("{} of {} events have no decision after {} s", missing, seen.size(), kPatience / 1s));
    }
  }
  return ages;
}

// `ioc triage` in a process of its own, with the shipped configuration.
class TriageProcess {
 public:
  explicit TriageProcess(const Settings& settings) {
    x_pid = ::fork();
    if (x_pid != 0) return;
    const int log = ::open((settings.data + "/triage.log").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0644);
    ::dup2(log, 1);
    ::dup2(log, 2);
    const std::string config = settings.root + "/deploy/config/ioc-kafka.yaml";
    ::execl(settings.ioc.c_str(), "ioc", "triage", "--config", config.c_str(), "--bootstrap", settings.bootstrap.c_str(),
            "--data", settings.data.c_str(), "--listen", "127.0.0.1:0", nullptr);
    ::_exit(127);
  }
  ~TriageProcess() {
    ::kill(x_pid, SIGTERM);
    ::waitpid(x_pid, nullptr, 0);
  }
  TriageProcess(const TriageProcess&) = delete;
  TriageProcess& operator=(const TriageProcess&) = delete;
  [[nodiscard]] double cpu_seconds() const {
    std::ifstream stat("/proc/" + std::to_string(x_pid) + "/stat");
    std::string word;
    double ticks = 0;
    // User and system time are words 14 and 15; the name, word 2, is "(ioc)".
    for (int i = 1; i <= 15 && stat >> word; ++i)
      if (i >= 14) ticks += std::stod(word);
    return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }

 private:
  pid_t x_pid = 0;
};

// Steps the events of the bare loop beforehand, so that the loop knows what to write for each.
class Reference {
 public:
  explicit Reference(const Settings& settings)
      : x_bundle(compiled(settings)),
        x_machine(PartitionId(0), 1, x_state, [this](std::string_view) { return x_bundle; }) {
    x_machine.load().value();
    static_cast<void>(step(wire::encode(Record(Activation{x_hash, triage::kBehaviourVersion, "bench"}))));
  }

  std::vector<std::vector<bench::CopyOutput>> outputs(const Sendings& sendings) {
    std::vector<std::vector<bench::CopyOutput>> all;
    for (const std::string& record : sendings.records) all.push_back(step(record));
    return all;
  }

 private:
  std::shared_ptr<const triage::Bundle> compiled(const Settings& settings) {
    auto files = triage::read_bundle(settings.root + "/deploy/config/bundle", settings.root + "/deploy/config/units").value();
    x_hash = triage::pack(files).hash;
    triage::BundleProblems problems;
    auto bundle = triage::compile(x_hash, std::move(files), problems);
    if (!bundle) throw std::runtime_error("the bundle does not compile: " + problems.problems.front());
    return bundle;
  }
  std::vector<bench::CopyOutput> step(const std::string& record) {
    x_effects.clear();
    const auto at = LogTime::from_ms(wall_now().ms());
    x_machine.step({Offset(x_offset++), at, record}, x_effects);
    std::vector<triage::StateWrite> delta;
    x_machine.take_delta(delta);
    x_state.apply(std::move(delta));
    std::vector<bench::CopyOutput> outputs;
    for (triage::Effect& effect : x_effects) {
      const auto partition = static_cast<std::int32_t>(effect.partition.value_or(PartitionId(0)).value());
      outputs.push_back({std::move(effect.topic), partition, std::move(effect.key), std::move(effect.value)});
    }
    return outputs;
  }

  std::string x_hash;
  std::shared_ptr<const triage::Bundle> x_bundle;
  triage::MapState x_state;
  triage::Machine x_machine;
  std::uint64_t x_offset = 0;
  std::vector<triage::Effect> x_effects;
};

struct Run {
  double p50 = 0, p99 = 0, cpu_us = 0;
};

// Of what a child measured: it writes the figures into a pipe.
Run measured_apart(const std::function<Run()>& work) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  bench::apart([&] {
    const Run run = work();
    if (::write(ends[1], &run, sizeof run) != sizeof run) throw std::runtime_error("the figures got lost");
  });
  Run run;
  static_cast<void>(!::read(ends[0], &run, sizeof run));
  ::close(ends[0]);
  ::close(ends[1]);
  return run;
}

Run of(std::vector<double> ages, double cpu_seconds, std::size_t events) {
  Run run;
  run.p50 = bench::percentile(ages, 0.5);
  run.p99 = bench::percentile(ages, 0.99);
  run.cpu_us = 1e6 * cpu_seconds / static_cast<double>(events);
  return run;
}

double median(const std::vector<Run>& runs, double Run::*figure) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(run.*figure);
  return bench::percentile(values, 0.5);
}

void report(const std::string& name, const std::vector<Run>& runs) {
  bench::report(name + "_latency_p50", median(runs, &Run::p50), "ms");
  bench::report(name + "_latency_p99", median(runs, &Run::p99), "ms");
  bench::report(name + "_cpu_per_event", median(runs, &Run::cpu_us), "us");
}

void run(const Settings& settings) {
  const std::uint64_t skip = settings.rate * kWarmUpSeconds, events = skip + settings.rate * settings.seconds;
  Reference reference(settings);
  bench::RecordMix for_triage(wall_now().ms()), for_bare(wall_now().ms() + 1);
  const TriageProcess triage(settings);
  bench::apart([&] {  // triage makes the topics; once it decides, all is up
    auto log = connect(settings);
    for (const auto began = Clock::now(); !log->partitions_of(topics::kDecisions).value();) {
      if (Clock::now() - began > kPatience) throw std::runtime_error("triage is not up; see " + settings.data + "/triage.log");
      std::this_thread::sleep_for(100ms);
    }
    bench::RecordMix first(wall_now().ms() + 2, 1);
    static_cast<void>(decision_ages(*log, std::string(topics::kEvents), Sendings(first, 10), 10, 0));
  });
  std::vector<Run> triaged, bare;
  for (std::uint64_t i = 0; i < settings.runs; ++i) {
    fmt::print(stderr, "kafka_triage: run {} of {}\n", i + 1, settings.runs);
    const Sendings sendings(for_triage, events), same(for_bare, events);
    const auto outputs = reference.outputs(same);
    triaged.push_back(measured_apart([&] {
      const double before = triage.cpu_seconds();
      auto log = connect(settings);
      auto ages = decision_ages(*log, std::string(topics::kEvents), sendings, settings.rate, skip);
      return of(std::move(ages), triage.cpu_seconds() - before, events);
    }));
    const std::string from = fmt::format("bench-events-{}-{}-{}", settings.rate, ::getpid(), i);
    bench::apart([&] {
      const log::TopicConfig topic{.name = from};
      connect(settings)->ensure_topics({&topic, 1}).value();
    });
    bare.push_back(measured_apart([&] {
      bench::CopyJob job{settings.bootstrap, from, "", 4ms, events, &outputs};
      bench::CopierProcess copier([&] { return bench::copy_bare(job); });
      auto log = connect(settings);
      auto ages = decision_ages(*log, from, same, settings.rate, skip);
      const bench::CopyCost cost = copier.wait();
      return of(std::move(ages), cost.cpu_seconds, cost.events);
    }));
  }
  const std::string at = fmt::format("_{}_per_s", settings.rate);
  report("kafka_triage" + at, triaged);
  report("kafka_bare_same_outputs" + at, bare);
  bench::report("kafka_triage_over_bare" + at + "_latency_p99", median(triaged, &Run::p99) / median(bare, &Run::p99), "x",
                "<= 1.5");
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("triage on Kafka beside a bare loop that writes the same");
  app.add_option("--bootstrap", settings.bootstrap)->required();
  app.add_option("--ioc", settings.ioc, "the executable")->required();
  app.add_option("--root", settings.root, "the repository, for its configuration")->required();
  app.add_option("--data", settings.data, "an empty folder for triage's state and log")->required();
  app.add_option("--seconds", settings.seconds, "measured seconds of each run")->check(CLI::Range(1, 600));
  app.add_option("--rate", settings.rate, "events a second")->check(CLI::Range(1, 100'000));
  app.add_option("--runs", settings.runs, "runs of each, in turn")->check(CLI::Range(1, 25));
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::err);
  try {
    run(settings);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_kafka_triage: {}\n", error.what());
    return 4;
  }
}
