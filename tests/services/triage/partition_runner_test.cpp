// The runner against a log that aborts, leaves in doubt and fences on demand: what is committed must be the same, byte
// for byte, whatever went wrong and wherever.
#include "services/triage/partition_runner.h"

#include <catch2/catch.hpp>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "tests/services/triage/memory_world.h"

using namespace ioc;
using namespace ioc::triage_service;
using namespace ioc::triage_service::testing;

namespace {

constexpr PartitionId kPartition{0};
constexpr int kEvents = 40;
const WallTime kStart = WallTime::from_ms(1'634'517'600'000);

log::Message report(int number) {
  Event event;
  const std::string name = "r" + std::to_string(number % 30);  // some are repeats
  event.id = EventId("20211018-074000-r-" + name);
  event.feed = Feed::CitizenReports;
  event.source = SourceId("citizen-reports");
  event.object = ObjectId(name);
  event.occurred_at = EventTime::from_ms(kStart.ms() + (number % 30) * 1000);
  CitizenReport body;
  body.text = number % 3 == 0 ? "Cây đổ chắn ngang đường" : "Nắp cống bị mất trước số nhà 12";
  body.address = number % 2 == 0 ? "12 Lương Ngọc Quyến" : "";
  event.body = body;
  return {"citizen-reports", wire::encode(Record(event)), {}, false};
}

using Outputs = std::vector<std::vector<MemoryLog::Stored>>;

Outputs outputs_of(const MemoryLog& log) {
  return {log.stored(topics::kIncidents, kPartition), log.stored(topics::kDecisions, kPartition),
          log.stored(topics::kReportStatus, kPartition), log.stored(topics::kDeadLetters, kPartition)};
}

// A deployment in one thread. `crash()` loses everything but log and store.
class World {
 public:
  World() {
    static const auto files = *triage::read_bundle(IOC_BUNDLE_FOLDER, IOC_UNITS_FOLDER);
    static const auto packed = triage::pack(files);
    triage::BundleProblems problems;
    static const auto bundle = triage::compile(packed.hash, files, problems);
    REQUIRE(bundle);
    compiled = bundle;
    x_bundle = packed;
    config.commit_gap = Millis(2);
    config.batch_records_max = 7;
  }
  ~World() { crash(); }

  VirtualScheduler scheduler{kStart};
  MemoryLog log{scheduler};
  MemoryStore store;
  Config config;

  void start() {
    bundles = std::make_shared<Bundles>(log, scheduler);
    REQUIRE(bundles->start().has_value());
    runner = std::make_shared<PartitionRunner>(kPartition, 1, log.owner(kPartition),
                                               PartitionRunner::World{log, store, *bundles, scheduler, config, x_registry, x_bundle});
    runner->start();
  }
  void crash() {
    scheduler.forget_all();
    if (bundles) bundles->stop();
    runner.reset();
    bundles.reset();
  }
  void send(int from, int until) {
    for (int i = from; i < until; ++i) log.append_now(topics::kEvents, kPartition, report(i));
  }
  // Every record so far is committed.
  bool settle(Millis span = Millis(120'000)) {
    return scheduler.run_until(
        [&] { return log.committed(kPartition) == Offset(log.stored(topics::kEvents, kPartition).size()); }, span);
  }
  [[nodiscard]] Outputs outputs() const { return outputs_of(log); }

  std::shared_ptr<const triage::Bundle> compiled;
  std::shared_ptr<Bundles> bundles;
  std::shared_ptr<PartitionRunner> runner;

 private:
  metrics::Registry x_registry;
  triage::PackedBundle x_bundle;
};

// Activates rules, then gets all events at one instant, so that the log is the same in every run.
void begin(World& world) {
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return !world.runner->status().bundle.empty(); }, Millis(60'000)));
  REQUIRE(world.settle());
}

// What the log's records come to when one machine steps them, undisturbed.
Outputs reference(World& world) {
  MemoryStore store;
  PartitionState state(kPartition, store);
  triage::Machine machine(kPartition, 1, state, [&](std::string_view) { return world.compiled; });
  REQUIRE(machine.load().has_value());
  MemoryLog log(world.scheduler);
  std::uint64_t offset = 0;
  for (const MemoryLog::Stored& record : world.log.stored(topics::kEvents, kPartition)) {
    std::vector<triage::Effect> effects;
    machine.step({Offset(offset++), record.at, record.value}, effects);
    for (triage::Effect& effect : effects) log.append_now(effect.topic, kPartition, {effect.key, effect.value, {}, false});
    std::vector<triage::StateWrite> delta;
    machine.take_delta(delta);
    state.hold(std::move(delta));
    REQUIRE(state.write_oldest().has_value());
  }
  return outputs_of(log);
}

}  // namespace

TEST_CASE("runner: the first start activates the configured bundle and then takes events") {
  World world;
  begin(world);
  world.send(0, kEvents);
  REQUIRE(world.settle());
  const auto outputs = world.outputs();
  CHECK_FALSE(outputs[0].empty());
  CHECK(outputs[1].size() >= static_cast<std::size_t>(kEvents));
  CHECK((outputs == reference(world)));
}

TEST_CASE("runner: an abort, a lost commit or a doubtful one at any transaction changes no output") {
  for (const CommitFault fault : {CommitFault::Abort, CommitFault::UnknownApplied, CommitFault::UnknownLost}) {
    for (std::uint64_t at = 1; at <= 10; ++at) {
      CAPTURE(static_cast<int>(fault), at);
      World world;
      begin(world);
      const std::uint64_t before = world.log.commits();
      world.log.fault = [=](std::uint64_t commit) { return commit == before + at ? fault : CommitFault::None; };
      world.send(0, kEvents);
      REQUIRE(world.settle());
      CHECK((world.outputs() == reference(world)));
    }
  }
}

TEST_CASE("runner: a crash after any step of the process, then a restart, changes no output") {
  for (int crash_after = 0; crash_after < 120; crash_after += 1) {
    CAPTURE(crash_after);
    World world;
    begin(world);
    world.send(0, kEvents);
    for (int i = 0; i < crash_after && world.scheduler.step(); ++i) {
    }
    world.crash();
    world.start();
    REQUIRE(world.settle());
    CHECK((world.outputs() == reference(world)));
  }
}

TEST_CASE("runner: a lost state folder is rebuilt from the log and goes on with the same outputs") {
  World world;
  begin(world);
  world.send(0, kEvents / 2);
  REQUIRE(world.settle());
  world.crash();
  world.store.clear();
  world.start();
  world.send(kEvents / 2, kEvents);
  REQUIRE(world.settle());
  CHECK(world.runner->status().phase == Phase::Running);
  CHECK((world.outputs() == reference(world)));
}

TEST_CASE("runner: a fenced owner stops and commits nothing more") {
  World world;
  begin(world);
  world.log.fault = [](std::uint64_t) { return CommitFault::Fence; };
  world.send(0, 5);
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Fenced; }, Millis(10'000)));
  const auto committed = world.log.committed(kPartition);
  world.send(5, 10);
  world.scheduler.run_until([] { return false; }, Millis(5'000));
  CHECK(world.log.committed(kPartition) == committed);
}

TEST_CASE("runner: a full disk under the state pauses commits, and they go on when it has room") {
  World world;
  begin(world);
  world.store.fail_writes = true;
  world.send(0, kEvents);
  CHECK_FALSE(world.settle(Millis(10'000)));
  world.store.fail_writes = false;
  REQUIRE(world.settle());
  CHECK((world.outputs() == reference(world)));
}

TEST_CASE("runner: a silent partition gets a tick about once a second, a busy one none") {
  World world;
  begin(world);
  const auto count = [&] { return world.log.stored(topics::kEvents, kPartition).size(); };
  const std::size_t before = count();
  world.scheduler.run_until([] { return false; }, Millis(10'000));
  CHECK(count() - before >= 7);
  CHECK(count() - before <= 11);
}

TEST_CASE("runner: it refuses a log that lost committed records, and says what to do") {
  World world;
  begin(world);
  world.send(0, kEvents);
  REQUIRE(world.settle());
  world.crash();
  world.log.truncate(topics::kEvents, kPartition, 3);
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Refused; }, Millis(10'000)));
  CHECK(world.runner->status().message.find("restore it from a replica or backup") != std::string::npos);
}

TEST_CASE("runner: it refuses state without a committed offset, and says what to check") {
  World world;
  begin(world);
  world.send(0, kEvents);
  REQUIRE(world.settle());
  world.crash();
  world.log.forget_committed();
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Refused; }, Millis(10'000)));
  CHECK(world.runner->status().message.find("deployment.name") != std::string::npos);
}

TEST_CASE("runner: a record far ahead of this machine's clock waits and says so") {
  World world;
  begin(world);
  world.send(0, 1);
  REQUIRE(world.settle());
  world.crash();
  world.log.append_at(topics::kEvents, kPartition, report(1), LogTime::from_ms(world.scheduler.now().ms() + 3'600'000));
  world.start();
  REQUIRE(world.scheduler.run_until(
      [&] { return world.runner->status().message.find("ahead of this machine's clock") != std::string::npos; }, Millis(10'000)));
}
