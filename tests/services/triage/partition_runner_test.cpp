// The runner against a log that aborts, leaves in doubt and fences on demand: what is committed must be the same, byte
// for byte, whatever went wrong and wherever.
#include "services/triage/partition_runner.h"

#include <catch2/catch.hpp>

#include "libs/domain/state_records.h"
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
  // Beside the owner, with a store of its own.
  std::shared_ptr<PartitionRunner> start_standby(MemoryStore& own) {
    auto standby = std::make_shared<PartitionRunner>(kPartition, 1, nullptr,
                                                     PartitionRunner::World{log, own, *bundles, scheduler, config, x_registry, x_bundle});
    standby->start();
    return standby;
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

TEST_CASE("runner: an output that the log never takes stops the partition with its reason, and it goes on after a restart") {
  World world;
  begin(world);
  world.log.fault = [](std::uint64_t) { return CommitFault::Reject; };
  world.send(0, 5);
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Refused; }, Millis(10'000)));
  CHECK(world.runner->status().refused_for == "output_rejected");
  const auto committed = world.log.committed(kPartition);
  world.log.fault = [](std::uint64_t) { return CommitFault::None; };
  world.send(5, kEvents);
  world.scheduler.run_until([] { return false; }, Millis(5'000));
  CHECK(world.log.committed(kPartition) == committed);
  world.start();
  REQUIRE(world.settle());
  CHECK((world.outputs() == reference(world)));
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

namespace {

bool refuses(World& world, std::string_view reason) {
  return world.scheduler.run_until([&] { return world.runner->status().refused_for == reason; }, Millis(10'000));
}

log::Message control(Offset offset, ControlKind kind) {
  ControlEntry entry;
  entry.partition = kPartition;
  entry.offset = offset;
  entry.kind = kind;
  entry.reason = "it crashes";
  entry.actor = "lan";
  return {key_of(entry), wire::encode(entry), {}, false};
}

std::optional<ControlState> answer_to(const World& world, Offset offset) {
  std::optional<ControlState> answer;
  for (const auto& stored : world.log.stored(topics::kControl, kPartition)) {
    const auto entry = wire::decode_control_entry(stored.value).value();
    if (entry.offset == offset && entry.state != ControlState::Requested) answer = entry.state;
  }
  return answer;
}

}  // namespace

TEST_CASE("runner: records that stay far ahead are stepped at the time of the one before, on record, and so they are again") {
  World world;
  begin(world);
  world.send(0, 1);
  REQUIRE(world.settle());
  const std::size_t first = world.log.stored(topics::kEvents, kPartition).size();
  const LogTime day_ahead = LogTime::from_ms(world.scheduler.now().ms() + 86'400'000);
  for (int number = 1; number <= 3; ++number) world.log.append_at(topics::kEvents, kPartition, report(number), day_ahead);
  world.send(4, 6);
  const WallTime before = world.scheduler.now();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().committed >= Offset(first + 5); }, Millis(60'000)));
  CHECK(world.scheduler.now() - before >= Millis(29'000));
  for (std::size_t offset = first; offset < first + 3; ++offset) CHECK(answer_to(world, Offset(offset)) == ControlState::Applied);
  CHECK_FALSE(answer_to(world, Offset(first + 3)).has_value());
  CHECK(world.runner->status().message.empty());
  CHECK((world.outputs()[3].empty()));
  world.crash();
  world.store.clear();
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Running; }, Millis(20'000)));
}

TEST_CASE("runner: a lost disk comes back from the newest checkpoint when the log's start is gone, with the same outputs") {
  World world;
  world.config.checkpoint_records = 5;
  begin(world);
  for (int i = 0; i < 4; ++i) {
    world.send(i * 5, i * 5 + 5);
    REQUIRE(world.settle());
    world.scheduler.run_until([] { return false; }, Millis(2'000));
  }
  const auto manifests = [&] {
    std::vector<Offset> offsets;
    for (const auto& stored : world.log.stored(topics::kCheckpoints, kPartition)) {
      if (stored.tombstone) continue;
      const auto record = wire::decode_checkpoint_record(stored.value).value();
      if (const auto* manifest = std::get_if<CheckpointManifest>(&record)) offsets.push_back(manifest->offset);
    }
    return offsets;
  };
  REQUIRE(manifests().size() >= 3);
  world.crash();
  world.store.clear();
  // Retention may delete what is older than the newest but one.
  world.log.drop_before(topics::kEvents, kPartition, manifests()[manifests().size() - 2]);
  world.start();
  world.send(20, kEvents);
  REQUIRE(world.settle());
  CHECK(world.runner->status().phase == Phase::Running);
  CHECK((world.outputs() == reference(world)));
}

TEST_CASE("runner: a damaged newest checkpoint is passed over for the older one") {
  World world;
  world.config.checkpoint_records = 5;
  begin(world);
  for (int i = 0; i < 3; ++i) {
    world.send(i * 5, i * 5 + 5);
    REQUIRE(world.settle());
    world.scheduler.run_until([] { return false; }, Millis(2'000));
  }
  std::size_t newest_chunk = 0;
  const auto& stored = world.log.stored(topics::kCheckpoints, kPartition);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (!stored[i].tombstone && std::holds_alternative<CheckpointChunk>(wire::decode_checkpoint_record(stored[i].value).value())) newest_chunk = i;
  }
  world.crash();
  world.store.clear();
  world.log.damage(topics::kCheckpoints, kPartition, newest_chunk);
  world.start();
  world.send(15, kEvents);
  REQUIRE(world.settle());
  CHECK((world.outputs() == reference(world)));
}

TEST_CASE("runner: without checkpoint and without the log's start it refuses and names the command") {
  World world;
  world.config.checkpoint_records = 0;
  begin(world);
  world.scheduler.run_until([] { return false; }, Millis(100));
  world.send(0, kEvents);
  REQUIRE(world.settle());
  world.crash();
  world.store.clear();
  // The activation wrote one; the topic is emptied.
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  world.log.drop_before(topics::kEvents, kPartition, Offset(3));
  world.start();
  REQUIRE(refuses(world, "records_gone"));
  CHECK(world.runner->status().message.find("ioc state restore --partition 0") != std::string::npos);
}

TEST_CASE("runner: another running hash at the committed offset is refused, and the command is named") {
  World world;
  begin(world);
  world.send(0, kEvents);
  REQUIRE(world.settle());
  world.crash();
  world.log.set_committed(kPartition, {world.log.committed(kPartition), "v1;hash=0000000000000001"});
  world.start();
  REQUIRE(refuses(world, "hash_mismatch"));
  CHECK(world.runner->status().message.find("ioc state restore") != std::string::npos);
}

TEST_CASE("runner: state ahead of the committed offset is refused") {
  World world;
  begin(world);
  world.send(0, kEvents);
  REQUIRE(world.settle());
  world.crash();
  world.log.set_committed(kPartition, {Offset(2), ""});
  world.start();
  REQUIRE(refuses(world, "state_ahead"));
}

TEST_CASE("runner: a record that an operator skips is a dead letter, and a rebuild leaves it out as well") {
  World world;
  begin(world);
  world.crash();
  const Offset bad(world.log.stored(topics::kEvents, kPartition).size() + 2);
  world.send(0, 6);
  world.log.append_now(topics::kControl, kPartition, control(bad, ControlKind::Skip));
  world.start();
  REQUIRE(world.settle());
  CHECK(answer_to(world, bad) == ControlState::Applied);
  const auto outputs = world.outputs();
  REQUIRE(outputs[3].size() == 1);
  const auto letter = wire::decode_dead_letter(outputs[3][0].value).value();
  CHECK(letter.origin_offset == bad);
  CHECK(letter.reason == "skipped_by_operator");
  world.crash();
  world.store.clear();
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Running; }, Millis(20'000)));
  CHECK((world.outputs()[3] == outputs[3]));
}

TEST_CASE("runner: a word about a record that was stepped already is refused and changes nothing") {
  World world;
  begin(world);
  world.send(0, 6);
  REQUIRE(world.settle());
  world.log.append_now(topics::kControl, kPartition, control(Offset(3), ControlKind::Skip));
  REQUIRE(world.scheduler.run_until([&] { return answer_to(world, Offset(3)) == ControlState::Refused; }, Millis(20'000)));
  world.crash();
  world.store.clear();
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Running; }, Millis(20'000)));
  CHECK(world.outputs()[3].empty());
}

TEST_CASE("runner: a record far ahead goes on at the previous log time when an operator says so, and so it does again") {
  World world;
  begin(world);
  world.send(0, 1);
  REQUIRE(world.settle());
  const Offset far(world.log.stored(topics::kEvents, kPartition).size());
  world.log.append_at(topics::kEvents, kPartition, report(1), LogTime::from_ms(world.scheduler.now().ms() + 3'600'000));
  REQUIRE(world.scheduler.run_until(
      [&] { return world.runner->status().message.find("ioc skip 0 " + std::to_string(far.value())) != std::string::npos; }, Millis(10'000)));
  world.log.append_now(topics::kControl, kPartition, control(far, ControlKind::PreviousTime));
  REQUIRE(world.settle());
  CHECK(answer_to(world, far) == ControlState::Applied);
  CHECK(world.runner->status().message.empty());
  world.crash();
  world.store.clear();
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  world.start();
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Running; }, Millis(20'000)));
}

TEST_CASE("runner: a warm standby follows what is committed and takes over with the same outputs") {
  World world;
  world.config.standby_look = Millis(20);
  begin(world);
  MemoryStore own;
  auto standby = world.start_standby(own);
  world.send(0, kEvents / 2);
  REQUIRE(world.settle());
  const Offset reached = *world.log.committed(kPartition);
  REQUIRE(world.scheduler.run_until([&] { return standby->status().phase == Phase::Standby && standby->status().next >= reached; },
                                    Millis(10'000)));
  world.send(kEvents / 2, kEvents);
  standby->take_over(world.log.owner(kPartition));
  REQUIRE(world.scheduler.run_until([&] { return standby->status().phase == Phase::Running; }, Millis(10'000)));
  REQUIRE(world.settle());
  REQUIRE(world.scheduler.run_until([&] { return world.runner->status().phase == Phase::Fenced; }, Millis(10'000)));
  CHECK((world.outputs() == reference(world)));
  world.scheduler.forget_all();
}

TEST_CASE("runner: a standby waits for the owner's answer before it steps a record with an operator's word") {
  World world;
  world.config.standby_look = Millis(20);
  begin(world);
  world.send(0, 6);
  REQUIRE(world.settle());
  // A word that came too late, from before anybody could answer it.
  world.crash();
  world.log.append_now(topics::kControl, kPartition, control(Offset(3), ControlKind::Skip));
  world.bundles = std::make_shared<Bundles>(world.log, world.scheduler);
  REQUIRE(world.bundles->start().has_value());
  MemoryStore own;
  world.log.truncate(topics::kCheckpoints, kPartition, 0);
  auto standby = world.start_standby(own);
  REQUIRE(world.scheduler.run_until(
      [&] { return standby->status().message.find("no answer yet") != std::string::npos; }, Millis(10'000)));
  CHECK(standby->status().next <= Offset(3));
  standby->take_over(world.log.owner(kPartition));
  REQUIRE(world.scheduler.run_until([&] { return answer_to(world, Offset(3)) == ControlState::Refused; }, Millis(20'000)));
  world.scheduler.forget_all();
}

TEST_CASE("runner: a standby whose look at the committed offset is old waits for a newer one and refuses nothing") {
  World world;
  world.config.standby_look = Millis(20);
  begin(world);
  world.send(0, 6);
  REQUIRE(world.settle());
  world.scheduler.run_until([] { return false; }, Millis(50));  // the state is written
  const log::Committed now{world.log.committed(kPartition), ""};
  world.crash();
  world.bundles = std::make_shared<Bundles>(world.log, world.scheduler);
  REQUIRE(world.bundles->start().has_value());
  world.log.set_committed(kPartition, {Offset(2), ""});
  auto standby = world.start_standby(world.store);
  world.scheduler.run_until([] { return false; }, Millis(200));
  CHECK(standby->status().phase == Phase::CatchingUp);
  CHECK_FALSE(standby->status().warm);
  world.log.set_committed(kPartition, now);
  REQUIRE(world.scheduler.run_until([&] { return standby->status().phase == Phase::Standby; }, Millis(10'000)));
  world.scheduler.forget_all();
}
