#include "tests/faults/follower.h"

#include <cstdio>

#include "libs/domain/topics.h"
#include "tests/faults/reference.h"

namespace ioc::faults {

Follower::Follower(log::Log& log, const std::vector<std::string>& topics, std::uint32_t partitions) {
  for (std::uint32_t p = 0; p < partitions; ++p) {
    const PartitionId partition(p);
    for (const std::string& topic : topics) x_all.push_back({topic, partition, log.read(topic, partition, Offset(0)).value(), {}, {}});
    if (partitions == 1) continue;
    const std::string events(topics::kEvents);
    x_all.push_back({events, partition, log.read(events, partition, Offset(0)).value(), {}, {}});
  }
  x_thread = std::thread([this] { run(); });
}

void Follower::stop() {
  x_stop = true;
  if (x_thread.joinable()) x_thread.join();
}

void Follower::run() {
  while (!x_stop) {
    bool any = false;
    for (Followed& one : x_all) any |= follow(one);
    if (!any) std::this_thread::sleep_for(Millis(5));
  }
}

bool Follower::follow(Followed& one) {
  if (!one.failed.empty()) return false;
  const auto batch = one.reader->poll(5'000, 4 << 20);
  if (batch.has_error()) {
    if (batch.error().kind != ErrorKind::Transient) one.failed = batch.error().message;
    return false;
  }
  for (const log::Entry& entry : batch->entries) {
    const std::string stream = stream_of(one.topic, one.partition, entry);
    if (!stream.empty()) one.seen[stream].push_back({hash_of(entry.key, entry.value), entry.offset.value()});
  }
  return !batch->entries.empty();
}

bool Follower::hand_over(std::vector<Stream>& streams) {
  bool good = true;
  for (Followed& one : x_all) {
    if (!one.failed.empty()) {
      std::fprintf(stderr, "faults: a follower of %s/%u ended: %s\n", one.topic.c_str(), one.partition.value(), one.failed.c_str());
      good = false;
    }
    for (Stream& stream : streams) {
      if (const auto seen = one.seen.find(stream.name); seen != one.seen.end()) stream.followed = std::move(seen->second);
    }
    one.reader.reset();
  }
  return good;
}

}  // namespace ioc::faults
