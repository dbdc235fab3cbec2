#include "tests/faults/follower.h"

#include <cstdio>

#include "tests/faults/reference.h"

namespace ioc::faults {

Follower::Follower(log::Log& log, std::vector<std::string> topics, PartitionId partition) : x_partition(partition) {
  for (std::string& topic : topics) {
    auto reader = log.read(topic, partition, Offset(0)).value();
    x_topics.push_back({std::move(topic), std::move(reader), {}, {}});
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
    for (Topic& topic : x_topics) any |= follow(topic);
    if (!any) std::this_thread::sleep_for(Millis(5));
  }
}

bool Follower::follow(Topic& topic) {
  if (!topic.failed.empty()) return false;
  const auto batch = topic.reader->poll(5'000, 4 << 20);
  if (batch.has_error()) {
    if (batch.error().kind != ErrorKind::Transient) topic.failed = batch.error().message;
    return false;
  }
  for (const log::Entry& entry : batch->entries) topic.seen.push_back({hash_of(entry.key, entry.value), entry.offset.value()});
  return !batch->entries.empty();
}

bool Follower::hand_over(std::vector<Stream>& streams) {
  bool good = true;
  for (Topic& topic : x_topics) {
    if (!topic.failed.empty()) {
      std::fprintf(stderr, "faults: a follower of %s ended: %s\n", topic.name.c_str(), topic.failed.c_str());
      good = false;
    }
    for (Stream& stream : streams) {
      if (stream.name == topic.name + "/" + std::to_string(x_partition.value())) stream.followed = std::move(topic.seen);
    }
    topic.reader.reset();
  }
  return good;
}

}  // namespace ioc::faults
