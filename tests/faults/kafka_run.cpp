// Kafka: real `ioc triage` processes and a real broker.
#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include "libs/domain/topics.h"
#include "libs/log/kafka/kafka.h"
#include "tests/faults/follower.h"
#include "tests/faults/kafka_peek.h"
#include "tests/faults/kafka_sender.h"
#include "tests/faults/process.h"
#include "tests/faults/reference.h"
#include "tests/faults/run.h"
#include "tests/faults/workload.h"
#include "tests/libs/log/kafka_broker.h"

namespace ioc::faults {
namespace {

constexpr PartitionId kPartition{0};
constexpr std::string_view kName = "faults";
constexpr std::uint64_t kSecondsPerFault = 5;  // in which the share of events that belongs to a fault is sent
constexpr std::int64_t kPatience = 240;
constexpr Millis kSession{3'000};

enum class Fault : std::size_t {
  KillEngine, KillEngineTwice, RestartEngine, StopEngine, StopEngineBriefly, LoseDisk, Double, Zombie,
  KillBroker, RestartBroker, StopBroker, KillAll
};
constexpr std::array<std::string_view, 12> kFaults = {
    "engine: kill -9", "engine: kill -9, and again while it starts", "engine: restarted", "engine: stopped until it is fenced",
    "engine: stopped briefly", "engine: kill -9, its disk lost", "two engines with the same ids",
    "engine: stopped, replaced, and woken as a zombie", "broker: kill -9", "broker: restarted", "broker: stopped",
    "engine and broker: kill -9"};

log::KafkaSettings settings_of(const std::string& bootstrap) {
  log::KafkaSettings settings;
  settings.bootstrap = bootstrap;
  settings.prefix = kName;
  settings.append_timeout = std::chrono::seconds(60);  // longer than a broker is away
  return settings;
}

class KafkaRun {
 public:
  explicit KafkaRun(const Options& options);
  Outcome run();

 private:
  struct Engine {
    std::string data, url;
    int port = 0;
    Process process;
  };

  void start(std::size_t engine);
  void start_other_and_wait();
  void inject(Fault fault);
  void wait_working(const std::string& after);
  void pause(std::uint64_t from_ms, std::uint64_t until_ms);
  void disturb();
  void settle();
  [[nodiscard]] Outcome check_all();
  [[nodiscard]] Engine& primary() { return x_engines[x_primary]; }

  const Options x_options;
  const Rules x_rules;
  log::test::KafkaBroker& x_broker;
  const log::KafkaSettings x_settings;
  std::unique_ptr<log::Log> x_log;
  KafkaPeek x_peek;
  std::string x_config;
  std::array<Engine, 2> x_engines;
  std::size_t x_primary = 0;
  Ledger x_ledger;
  std::optional<KafkaSender> x_sender;
  std::optional<Follower> x_follower;
  std::uint64_t x_draws = 0;
  std::uint64_t x_faults_done = 0;
};

log::test::KafkaBroker& broker_of(const Options& options) {
  ::setenv("IOC_KAFKA_VERSION", options.log == "kafka-4" ? "4" : "3.9", 1);
  return log::test::KafkaBroker::instance();
}

KafkaRun::KafkaRun(const Options& options)
    : x_options(options),
      x_rules(read_rules(options.root + "/deploy/config/bundle", options.root + "/deploy/config/units")),
      x_broker(broker_of(options)),
      x_settings(settings_of(x_broker.bootstrap())),
      x_log(log::connect_kafka(x_settings).value()),
      x_peek(x_settings, std::string(kName) + "-triage"),
      x_config(options.dir + "/ioc.yaml"),
      x_ledger(options.events) {
  std::ofstream(x_config) << fmt::format(
      "deployment:\n  name: {}\n  bundle_folder: {}/deploy/config/bundle\n  units_folder: {}/deploy/config/units\n"
      "log:\n  kind: kafka\n  kafka:\n    bootstrap: {}\n    prefix: {}\n    session_timeout: {}ms\n    transaction_timeout: {}ms\n",
      kName, options.root, options.root, x_broker.bootstrap(), kName, kSession.count(), kSession.count());
  for (std::size_t i = 0; i < x_engines.size(); ++i) x_engines[i].data = options.dir + "/engine-" + std::to_string(i);
}

void KafkaRun::start(std::size_t engine) {
  Engine& one = x_engines[engine];
  one.port = free_port();
  const std::string address = "127.0.0.1:" + std::to_string(one.port);
  one.url = "http://" + address;
  one.process = Process({x_options.ioc, "triage", "--config", x_config, "--data", one.data, "--listen", address},
                        x_options.dir + "/engine-" + std::to_string(engine) + ".log");
}

void KafkaRun::pause(std::uint64_t from_ms, std::uint64_t until_ms) {
  const std::uint64_t ms = from_ms + draw(x_options.seed, x_draws++, 3) % (until_ms - from_ms + 1);
  std::this_thread::sleep_for(Millis(static_cast<std::int64_t>(ms)));
}

// The same group, member name and transactional ids, another disk.
void KafkaRun::start_other_and_wait() {
  const std::size_t other = 1 - x_primary;
  start(other);
  wait_until(kPatience, "the second engine takes over", [&] {
    if (!x_engines[other].process.running()) throw Broken("the second engine ended by itself");
    return is_ready(x_engines[other].url);
  });
}

void KafkaRun::inject(Fault fault) {
  switch (fault) {
    case Fault::KillEngine:
      primary().process.kill();
      pause(0, 1'500);
      return start(x_primary);
    case Fault::KillEngineTwice:
      primary().process.kill();
      start(x_primary);
      pause(0, 3'000);
      primary().process.kill();
      return start(x_primary);
    case Fault::RestartEngine:
      if (!primary().process.stop(std::chrono::seconds(60))) throw Broken("the engine does not stop within 60 s, or not with exit code 0");
      return start(x_primary);
    case Fault::StopEngine:
    case Fault::StopEngineBriefly: {
      primary().process.signal(SIGSTOP);
      const bool briefly = fault == Fault::StopEngineBriefly;
      pause(briefly ? 200 : 4'000, briefly ? 2'000 : 6'000);
      return primary().process.signal(SIGCONT);
    }
    case Fault::LoseDisk:
      primary().process.kill();
      std::filesystem::remove_all(primary().data);
      return start(x_primary);
    case Fault::Double:
    case Fault::Zombie: {
      Engine& old = primary();
      if (fault == Fault::Zombie) old.process.signal(SIGSTOP);
      start_other_and_wait();
      old.process.signal(SIGCONT);
      x_primary = 1 - x_primary;
      pause(500, 2'500);
      return old.process.kill();
    }
    case Fault::KillBroker:
      x_broker.kill();
      return x_broker.restart();
    case Fault::RestartBroker:
      x_broker.stop();
      return x_broker.restart();
    case Fault::StopBroker:
      x_broker.pause();
      pause(500, 8'000);
      return x_broker.resume();
    case Fault::KillAll:
      x_broker.kill();
      primary().process.kill();
      x_broker.restart();
      return start(x_primary);
  }
}

// Ready, and something was committed since.
void KafkaRun::wait_working(const std::string& after) {
  std::optional<Offset> before;
  wait_until(kPatience, "after \"" + after + "\" the engine works again", [&] {
    if (!primary().process.running()) throw Broken("after \"" + after + "\" the engine ended by itself: see " + x_options.dir);
    if (!is_ready(primary().url)) return false;
    const auto now = x_peek.committed(topics::kEvents, kPartition).next;
    if (!before) before = now;
    return before && now && *now > *before;
  });
}

void KafkaRun::disturb() {
  const std::uint64_t share = x_options.events / (x_options.faults + 1);
  for (const std::size_t kind : plan(x_options.seed, x_options.faults, kFaults.size())) {
    x_sender->allow((x_faults_done + 1) * share, share / kSecondsPerFault + 1);
    pause(0, 2'000);
    say(fmt::format("fault {} of {}: {} ({} events acknowledged)", x_faults_done + 1, x_options.faults, kFaults[kind],
                    x_ledger.acknowledged()));
    inject(static_cast<Fault>(kind));
    wait_working(std::string(kFaults[kind]));
    ++x_faults_done;
  }
}

void KafkaRun::settle() {
  constexpr std::uint64_t kAtOnce = 1'000'000;
  x_sender->allow(x_options.events, kAtOnce);
  wait_until(1'200, "all events are acknowledged", [&] { return x_ledger.acknowledged() == x_options.events; });
  x_sender.reset();
  const Offset end = x_log->range(topics::kEvents, kPartition).value().end;
  say(fmt::format("all {} events are acknowledged, the input ends at {}", x_options.events, end.value()));
  wait_until(1'200, "all records are committed", [&] {
    const auto committed = x_peek.committed(topics::kEvents, kPartition).next;
    return committed && *committed >= end;
  });
  if (!primary().process.stop(std::chrono::seconds(60))) throw Broken("the engine does not stop within 60 s, or not with exit code 0");
  std::this_thread::sleep_for(2 * kSession);  // whatever a dead owner left open is decided by then
}

Outcome KafkaRun::check_all() {
  say("stepping the input again, reading the outputs");
  History history;
  Question question{kPartition, 1, {}, x_options.dir + "/reference"};
  wait_until(kPatience, "the committed offset can be read", [&] {
    question.committed = x_peek.committed(topics::kEvents, kPartition);
    return question.committed.next.has_value();
  });
  compare(*x_log, question, x_rules, x_ledger, history);
  std::uint64_t outputs = 0;
  std::uint64_t aborted = 0;
  for (const Stream& stream : history.streams) {
    outputs += stream.expected.size();
    const std::string topic = stream.name.substr(0, stream.name.find('/'));
    const auto end = x_log->range(topic, kPartition).value().end;
    aborted += count_uncommitted(x_settings, topic, kPartition, end) - stream.committed.size();
  }
  say(fmt::format("{} outputs are expected; {} messages of aborted transactions lie between them", outputs, aborted));
  x_follower->stop();
  const bool followed = x_follower->hand_over(history.streams);
  history.events = x_ledger.all();
  Outcome outcome{x_ledger.acknowledged(), x_faults_done, check(history)};
  if (!followed) ++outcome.verdict.lost;
  return outcome;
}

Outcome KafkaRun::run() {
  start(x_primary);
  wait_until(kPatience, "the engine is ready", [&] { return is_ready(primary().url); });
  x_follower.emplace(*x_log, x_rules.topics, kPartition);
  x_sender.emplace(*x_log, kPartition, x_options.seed, x_ledger);
  disturb();
  settle();
  return check_all();
}

}  // namespace

Outcome run_kafka(const Options& options) { return KafkaRun(options).run(); }

}  // namespace ioc::faults
