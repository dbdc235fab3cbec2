// Kafka: several real `ioc triage` processes that share the areas' partitions, and a real broker.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <map>
#include <thread>

#include "libs/domain/topics.h"
#include "libs/log/kafka/kafka.h"
#include "tests/faults/areas.h"
#include "tests/faults/engines.h"
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

constexpr std::string_view kName = "faults";
constexpr std::uint64_t kSecondsPerFault = 5;  // in which the share of events that belongs to a fault is sent
constexpr std::int64_t kPatience = 240;
constexpr Millis kSession{3'000};

// Owner and standby: of one partition, another one each time.
enum class Fault : std::size_t {
  KillOwner, KillOwnerTwice, RestartOwner, StopOwner, StopOwnerBriefly, LoseDisk, Double, Zombie, TakeOver,
  KillStandby, StopStandby, KillOwnerAndStandby, KillBroker, RestartBroker, StopBroker, KillAll
};
constexpr std::array<std::string_view, 16> kFaults = {
    "owner: kill -9", "owner: kill -9, and again while it starts", "owner: restarted", "owner: stopped until it is fenced",
    "owner: stopped briefly", "owner: kill -9, its disk lost", "owner: a second process with the same ids",
    "owner: stopped, replaced, and woken as a zombie", "owner: kill -9, a warm standby takes over", "standby: kill -9",
    "standby: stopped until the group has forgotten it", "owner and standby: kill -9", "broker: kill -9", "broker: restarted",
    "broker: stopped", "engines and broker: kill -9"};

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
  using Positions = std::map<PartitionId, Offset>;

  [[nodiscard]] std::string make_config() const;
  void inject(Fault fault);
  void inject_owner(Fault fault, std::size_t owner);
  void take_over(std::size_t owner);
  void replace(std::size_t engine, bool stopped_first);
  void stop_until_fenced(std::size_t engine, bool briefly);
  [[nodiscard]] std::size_t owner_of(PartitionId partition);
  [[nodiscard]] std::optional<Positions> committed() const;
  void wait_working(const std::string& after);
  [[nodiscard]] std::string where_it_stands() const;
  void wait_all_committed();
  void pause(std::uint64_t from_ms, std::uint64_t until_ms);
  void disturb();
  void settle();
  [[nodiscard]] Outcome check_all();
  void say_what_was_compared(const History& history);

  const Options x_options;
  log::test::KafkaBroker& x_broker;
  const log::KafkaSettings x_settings;
  const std::string x_config;  // makes the bundle
  const Rules x_rules;
  std::unique_ptr<log::Log> x_log;
  KafkaPeek x_peek;
  Engines x_engines;
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
      x_broker(broker_of(options)),
      x_settings(settings_of(x_broker.bootstrap())),
      x_config(make_config()),
      x_rules(read_rules(options.dir + "/bundle", options.root + "/deploy/config/units")),
      x_log(log::connect_kafka(x_settings).value()),
      x_peek(x_settings, std::string(kName) + "-triage"),
      x_engines(options.ioc, options.dir, x_config, options.areas + 1),
      x_ledger(options.events) {}

std::string KafkaRun::make_config() const {
  const std::string deploy = x_options.root + "/deploy/config";
  const std::string bundle = x_options.dir + "/bundle";
  const std::string areas = make_areas(deploy + "/bundle", deploy + "/units", bundle, x_options.areas);
  return fmt::format(
      "deployment:\n  name: {}\n  bundle_folder: {}\n  units_folder: {}/units\n  areas:\n{}"
      "log:\n  kind: kafka\n  kafka:\n    bootstrap: {}\n    prefix: {}\n    session_timeout: {}ms\n    transaction_timeout: {}ms\n",
      kName, bundle, deploy, areas, x_broker.bootstrap(), kName, kSession.count(), kSession.count());
}

void KafkaRun::pause(std::uint64_t from_ms, std::uint64_t until_ms) {
  const std::uint64_t ms = from_ms + draw(x_options.seed, x_draws++, 3) % (until_ms - from_ms + 1);
  std::this_thread::sleep_for(Millis(static_cast<std::int64_t>(ms)));
}

std::size_t KafkaRun::owner_of(PartitionId partition) {
  std::optional<std::size_t> owner;
  wait_until(kPatience, "somebody works on partition " + std::to_string(partition.value()), [&] {
    owner = x_engines.owner_of(partition);
    return owner.has_value();
  });
  return *owner;
}

// The others have everything before it comes back.
void KafkaRun::take_over(std::size_t owner) {
  x_engines.process(owner).kill();
  for (std::uint32_t p = 0; p < x_options.areas; ++p) (void)owner_of(PartitionId(p));
  x_engines.start(owner);
}

void KafkaRun::replace(std::size_t engine, bool stopped_first) {
  if (stopped_first) x_engines.process(engine).signal(SIGSTOP);
  Process older = x_engines.start_twin(engine);
  wait_until(kPatience, "the second process is ready", [&] {
    if (!x_engines.process(engine).running()) throw Broken("the second process ended by itself");
    return x_engines.ready(engine);
  });
  older.signal(SIGCONT);
  pause(500, 2'500);
  older.kill();
}

void KafkaRun::stop_until_fenced(std::size_t engine, bool briefly) {
  x_engines.process(engine).signal(SIGSTOP);
  pause(briefly ? 200 : 4'000, briefly ? 2'000 : 6'000);
  x_engines.process(engine).signal(SIGCONT);
}

void KafkaRun::inject_owner(Fault fault, std::size_t owner) {
  Process& process = x_engines.process(owner);
  const std::size_t standby = x_engines.standby_beside(owner, x_options.areas);
  switch (fault) {
    case Fault::RestartOwner: x_engines.stop(owner); break;
    case Fault::StopOwner:
    case Fault::StopOwnerBriefly: return stop_until_fenced(owner, fault == Fault::StopOwnerBriefly);
    case Fault::Double:
    case Fault::Zombie: return replace(owner, fault == Fault::Zombie);
    case Fault::TakeOver: return take_over(owner);
    case Fault::StopStandby: return stop_until_fenced(standby, false);
    case Fault::KillStandby:
      x_engines.process(standby).kill();
      pause(0, 4'000);
      return x_engines.start(standby);
    case Fault::KillOwnerAndStandby:
      process.kill();
      x_engines.process(standby).kill();
      pause(0, 4'000);
      x_engines.start(standby);
      break;
    case Fault::KillOwnerTwice:
      process.kill();
      x_engines.start(owner);
      pause(0, 3'000);
      [[fallthrough]];
    default: process.kill(); pause(0, 1'500);
  }
  if (fault == Fault::LoseDisk) x_engines.lose_disk(owner);
  x_engines.start(owner);
}

void KafkaRun::inject(Fault fault) {
  switch (fault) {
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
      for (std::size_t i = 0; i < x_engines.count(); ++i) x_engines.process(i).kill();
      x_broker.restart();
      return x_engines.start_all();
    default: break;
  }
  const PartitionId partition(static_cast<std::uint32_t>(draw(x_options.seed, x_draws++, 15) % x_options.areas));
  inject_owner(fault, owner_of(partition));
}

// nullopt: the broker did not say it of each partition.
std::optional<KafkaRun::Positions> KafkaRun::committed() const {
  Positions positions;
  for (std::uint32_t p = 0; p < x_options.areas; ++p) {
    const auto next = x_peek.committed(topics::kEvents, PartitionId(p)).next;
    if (!next) return std::nullopt;
    positions[PartitionId(p)] = *next;
  }
  return positions;
}

// Every process is ready, and of each partition something was committed since.
void KafkaRun::wait_working(const std::string& after) {
  std::optional<Positions> before;
  try {
    wait_until(kPatience, "after \"" + after + "\" all work again", [&] {
      if (!x_engines.all_ready(after)) return false;
      const auto now = committed();
      if (!before) before = now;
      if (!now || !before) return false;
      return std::all_of(now->begin(), now->end(), [&](const auto& one) { return one.second > before->at(one.first); });
    });
  } catch (const Broken& broken) {
    throw Broken(broken.what() + x_engines.why_not_ready() + where_it_stands());
  }
}

// For whoever looks for the cause: of each partition what is committed and where readers and the log end.
std::string KafkaRun::where_it_stands() const {
  std::string text;
  const auto shown = [](const auto& offset) { return offset ? std::to_string(offset->value()) : std::string("unknown"); };
  for (std::uint32_t p = 0; p < x_options.areas; ++p) {
    const PartitionId partition(p);
    const auto range = x_log->range(topics::kEvents, partition);
    text += fmt::format("\npartition {}: committed {}, readers end at {}, the log at {}", p,
                        shown(x_peek.committed(topics::kEvents, partition).next),
                        range ? std::to_string(range->end.value()) : range.error().message, shown(x_peek.end(topics::kEvents, partition)));
  }
  return text;
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

// What is in the log now.
void KafkaRun::wait_all_committed() {
  Positions ends;
  for (std::uint32_t p = 0; p < x_options.areas; ++p) ends[PartitionId(p)] = x_log->range(topics::kEvents, PartitionId(p)).value().end;
  wait_until(1'200, "all records are committed", [&] {
    const auto now = committed();
    return now && std::all_of(ends.begin(), ends.end(), [&](const auto& end) { return now->at(end.first) >= end.second; });
  });
}

void KafkaRun::settle() {
  constexpr std::uint64_t kAtOnce = 1'000'000;
  x_sender->allow(x_options.events, kAtOnce);
  wait_until(1'200, "all events are acknowledged", [&] { return x_ledger.acknowledged() == x_options.events; });
  x_sender.reset();
  say(fmt::format("all {} events are acknowledged", x_options.events));
  wait_all_committed();
  wait_all_committed();  // what was handed over meanwhile: only an event's home hands it over
  x_engines.stop_all();
  std::this_thread::sleep_for(2 * kSession);  // whatever a dead owner left open is decided by then
}

void KafkaRun::say_what_was_compared(const History& history) {
  std::uint64_t outputs = 0, aborted = 0, handed_over = 0;
  for (const Stream& stream : history.streams) {
    outputs += stream.expected.size();
    const std::string topic = stream.name.substr(0, stream.name.find('/'));
    if (topic == topics::kEvents) handed_over += stream.expected.size();
    if (topic != topics::kDecisions) continue;  // every input record has one
    const PartitionId partition(stream.input_partition);
    aborted += count_uncommitted(x_settings, topic, partition, x_log->range(topic, partition).value().end) - stream.committed.size();
  }
  say(fmt::format("{} outputs are expected, {} of them events for another area; {} decisions of aborted transactions lie between them",
                  outputs, handed_over, aborted));
  if (x_options.areas > 1 && handed_over == 0) throw Broken("no event was handed over to another area: the run proves nothing about that");
}

Outcome KafkaRun::check_all() {
  say("stepping the input again, reading the outputs");
  History history;
  for (std::uint32_t p = 0; p < x_options.areas; ++p) {
    Question question{PartitionId(p), x_options.areas, {}, x_options.dir + "/reference-" + std::to_string(p)};
    wait_until(kPatience, "the committed offset can be read", [&] {
      question.committed = x_peek.committed(topics::kEvents, PartitionId(p));
      return question.committed.next.has_value();
    });
    compare(*x_log, question, x_rules, x_ledger, history);
  }
  say_what_was_compared(history);
  x_follower->stop();
  const bool followed = x_follower->hand_over(history.streams);
  history.events = x_ledger.all();
  Outcome outcome{x_ledger.acknowledged(), x_faults_done, check(history)};
  if (!followed) ++outcome.verdict.lost;
  return outcome;
}

Outcome KafkaRun::run() {
  x_engines.start_all();
  wait_until(kPatience, "the engines are ready", [&] { return x_engines.all_ready("start"); });
  x_follower.emplace(*x_log, x_rules.topics, x_options.areas);
  x_sender.emplace(*x_log, x_options.areas, x_options.seed, x_ledger);
  disturb();
  settle();
  return check_all();
}

}  // namespace

Outcome run_kafka(const Options& options) { return KafkaRun(options).run(); }

}  // namespace ioc::faults
