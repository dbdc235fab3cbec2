#include "tests/simulation/broker.h"

#include <algorithm>

#include "libs/domain/topics.h"

namespace ioc::simulation {
namespace {
constexpr Moment kLook = std::chrono::milliseconds(100);
}

Broker::Broker(Timeline& timeline, Probes& probes, std::uint32_t partitions, Moment transaction_timeout,
               Moment session_timeout)
    : group(timeline, partitions, session_timeout),
      x_timeline(timeline),
      x_probes(probes),
      x_partitions(partitions),
      x_transaction_timeout(transaction_timeout) {
  look();
}

// Gives transactions up that took too long, and members that were silent.
void Broker::look() {
  if (!weather.broker_down) {
    for (auto& [id, one] : x_transactions) {
      if (one.state != State::Ongoing || x_timeline.now() - one.began < x_transaction_timeout) continue;
      x_probes.hit("transaction timed out");
      ++one.epoch;
      prepare(id, false);
    }
    group.look();
  }
  x_timeline.in(kLook, nullptr, [this] { look(); });
}

LogTime Broker::append_time() const {
  return LogTime::from_ms((x_timeline.true_time() + x_timeline.broker_clock_ahead).ms());
}

Offset Broker::append(const TopicPartition& place, MessagePtr message) {
  const Offset offset = x_logs[place].append(std::move(message), append_time());
  if (on_visible) on_visible(place);
  return offset;
}

void Broker::lose_tail(const TopicPartition& place, std::size_t keep) {
  x_logs[place].lose_tail(keep);
  if (on_visible) on_visible(place);
}

// ---- transactions ----

Code Broker::check(const ProducerKey& key) const {
  const auto found = x_transactions.find(key.id);
  if (found == x_transactions.end() || found->second.producer != key.producer) return Code::InvalidTxnState;
  return found->second.epoch == key.epoch ? Code::None : Code::ProducerFenced;
}

Broker::Init Broker::init_producer(const std::string& id) {
  Transaction& one = x_transactions[id];
  if (one.producer < 0) one.producer = ++x_last_producer;
  if (one.state == State::Ongoing) {
    ++one.epoch;  // whoever was in it is fenced from here on
    prepare(id, false);
    x_probes.hit("takeover aborted an open transaction");
    return {Code::ConcurrentTransactions, {}};
  }
  if (one.state == State::PrepareCommit || one.state == State::PrepareAbort) {
    x_probes.hit("takeover waited for markers");
    return {Code::ConcurrentTransactions, {}};
  }
  ++one.epoch;
  one.state = State::Empty;
  return {Code::None, {id, one.producer, one.epoch}};
}

Code Broker::may_add(const ProducerKey& key) {
  if (const Code code = check(key); code != Code::None) return code;
  Transaction& one = x_transactions[key.id];
  if (one.state == State::PrepareCommit || one.state == State::PrepareAbort) return Code::ConcurrentTransactions;
  if (one.state != State::Ongoing) {
    one.state = State::Ongoing;
    one.began = x_timeline.now();
    one.places.clear();
    one.offsets = false;
  }
  return Code::None;
}

Code Broker::add_partitions(const ProducerKey& key, const std::vector<TopicPartition>& places) {
  const Code code = may_add(key);
  if (code == Code::None) x_transactions[key.id].places.insert(places.begin(), places.end());
  return code;
}

Code Broker::add_offsets(const ProducerKey& key) {
  const Code code = may_add(key);
  if (code == Code::None) x_transactions[key.id].offsets = true;
  return code;
}

// The partition asks the coordinator whether it is part of the transaction (KIP-890, part 1).
Code Broker::produce(const ProducerKey& key, const TopicPartition& place, std::uint64_t sequence,
                     const std::vector<MessagePtr>& batch) {
  if (const Code code = check(key); code != Code::None) return code;
  const Transaction& one = x_transactions[key.id];
  if (one.state != State::Ongoing || one.places.count(place) == 0) return Code::InvalidTxnState;
  if (x_timeline.random.chance(weather.failed_produce_permille)) return Code::NotEnoughReplicas;
  return x_logs[place].append(key.producer, key.epoch, sequence, batch, append_time()) ? Code::None : Code::ProducerFenced;
}

Code Broker::commit_offset(const ProducerKey& key, const MemberKey& member, PartitionId partition,
                           const log::Committed& committed) {
  if (const Code code = check(key); code != Code::None) return code;
  const Transaction& one = x_transactions[key.id];
  if (one.state != State::Ongoing || !one.offsets) return Code::InvalidTxnState;
  if (const Code code = group.check_commit(member); code != Code::None) return code;
  x_pending_offsets[partition][key.producer] = committed;
  return Code::None;
}

// Does not know which transaction the request means: a late one ends whatever is open under its epoch.
Code Broker::end(const ProducerKey& key, bool commit) {
  if (const Code code = check(key); code != Code::None) return code;
  switch (x_transactions[key.id].state) {
    case State::Ongoing: prepare(key.id, commit); return Code::None;
    case State::CompleteCommit: return commit ? Code::None : Code::InvalidTxnState;
    case State::CompleteAbort: return commit ? Code::InvalidTxnState : Code::None;
    case State::PrepareCommit: return commit ? Code::ConcurrentTransactions : Code::InvalidTxnState;
    case State::PrepareAbort: return commit ? Code::InvalidTxnState : Code::ConcurrentTransactions;
    case State::Empty: return Code::InvalidTxnState;
  }
  return Code::InvalidTxnState;
}

Moment Broker::marker_delay() {
  if (!x_timeline.random.chance(weather.slow_markers_permille)) return Moment(x_timeline.random.between(100, 1'500));
  x_probes.hit("markers came late");
  return Moment(x_timeline.random.between(10'000, std::max<std::int64_t>(20'000, weather.latest.count())));
}

// Decided. The markers reach the partitions one by one; until then each hides what follows.
void Broker::prepare(const std::string& id, bool commit) {
  Transaction& one = x_transactions[id];
  one.state = commit ? State::PrepareCommit : State::PrepareAbort;
  one.markers_left = one.places.size() + (one.offsets ? 1 : 0);
  const Epoch epoch = one.epoch;
  if (commit) {
    for (const auto& [partition, pending] : x_pending_offsets) {
      const auto found = pending.find(one.producer);
      if (found != pending.end()) x_decided[partition] = *found->second.next;
    }
  }
  for (const TopicPartition& place : one.places) {
    x_timeline.in(marker_delay(), nullptr, [this, id, epoch, commit, place] { mark(id, epoch, commit, place); });
  }
  if (one.offsets) x_timeline.in(marker_delay(), nullptr, [this, id, epoch, commit] { mark(id, epoch, commit, std::nullopt); });
  if (one.markers_left == 0) one.state = commit ? State::CompleteCommit : State::CompleteAbort;
}

// nullopt: the partition of the group's offsets.
void Broker::mark(const std::string& id, Epoch epoch, bool commit, const std::optional<TopicPartition>& place) {
  if (weather.broker_down) {
    x_timeline.in(kLook, nullptr, [this, id, epoch, commit, place] { mark(id, epoch, commit, place); });
    return;
  }
  Transaction& one = x_transactions[id];
  if (place) {
    x_logs[*place].mark(one.producer, epoch, commit, append_time());
    if (on_visible) on_visible(*place);
  } else {
    for (auto& [partition, pending] : x_pending_offsets) {
      const auto found = pending.find(one.producer);
      if (found == pending.end()) continue;
      if (commit) x_committed[partition] = found->second;
      pending.erase(found);
    }
  }
  if (--one.markers_left == 0) one.state = commit ? State::CompleteCommit : State::CompleteAbort;
}

Broker::Fetched Broker::fetch_offset(PartitionId partition) const {
  const auto pending = x_pending_offsets.find(partition);
  if (pending != x_pending_offsets.end() && !pending->second.empty()) return {Code::UnstableOffset, {}};
  return {Code::None, committed(partition)};
}

log::Committed Broker::committed(PartitionId partition) const {
  const auto found = x_committed.find(partition);
  return found == x_committed.end() ? log::Committed{} : found->second;
}

std::optional<Offset> Broker::decided(PartitionId partition) const {
  const auto found = x_decided.find(partition);
  return found == x_decided.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Broker::open_transactions() const {
  std::vector<std::string> open;
  for (const auto& [id, one] : x_transactions) {
    if (one.state == State::Ongoing) open.push_back(id + " is ongoing");
    if (one.state == State::PrepareCommit || one.state == State::PrepareAbort) open.push_back(id + " waits for markers");
  }
  for (const auto& [place, log] : x_logs) {
    if (log.has_open()) open.push_back(place.topic + "/" + std::to_string(place.partition.value()) + " has undecided records");
  }
  return open;
}

}  // namespace ioc::simulation
