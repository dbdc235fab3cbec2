#include "tests/simulation/faults.h"

#include <algorithm>

#include "libs/domain/topics.h"

namespace ioc::simulation {

using std::chrono::milliseconds;

void Faults::plan(Moment span) {
  static constexpr Kind kKinds[] = {&Faults::kill,          &Faults::lose_disk,  &Faults::pause,        &Faults::double_worker,
                                    &Faults::stop_and_start, &Faults::add_worker, &Faults::broker_down,  &Faults::clock_jump,
                                    &Faults::disk_full,     &Faults::slow_markers, &Faults::lossy_network, &Faults::bad_reads,
                                    &Faults::slow_network,  &Faults::failed_produce};
  std::vector<Kind> enabled;
  for (const Kind kind : kKinds) {
    if (x_random.chance(450)) enabled.push_back(kind);
  }
  const auto at = [&](Kind kind) {
    x_world.x_timeline.at(Moment(x_random.between(span.count() / 20, span.count())), nullptr, [this, kind] {
      if (!x_world.x_healed) (this->*kind)();
    });
  };
  for (std::size_t i = 0, count = enabled.empty() ? 0 : 1 + x_random.pick(9); i < count; ++i) at(x_random.one_of(enabled));
  if (x_random.chance(40)) at(&Faults::lose_tail);
}

Worker* Faults::somebody() {
  const auto all = x_world.alive();
  return all.empty() ? nullptr : all[x_random.pick(all.size())];
}

void Faults::kill() {
  x_world.x_workload->hurry(milliseconds(100));
  if (Worker* worker = somebody()) x_world.x_timeline.kill(*worker->process());
}

void Faults::lose_disk() {
  Worker* worker = somebody();
  if (worker == nullptr || worker->process()->blocked > 0) return;
  Disk& disk = worker->disk();
  x_world.x_probes.hit("disk lost");
  x_world.x_timeline.kill(*worker->process());
  disk.wipe();
}

void Faults::pause() {
  Worker* worker = somebody();
  if (worker == nullptr || worker->process()->paused) return;
  x_world.x_workload->hurry(milliseconds(100));
  if (x_random.chance(500)) {  // in the middle of something
    x_world.x_timeline.point = x_world.x_timeline.boundaries() + 1 + x_random.pick(60);
    return;
  }
  worker->process()->paused = true;
  x_world.x_probes.hit("paused");
  const Moment span = x_random.chance(500) ? Moment(x_random.between(5'000, 400'000)) : Moment(x_random.between(500'000, 6'000'000));
  x_world.x_timeline.in(span, nullptr, [&timeline = x_world.x_timeline, process = worker->process()] { timeline.resume(process); });
}

// Somebody starts a second process under the same name, on another machine.
void Faults::double_worker() {
  Worker* worker = somebody();
  if (worker == nullptr) return;
  x_world.x_probes.hit("doubled");
  x_world.x_workload->hurry(milliseconds(200));
  x_world.launch(worker->name(), x_world.new_disk());
}

void Faults::stop_and_start() {
  Worker* worker = somebody();
  if (worker == nullptr || worker->process()->paused) return;
  x_world.x_probes.hit("stopped in order");
  x_world.stop_orderly(*worker);
}

void Faults::add_worker() {
  if (x_world.x_homes.size() >= 4) return;
  const std::size_t disk = x_world.new_disk();
  const std::string name = "w" + std::to_string(disk);
  x_world.x_homes[name] = disk;
  x_world.launch(name, disk);
}

void Faults::broker_down() {
  x_world.x_broker.weather.broker_down = true;
  x_world.x_probes.hit("broker down");
  x_world.x_timeline.in(Moment(x_random.between(20'000, 3'000'000)), nullptr, [this] { x_world.x_broker.weather.broker_down = false; });
}

void Faults::clock_jump() {
  const auto jump = Millis(x_random.chance(300) ? x_random.between(-3'600'000, 900'000) : x_random.between(-5'000, 5'000));
  if (x_random.chance(400)) {
    x_world.x_timeline.broker_clock_ahead += jump;
    x_world.x_clock_ahead = std::max(x_world.x_clock_ahead, x_world.x_timeline.broker_clock_ahead);
  } else if (Worker* worker = somebody()) {
    worker->process()->clock_ahead += jump;
  }
}

void Faults::disk_full() {
  Worker* worker = somebody();
  if (worker == nullptr) return;
  Disk* disk = &worker->disk();
  disk->full = true;
  x_world.x_timeline.in(Moment(x_random.between(10'000, 3'000'000)), nullptr, [disk] { disk->full = false; });
}

void Faults::weather(Moment longest, std::uint64_t Weather::*permille, std::uint64_t worst) {
  Weather& now = x_world.x_broker.weather;
  now.*permille = 1 + x_random.pick(worst);
  now.latest = Moment(x_random.chance(500) ? x_random.between(5'000, 100'000) : x_random.between(10'000, 3'000'000));
  x_world.x_timeline.in(Moment(x_random.between(50'000, longest.count())), nullptr,
                        [this, permille] { x_world.x_broker.weather.*permille = 0; });
}

void Faults::slow_network() {
  x_world.x_broker.weather.longest_trip = Moment(x_random.between(2'000, 40'000));
  x_world.x_timeline.in(Moment(x_random.between(100'000, 3'000'000)), nullptr,
                        [this] { x_world.x_broker.weather.longest_trip = Weather().longest_trip; });
}

void Faults::failed_produce() { weather(milliseconds(3'000), &Weather::failed_produce_permille, 200); }

void Faults::slow_markers() { weather(milliseconds(4'000), &Weather::slow_markers_permille, 700); }

void Faults::lossy_network() {
  if (x_random.chance(400)) {  // a broker that is slow with some requests: their senders repeat them meanwhile
    weather(milliseconds(4'000), &Weather::late_request_permille, 400);
    x_world.x_broker.weather.latest = Moment(x_random.between(2'000, 60'000));
    return;
  }
  if (x_random.chance(500)) weather(milliseconds(3'000), &Weather::lost_request_permille, 120);
  if (x_random.chance(500)) weather(milliseconds(3'000), &Weather::lost_reply_permille, 120);
  if (x_random.chance(500)) weather(milliseconds(3'000), &Weather::late_request_permille, 120);
}

void Faults::bad_reads() {
  if (x_random.chance(600)) weather(milliseconds(3'000), &Weather::slow_read_permille, 500);
  if (x_random.chance(600)) weather(milliseconds(3'000), &Weather::failed_read_permille, 200);
}

// A single broker that did not sync comes back after a power cut without records that it had acknowledged and that were
// consumed. Nothing can mend that: the partition must stop and say so, the others go on.
void Faults::lose_tail() {
  const PartitionId partition(static_cast<std::uint32_t>(x_random.pick(x_world.x_broker.partitions())));
  const TopicPartition place{std::string(topics::kEvents), partition};
  const std::uint64_t committed = x_world.x_broker.committed(partition).next.value_or(Offset(0)).value();
  if (committed < 20) return;
  x_world.x_workload->avoid(partition);
  x_world.x_broken.insert(partition);
  x_world.x_probes.hit("log lost its tail");
  x_world.x_broker.lose_tail(place, x_random.pick(committed / 2));
}

}  // namespace ioc::simulation
