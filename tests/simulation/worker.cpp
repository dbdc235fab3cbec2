#include "tests/simulation/worker.h"

#include "tests/simulation/rules.h"

namespace ioc::simulation {
namespace {

using triage_service::PartitionRunner;
using triage_service::Phase;

// One record's effects beyond the bound of a batch: at most 1,000 of them, none larger than a snapshot (DESIGN D1).
constexpr std::size_t kBeyondBytes = 1 << 20;
// One being written, one in flight.
constexpr std::size_t kHeldMax = 2;
constexpr Moment kWarm = std::chrono::milliseconds(20);
constexpr Moment kLook = std::chrono::milliseconds(100);
constexpr Millis kFencedPause{400};  // some heartbeats

std::string place_of(PartitionId partition) { return "partition " + std::to_string(partition.value()); }

}  // namespace

// Watches what passes the seam: which outcomes came, and whether bounds are kept.
class Worker::WatchedOwner final : public log::Owner {
 public:
  WatchedOwner(Worker& worker, PartitionId partition, std::unique_ptr<log::Owner> owner)
      : x_worker(worker), x_partition(partition), x_owner(std::move(owner)) {}

  [[nodiscard]] Result<log::Committed> acquire() override {
    auto acquired = x_owner->acquire();
    if (acquired.has_error()) {
      probe("acquire failed");
    } else if (x_unknown) {
      probe(acquired->next == x_unknown ? "unknown, was committed" : "unknown, was aborted");
      x_unknown.reset();
    } else {
      x_worker.look_at_lag(x_partition);
    }
    return acquired;
  }

  void commit(log::Transaction transaction, std::function<void(log::CommitResult)> done) override {
    std::size_t bytes = 0;
    for (const log::Output& output : transaction.outputs) bytes += output.message.key.size() + output.message.value.size();
    if (bytes > x_worker.x_site.config.batch_bytes_max + kBeyondBytes) violate("a transaction has " + std::to_string(bytes) + " bytes");
    x_owner->commit(std::move(transaction), [this, next = transaction.next, done = std::move(done)](const log::CommitResult& result) {
      switch (result.outcome) {
        case log::CommitOutcome::Committed:
          if (++x_worker.x_running[x_partition].held > kHeldMax) violate("more than two committed deltas are held");
          break;
        case log::CommitOutcome::Aborted: probe("aborted and sent again"); break;
        case log::CommitOutcome::Rejected: violate("the model rejects nothing"); break;
        case log::CommitOutcome::Unknown: x_unknown = next; break;
        case log::CommitOutcome::Fenced: probe("fenced while in flight"); break;
      }
      done(result);
    });
  }

 private:
  void probe(const char* name) { x_worker.x_site.probes.hit(name); }
  void violate(const std::string& what) {
    x_worker.x_site.violations.push_back("memory: " + x_worker.name() + " " + place_of(x_partition) + ": " + what);
  }

  Worker& x_worker;
  const PartitionId x_partition;
  std::unique_ptr<log::Owner> x_owner;
  std::optional<Offset> x_unknown;
};

Worker::Worker(Site& site, std::string name, std::size_t disk_number, Disk& disk)
    : x_site(site),
      x_process(std::make_shared<Process>(std::move(name))),
      x_disk(disk),
      x_disk_number(disk_number),
      x_client(site.timeline, site.broker, site.network, site.probes, x_process, site.times, mistakes_of(site.plant)),
      x_store(disk, &site.timeline, x_process, &site.probes),
      x_bundles_strand(site.timeline, x_process),
      x_bundles(std::make_shared<triage_service::Bundles>(x_client, x_bundles_strand)),
      x_member(site.timeline, site.broker, site.network, site.probes, x_process, x_process->name),
      x_fenced(kFencedPause) {
  x_store.on_written = [this](PartitionId partition) { written(partition); };
}

// Everything that could still call into it is forgotten first.
Worker::~Worker() {
  x_site.timeline.forget(*x_process);
  x_process->alive = false;
  x_process->waiting.clear();
  x_client.abandon();
  x_bundles->stop();
}

void Worker::start() {
  x_site.timeline.in(Moment(1), x_process, [this] {
    if (x_bundles->start().has_error()) {  // no broker: the service's manager starts it again
      x_site.timeline.in(std::chrono::milliseconds(50), x_process, [this] { start(); });
      return;
    }
    for (std::uint32_t p = 0; x_site.standbys && p < x_site.broker.partitions(); ++p) make_runner(PartitionId(p), nullptr);
    look();
    join_when_warm();
  });
}

void Worker::join_when_warm() {
  for (const auto& [partition, one] : x_running) {
    const auto status = one.runner->status();
    if (status.warm || status.phase == Phase::Refused) continue;
    x_site.timeline.in(kWarm, x_process, [this] { join_when_warm(); });
    return;
  }
  x_member.start({[this](PartitionId partition) { assigned(partition); },
                  [this](PartitionId partition, std::function<void()> stopped) { revoked(partition, std::move(stopped)); }});
}

void Worker::assigned(PartitionId partition) {
  x_assigned.insert(partition);
  const auto found = x_running.find(partition);
  if (found == x_running.end()) return make_runner(partition, make_owner(partition));
  x_site.probes.hit("standby took over");
  found->second.runner->take_over(make_owner(partition));
}

std::unique_ptr<log::Owner> Worker::make_owner(PartitionId partition) {
  auto owner = with_plant(x_client.owner(x_member, partition), x_site.plant, x_site.timeline, x_process);
  return std::make_unique<WatchedOwner>(*this, partition, std::move(owner));
}

void Worker::make_runner(PartitionId partition, std::unique_ptr<log::Owner> owner) {
  Running one;
  one.scheduler = std::make_unique<ModelScheduler>(x_site.timeline, x_process);
  one.runner = std::make_shared<PartitionRunner>(
      partition, x_site.broker.partitions(), std::move(owner),
      PartitionRunner::World{x_client, x_store, *x_bundles, *one.scheduler, x_site.config, x_registry, rules()[0].packed});
  one.runner->start();
  x_running.insert_or_assign(partition, std::move(one));
}

void Worker::revoked(PartitionId partition, std::function<void()> stopped) {
  x_assigned.erase(partition);
  if (x_running.count(partition) == 0) return stopped();
  end_runner(partition, [this, partition, stopped = std::move(stopped)] {
    if (x_site.standbys) make_runner(partition, nullptr);
    stopped();
  });
}

// Once more while it is ending already: `ended` replaces what was to happen then.
void Worker::end_runner(PartitionId partition, std::function<void()> ended) {
  Running& one = x_running[partition];
  one.then = std::move(ended);
  if (std::exchange(one.ending, true)) return;
  one.runner->stop([this, partition] {
    x_site.timeline.in(Moment(1), x_process, [this, partition] {
      const auto then = std::move(x_running[partition].then);
      x_running.erase(partition);
      then();
    });
  });
}

void Worker::look() {
  for (auto& [partition, one] : x_running) {
    const bool due = x_fenced.is_due(partition, one.runner->status().phase, one.scheduler->now());
    if (!due || one.ending) continue;
    x_site.probes.hit("fenced, took over again");
    end_runner(partition, [this, place = partition] {
      if (x_assigned.count(place) > 0) assigned(place);
    });
  }
  x_site.timeline.in(kLook, x_process, [this] { look(); });
}

void Worker::stop(std::function<void()> stopped) {
  x_site.timeline.in(Moment(1), x_process, [this, stopped = std::move(stopped)] { x_member.leave(stopped); });
}

void Worker::look_at_lag(PartitionId partition) {
  const auto committed = x_site.broker.committed(partition).next;
  const auto stored = stored_offset(x_disk, partition);
  if (!committed) return;
  if (!stored) x_site.probes.hit("no state at restart");
  else if (*stored < *committed) x_site.probes.hit("state lagging at restart");
  else x_site.probes.hit("state current at restart");
}

// The state may lag behind the log, never lead (DESIGN D3).
void Worker::written(PartitionId partition) {
  const auto found = x_running.find(partition);
  if (found != x_running.end() && found->second.held > 0) --found->second.held;
  const auto stored = stored_offset(x_disk, partition);
  const auto committed = x_site.broker.decided(partition);
  if (stored && (!committed || *stored > *committed)) {
    x_site.violations.push_back("state: " + name() + " " + place_of(partition) + " wrote the state of offset " +
                                std::to_string(stored->value()) + ", committed is " +
                                (committed ? std::to_string(committed->value()) : "nothing"));
  }
}

std::vector<std::string> Worker::describe() const {
  std::vector<std::string> lines;
  lines.push_back(name() + (x_process->paused ? " is paused" : "") + (x_member.fenced() ? " is fenced from the group" : "") +
                  (x_member.joined() ? " joined" : " not joined"));
  for (const auto& [partition, one] : x_running) {
    const auto status = one.runner->status();
    lines.push_back("  " + place_of(partition) + " " + std::string(triage_service::name_of(status.phase)) + " next=" +
                    std::to_string(status.next.value()) + " committed=" + std::to_string(status.committed.value()) + " " + status.message);
  }
  return lines;
}

std::map<PartitionId, std::string> Worker::refused() const {
  std::map<PartitionId, std::string> all;
  for (const auto& [partition, one] : x_running) {
    const auto status = one.runner->status();
    if (status.phase == Phase::Refused) all[partition] = status.message;
  }
  return all;
}

}  // namespace ioc::simulation
