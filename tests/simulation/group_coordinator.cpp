#include <algorithm>

#include "tests/simulation/broker.h"

namespace ioc::simulation {
namespace {
// A round waits so long for members that beat but do not join again.
constexpr Moment kRoundTimeout = std::chrono::seconds(6);
}  // namespace

std::string GroupCoordinator::join(const std::string& instance, const std::string& known) {
  if (const auto found = x_members.find(known); found != x_members.end()) {
    found->second.joined = true;
    found->second.heard = x_timeline.now();
    if (!x_in_round) rebalance();
    found->second.joined = true;
    end_round_if_complete();
    return known;
  }
  const std::string id = instance + "#" + std::to_string(++x_named);
  const auto same = std::find_if(x_members.begin(), x_members.end(),
                                 [&](const auto& one) { return one.second.instance == instance; });
  if (same != x_members.end()) {  // static membership: it takes the place over, and nobody else notices
    Member member = same->second;
    x_fenced.insert(same->first);
    x_members.erase(same);
    member.heard = x_timeline.now();
    member.joined = true;
    x_members[id] = member;
    end_round_if_complete();
    return id;
  }
  x_members[id] = {instance, x_timeline.now(), true, {}};
  if (!x_in_round) rebalance();
  x_members[id].joined = true;
  end_round_if_complete();
  return id;
}

void GroupCoordinator::rebalance() {
  x_in_round = true;
  x_round_began = x_timeline.now();
  for (auto& [id, member] : x_members) member.joined = false;
}

void GroupCoordinator::end_round_if_complete() {
  if (!x_in_round) return;
  if (!std::all_of(x_members.begin(), x_members.end(), [](const auto& one) { return one.second.joined; })) return;
  x_in_round = false;
  ++x_generation;
  std::vector<Member*> members;
  for (auto& [id, member] : x_members) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const Member* a, const Member* b) { return a->instance < b->instance; });
  for (Member* member : members) member->partitions.clear();
  for (std::uint32_t p = 0; p < x_partitions && !members.empty(); ++p) {
    members[p * members.size() / x_partitions]->partitions.insert(PartitionId(p));
  }
}

GroupCoordinator::Assignment GroupCoordinator::assignment(const std::string& member) {
  if (x_fenced.count(member) > 0) return {Code::FencedInstance, 0, {}};
  const auto found = x_members.find(member);
  if (found == x_members.end()) return {Code::UnknownMember, 0, {}};
  found->second.heard = x_timeline.now();
  if (x_in_round) return {Code::RebalanceInProgress, 0, {}};
  return {Code::None, x_generation, found->second.partitions};
}

Code GroupCoordinator::beat(const MemberKey& member) {
  if (x_fenced.count(member.id) > 0) return Code::FencedInstance;
  const auto found = x_members.find(member.id);
  if (found == x_members.end()) return Code::UnknownMember;
  found->second.heard = x_timeline.now();
  if (x_in_round) return Code::RebalanceInProgress;
  return member.generation == x_generation ? Code::None : Code::IllegalGeneration;
}

Code GroupCoordinator::check_commit(const MemberKey& member) const {
  if (member.generation < 0 && member.id.empty()) return Code::None;
  if (x_fenced.count(member.id) > 0) return Code::FencedInstance;
  if (x_members.count(member.id) == 0) return Code::UnknownMember;
  return member.generation == x_generation ? Code::None : Code::IllegalGeneration;
}

bool GroupCoordinator::is_free(const std::string& instance) const {
  return std::none_of(x_members.begin(), x_members.end(), [&](const auto& one) { return one.second.instance == instance; });
}

void GroupCoordinator::leave(const std::string& member) {
  if (x_members.erase(member) == 0) return;
  rebalance();
  end_round_if_complete();
}

void GroupCoordinator::look() {
  bool gone = false;
  for (auto at = x_members.begin(); at != x_members.end();) {
    const bool silent = x_timeline.now() - at->second.heard > x_session;
    const bool late = x_in_round && !at->second.joined && x_timeline.now() - x_round_began > kRoundTimeout;
    gone = gone || silent || late;
    at = silent || late ? x_members.erase(at) : std::next(at);
  }
  if (!gone) return;
  const bool was_in_round = x_in_round;
  if (!was_in_round) rebalance();
  end_round_if_complete();
}

}  // namespace ioc::simulation
