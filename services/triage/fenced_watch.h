// When a fenced partition that the group still calls ours is taken over again. Whoever fenced it may have been a process on
// its way out that did not know yet: one that came back from a pause, or an older one of the same name. Without another
// try nobody would work on the partition. If the other one is right, the group takes the partition away before that.
#pragma once

#include <map>

#include "libs/base/time.h"
#include "libs/domain/ids.h"
#include "services/triage/phase.h"

namespace ioc::triage_service {

class FencedWatch {
 public:
  // `pause`: longer than a member needs to hear that it lost its place (a few heartbeats).
  explicit FencedWatch(Millis pause) : x_pause(pause) {}

  // Called from time to time with what a partition's runner is at. True: end it and make a new one, with a new owner.
  [[nodiscard]] bool is_due(PartitionId partition, Phase phase, WallTime now) {
    if (phase != Phase::Fenced) {
      x_since.erase(partition);
      return false;
    }
    const auto [since, is_new] = x_since.emplace(partition, now);
    // A clock that was set back counts as a pause that is over.
    const bool due = !is_new && (now < since->second || now - since->second >= x_pause);
    if (due) x_since.erase(since);
    return due;
  }

 private:
  const Millis x_pause;
  std::map<PartitionId, WallTime> x_since;
};

}  // namespace ioc::triage_service
