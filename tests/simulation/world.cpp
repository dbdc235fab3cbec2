#include "tests/simulation/world.h"

#include <algorithm>

#include "libs/base/assert.h"
#include "libs/domain/topics.h"
#include "tests/simulation/checker.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/rules.h"

namespace ioc::simulation {
namespace {

constexpr Moment kSession = std::chrono::milliseconds(1'500);
constexpr Moment kTransaction = std::chrono::milliseconds(1'200);
constexpr Moment kAcquire = std::chrono::milliseconds(800);
constexpr Moment kLook = std::chrono::milliseconds(20);
constexpr Moment kSettle = std::chrono::seconds(90);
const WallTime kStart = WallTime::from_ms(1'634'515'200'000);  // 2021-10-18 07:00 in Vietnam

triage_service::Config config_of(Random& random) {
  triage_service::Config config;
  config.batch_records_max = random.one_of(std::vector<std::uint64_t>{1, 3, 8, 30, 5'000});
  config.batch_bytes_max = random.one_of(std::vector<std::uint64_t>{2 << 10, 64 << 10});
  config.unsent_bytes_max = 64 << 10;
  config.commit_gap = Millis(random.between(0, 6));
  config.retry_first = Millis(20);
  config.retry_longest = Millis(1'000);
  config.checkpoint_records = random.one_of(std::vector<std::uint64_t>{0, 10, 40});
  config.standby_look = Millis(random.between(5, 100));
  return config;
}

std::uint32_t partitions_of(const Plan& plan) { return plan.point ? 2 : 2 + static_cast<std::uint32_t>(plan.seed % 2); }

}  // namespace

World::World(const Plan& plan)
    : x_plan(plan),
      x_random(plan.seed),
      x_timeline(x_random.fork(1), kStart),
      x_broker(x_timeline, x_probes, partitions_of(plan), kTransaction, kSession),
      x_network(x_timeline, x_broker, x_probes),
      x_site{x_timeline, x_broker, x_network, x_probes, config_of(x_random), {kTransaction, kAcquire}, plan.plant,
             x_random.chance(500), x_violations} {
  x_timeline.on_crash = [this](Process& process) { crashed(process); };
  x_timeline.on_point = [this](Process& process, const char* what) { at_point(process, what); };
  x_broker.on_visible = [this](const TopicPartition& place) {
    for (const auto& worker : x_workers) worker->client().on_visible(place);
  };
}

World::~World() { x_workers.clear(); }

std::size_t World::new_disk() {
  x_disks.push_back(std::make_unique<Disk>());
  x_disks.back()->tears_batches = x_plan.plant == Plant::TornBatch;
  return x_disks.size() - 1;
}

void World::launch(const std::string& name, std::size_t disk) {
  const auto running = alive();  // RocksDB's lock keeps a second process out
  IOC_ASSERT(std::none_of(running.begin(), running.end(), [&](const Worker* one) { return one->disk_number() == disk; }));
  x_workers.push_back(std::make_unique<Worker>(x_site, name, disk, *x_disks[disk]));
  x_workers.back()->start();
}

Worker* World::find(const Process& process) {
  for (const auto& worker : x_workers) {
    if (worker->process().get() == &process) return worker.get();
  }
  return nullptr;
}

std::vector<Worker*> World::alive() {
  std::vector<Worker*> all;
  for (const auto& worker : x_workers) {
    if (worker->process()->alive && !worker->process()->doomed) all.push_back(worker.get());
  }
  return all;
}

// kill -9 loses nothing that was written; a power cut takes any number of the newest batches.
void World::crashed(Process& process) {
  Worker* worker = find(process);
  x_probes.hit("crashed");
  const std::string name = worker->name();
  const std::size_t disk = worker->disk_number();
  bury(process);
  Disk& stored = *x_disks[disk];
  const std::uint64_t kind = x_random.pick(3);
  if (kind > 0 && stored.unsynced() > 0) {
    x_probes.hit("power cut lost writes");
    stored.lose(kind == 1 ? stored.unsynced() : 1 + x_random.pick(stored.unsynced()));
  }
  if (x_healed || !at_home(name, disk)) return;  // keep_running() sees to it
  x_timeline.in(Moment(x_random.between(20'000, 1'500'000)), nullptr, [this, name, disk] {
    for (const Worker* other : alive()) {
      if (other->disk_number() == disk) return;
    }
    launch(name, disk);
  });
}

// Frozen for longer than a session, so that others take over, or for less, while its double does.
void World::at_point(Process& process, const char* what) {
  x_point = what;
  if (x_plan.point && x_plan.at == Plan::At::Crash) throw Crash{&process};
  x_probes.hit("frozen in the middle");
  const bool doubled = x_random.chance(400);
  if (doubled) launch(process.name, new_disk());
  x_workload->hurry(std::chrono::milliseconds(200));
  x_timeline.freeze(process, doubled ? Moment(x_random.between(20'000, 1'000'000)) : Moment(x_random.between(500'000, 4'000'000)));
}

bool World::at_home(const std::string& name, std::size_t disk) const {
  const auto home = x_homes.find(name);
  return home != x_homes.end() && home->second == disk;
}

void World::bury(const Process& process) {
  std::erase_if(x_workers, [&](const auto& worker) { return worker->process().get() == &process; });
}

void World::stop_orderly(Worker& worker) {
  worker.stop([this, process = worker.process(), name = worker.name(), disk = worker.disk_number()] {
    x_timeline.in(Moment(1), nullptr, [this, process, name, disk] {
      bury(*process);
      if (x_healed) return;
      x_timeline.in(Moment(x_random.between(10'000, 800'000)), nullptr, [this, name, disk] {
        if (!x_healed) launch(name, disk);
      });
    });
  });
}

// From here on nothing goes wrong any more.
void World::heal() {
  x_healed = true;
  x_broker.weather = {};
  for (const auto& disk : x_disks) disk->full = false;
  for (Worker* worker : alive()) {
    worker->process()->clock_ahead = x_clock_ahead;
    if (worker->process()->paused) x_timeline.resume(worker->process());
  }
  keep_running();
}

// As whoever operates it would: one process of each name.
void World::keep_running() {
  for (Worker* worker : alive()) {
    const bool newer = std::any_of(x_workers.begin(), x_workers.end(), [&](const auto& other) {
      return other->name() == worker->name() && other.get() != worker && other->process()->alive;
    });
    if (newer && at_home(worker->name(), worker->disk_number())) x_timeline.kill(*worker->process());
  }
  for (const auto& home : x_homes) {
    const auto running = alive();
    if (std::any_of(running.begin(), running.end(), [&](const Worker* one) { return one->name() == home.first; })) continue;
    launch(home.first, home.second);
    x_workers.back()->process()->clock_ahead = x_clock_ahead;
  }
}

void World::look_at_refusals() {
  for (const auto& worker : x_workers) {
    for (const auto& [partition, why] : worker->refused()) {
      if (x_broken.count(partition) > 0) {
        x_noticed.insert(partition);
      } else if (why.find("another owner wrote") != std::string::npos) {
        x_probes.hit("zombie refused");
      } else {
        const std::string text = "refused: partition " + std::to_string(partition.value()) + ": " + why;
        if (std::find(x_violations.begin(), x_violations.end(), text) == x_violations.end()) x_violations.push_back(text);
      }
    }
  }
}

void World::look() {
  look_at_refusals();
  if (x_healed) keep_running();
  if (!x_stopping) x_timeline.in(kLook, nullptr, [this] { look(); });
}

std::string World::why_not_settled() {
  if (!x_workload->done()) return "the workload has not ended";
  for (std::uint32_t p = 0; p < x_broker.partitions(); ++p) {
    const PartitionId partition(p);
    const std::string name = "partition " + std::to_string(p);
    if (x_broken.count(partition) > 0) {
      if (x_noticed.count(partition) == 0) return name + ": nobody noticed that the log lost its tail";
      continue;
    }
    const Offset committed = x_broker.committed(partition).next.value_or(Offset(0));
    if (x_broker.at({std::string(topics::kEvents), partition}).first_visible(committed)) {
      return name + " is committed only to " + std::to_string(committed.value());
    }
    const bool written = std::any_of(x_workers.begin(), x_workers.end(), [&](const auto& worker) {
      return stored_offset(worker->disk(), partition) == committed;
    });
    if (!written) return name + ": nobody has its state";
  }
  const auto open = x_broker.open_transactions();
  return open.empty() ? std::string() : open.front();
}

bool World::settled() { return why_not_settled().empty(); }

Outcome World::run() {
  const std::size_t workers = x_plan.point ? (x_plan.at == Plan::At::Freeze ? 2 : 1 + x_plan.seed % 2) : 1 + x_random.pick(3);
  for (std::size_t i = 0; i < workers; ++i) x_homes["w" + std::to_string(i)] = new_disk();
  for (const auto& home : x_homes) launch(home.first, home.second);
  x_workload = std::make_unique<Workload>(x_timeline, x_broker, x_network, x_probes, x_random.fork(2), x_site.times);
  const Moment span = x_plan.point ? Moment(600'000) : Moment(x_random.between(1'500'000, 6'000'000));
  const std::size_t actions = 30 + x_random.pick(90);
  x_workload->start(x_plan.point ? 14 : actions * (x_random.chance(150) ? 4 : 1), span);
  Faults faults(*this, x_random.fork(3));
  if (x_plan.point) x_timeline.point = *x_plan.point;
  else faults.plan(span);
  look();
  while (x_timeline.now() < span && x_timeline.step()) {
  }
  if (!x_plan.point) heal();
  const Moment end = x_timeline.now() + kSettle;
  while (x_violations.empty() && x_timeline.now() < end && !settled()) {
    for (const Moment next = x_timeline.now() + kLook; x_timeline.now() < next && x_timeline.step();) {
    }
  }
  Outcome outcome;
  finish(outcome);
  return outcome;
}

void World::finish(Outcome& outcome) {
  x_stopping = true;
  if (x_violations.empty()) {
    if (const std::string why = why_not_settled(); !why.empty()) {
      std::string text = "progress: not settled " + std::to_string(kSettle.count() / 1'000'000) + " s after the last fault: " + why;
      for (const auto& worker : x_workers) {
        for (const std::string& line : worker->describe()) text += "\n    " + line;
      }
      x_violations.push_back(std::move(text));
    }
  }
  x_workers.clear();
  std::vector<const Disk*> disks;
  for (const auto& disk : x_disks) disks.push_back(disk.get());
  if (x_violations.empty()) x_violations = check({x_broker, disks, x_workload->acknowledged(), x_broken, x_probes});
  outcome.violations = x_violations;
  outcome.boundaries = x_timeline.boundaries();
  outcome.point = x_point;
  outcome.lasted = x_timeline.now();
  for (std::uint32_t p = 0; p < x_broker.partitions(); ++p) {
    outcome.records += x_broker.at({std::string(topics::kEvents), PartitionId(p)}).end().value();
  }
  outcome.probes = x_probes;
}

Outcome run(const Plan& plan) { return World(plan).run(); }

}  // namespace ioc::simulation
