#include "tests/simulation/owner.h"

#include <algorithm>

#include "libs/base/assert.h"

namespace ioc::simulation {
namespace {

constexpr Moment kConcurrent = std::chrono::milliseconds(20);
constexpr Moment kRetry = std::chrono::milliseconds(2);

const char* name_of(Code code) {
  switch (code) {
    case Code::None: return "none";
    case Code::ConcurrentTransactions: return "CONCURRENT_TRANSACTIONS";
    case Code::ProducerFenced: return "PRODUCER_FENCED";
    case Code::InvalidTxnState: return "INVALID_TXN_STATE";
    case Code::IllegalGeneration: return "ILLEGAL_GENERATION";
    case Code::UnknownMember: return "UNKNOWN_MEMBER_ID";
    case Code::FencedInstance: return "FENCED_INSTANCE_ID";
    case Code::RebalanceInProgress: return "REBALANCE_IN_PROGRESS";
    case Code::UnstableOffset: return "UNSTABLE_OFFSET_COMMIT";
    case Code::NotEnoughReplicas: return "NOT_ENOUGH_REPLICAS";
  }
  return "unknown";
}

}  // namespace

ModelOwner::ModelOwner(Client& client, Member& member, PartitionId partition)
    : x_client(client), x_member(member), x_partition(partition) {
  x_client.x_owners.insert(this);
}

ModelOwner::~ModelOwner() { x_client.x_owners.erase(this); }

// ---- taking over ----

Result<log::Committed> ModelOwner::acquire() {
  IOC_ASSERT(!x_done);
  Timeline& timeline = x_client.x_timeline;
  timeline.boundary(*x_client.x_process, "acquire");
  const Moment deadline = timeline.now() + x_client.x_times.acquire_timeout;
  x_state = State::Idle;
  if (x_member.fenced()) return transient("another process has this member's name");
  if (!x_member.joined()) return transient("the group was not joined in time");
  std::optional<Result<log::Committed>> early;
  if (x_client.x_mistakes.reads_offset_first) {
    early = fetch_committed(deadline);
    timeline.block(*x_client.x_process, timeline.now() + Moment(timeline.random.between(0, 30'000)));
  }
  if (auto ready = init_producer(deadline); ready.has_error()) return ready.error();
  timeline.boundary(*x_client.x_process, "acquire: fenced older owners");
  auto committed = early ? *std::move(early) : fetch_committed(deadline);
  if (committed.has_value()) x_state = State::Ready;
  timeline.boundary(*x_client.x_process, "acquire: done");
  return committed;
}

Result<void> ModelOwner::init_producer(Moment deadline) {
  Timeline& timeline = x_client.x_timeline;
  while (true) {
    timeline.block(*x_client.x_process, timeline.now() + x_client.trip());
    if (!x_client.x_broker.weather.broker_down) {
      const Broker::Init init = x_client.x_broker.init_producer("triage-" + std::to_string(x_partition.value()));
      if (init.code == Code::None) {
        x_key = init.key;
        x_sequences.clear();
        return {};
      }
    }
    if (timeline.now() > deadline) return transient("taking over did not end in time");
    timeline.block(*x_client.x_process, timeline.now() + kConcurrent);
  }
}

Result<log::Committed> ModelOwner::fetch_committed(Moment deadline) {
  Timeline& timeline = x_client.x_timeline;
  while (true) {
    timeline.block(*x_client.x_process, timeline.now() + x_client.trip());
    if (!x_client.x_broker.weather.broker_down) {
      const Broker::Fetched fetched = x_client.x_broker.fetch_offset(x_partition);
      if (fetched.code == Code::None) return fetched.committed;
      x_client.x_probes.hit("committed offset was not stable");
    }
    if (timeline.now() > deadline) return transient("the committed offset was not stable in time");
    timeline.block(*x_client.x_process, timeline.now() + kConcurrent);
  }
}

// ---- one transaction ----

void ModelOwner::commit(log::Transaction transaction, std::function<void(log::CommitResult)> done) {
  IOC_ASSERT(!x_done);
  x_client.x_timeline.boundary(*x_client.x_process, "commit");
  x_done = std::move(done);
  x_transaction = std::move(transaction);
  x_aborting = x_disturbed = false;
  x_began = x_client.x_timeline.now();
  if (x_state == State::Fenced) return finish(log::CommitOutcome::Fenced, "fenced by an earlier transaction");
  if (x_state != State::Ready) return finish(log::CommitOutcome::Unknown, "acquire() first");
  std::map<TopicPartition, std::size_t> index;
  x_batches.clear();
  for (log::Output& output : x_transaction.outputs) {
    const TopicPartition place{output.topic, output.partition};
    const auto [at, is_new] = index.emplace(place, x_batches.size());
    if (is_new) x_batches.push_back({place, {}, x_sequences[place]});
    x_batches[at->second].messages.push_back(std::make_shared<const log::Message>(std::move(output.message)));
  }
  for (const Batch& batch : x_batches) x_sequences[batch.place] = batch.sequence + batch.messages.size();
  add_partitions();
  x_client.x_timeline.boundary(*x_client.x_process, "commit: begun");
}

bool ModelOwner::late() const {
  return x_client.x_timeline.now() - x_began >= x_client.x_times.transaction_timeout;
}

void ModelOwner::ask(const char* what, std::function<Code()> request, Next next) {
  x_client.x_network.call<Code>(x_client.x_process, what, request, [this, here = std::weak_ptr(x_here), what, request, next](std::optional<Code> code) {
    if (here.expired()) return;
    if (code) return take(*code, what, request, next);
    x_disturbed = true;
    if (late()) return in_doubt(std::string(what) + " did not end in time");
    again(kRetry, [this, what, request, next] { ask(what, request, next); });
  });
}

void ModelOwner::take(Code code, const char* what, const std::function<Code()>& request, Next next) {
  switch (code) {
    case Code::None: return (this->*next)();
    case Code::ConcurrentTransactions:
      x_client.x_probes.hit("CONCURRENT_TRANSACTIONS");
      if (late()) return in_doubt(std::string(what) + " did not end in time");
      return again(kConcurrent, [this, what, request, next] { ask(what, request, next); });
    case Code::IllegalGeneration:
    case Code::UnknownMember:
    case Code::FencedInstance:
      x_client.x_probes.hit("zombie commit refused by the group");
      return abort(std::string(what) + ": " + name_of(code));
    case Code::ProducerFenced: return lost(true, std::string(what) + ": " + name_of(code));
    default: return lost(false, std::string(what) + ": " + name_of(code));
  }
}

void ModelOwner::add_partitions() {
  if (x_batches.empty()) return add_offsets();
  std::vector<TopicPartition> places;
  for (const Batch& batch : x_batches) places.push_back(batch.place);
  ask("AddPartitionsToTxn", [&broker = x_client.x_broker, key = x_key, places] { return broker.add_partitions(key, places); },
      &ModelOwner::produce);
}

void ModelOwner::produce() {
  x_batches_left = x_batches.size();
  x_produce_failed.reset();
  for (std::size_t i = 0; i < x_batches.size(); ++i) send_batch(i);
}

void ModelOwner::send_batch(std::size_t batch) {
  const Batch& one = x_batches[batch];
  x_client.x_network.call<Code>(
      x_client.x_process, "Produce",
      [&broker = x_client.x_broker, key = x_key, one] { return broker.produce(key, one.place, one.sequence, one.messages); },
      [this, here = std::weak_ptr(x_here), batch](std::optional<Code> code) {
        if (!here.expired()) produced(code, batch);
      });
}

void ModelOwner::produced(std::optional<Code> code, std::size_t batch) {
  if (!code) {
    x_disturbed = true;
    if (!late()) return again(kRetry, [this, batch] { send_batch(batch); });
    code = Code::InvalidTxnState;
  }
  if (*code != Code::None && (!x_produce_failed || *code != Code::NotEnoughReplicas)) x_produce_failed = code;
  if (--x_batches_left > 0) return;
  if (!x_produce_failed) return add_offsets();
  if (*x_produce_failed == Code::NotEnoughReplicas) return abort("Produce: NOT_ENOUGH_REPLICAS");
  lost(*x_produce_failed == Code::ProducerFenced, std::string("Produce: ") + name_of(*x_produce_failed));
}

void ModelOwner::add_offsets() {
  ask("AddOffsetsToTxn", [&broker = x_client.x_broker, key = x_key] { return broker.add_offsets(key); }, &ModelOwner::send_offset);
}

void ModelOwner::send_offset() {
  const log::Committed committed{x_transaction.next, x_transaction.metadata};
  ask("TxnOffsetCommit",
      [&broker = x_client.x_broker, key = x_key, member = x_client.x_mistakes.commits_unchecked ? MemberKey() : x_member.key(),
       partition = x_partition, committed] {
        return broker.commit_offset(key, member, partition, committed);
      },
      &ModelOwner::end_commit);
}

void ModelOwner::end_commit() {
  ask("EndTxn(commit)", [&broker = x_client.x_broker, key = x_key] { return broker.end(key, true); }, &ModelOwner::committed);
}

void ModelOwner::committed() {
  if (x_disturbed && !x_client.x_mistakes.keeps_epoch_when_disturbed) {
    return in_doubt("committed, but a connection was lost meanwhile");
  }
  finish(log::CommitOutcome::Committed, {});
}

void ModelOwner::abort(std::string why) {
  if (x_aborting) return in_doubt(why + "; while aborting");
  x_aborting = true;
  x_abort_reason = std::move(why);
  ask("EndTxn(abort)", [&broker = x_client.x_broker, key = x_key] { return broker.end(key, false); }, &ModelOwner::aborted);
}

void ModelOwner::aborted() {
  if (x_member.fenced()) {
    x_state = State::Fenced;
    return finish(log::CommitOutcome::Fenced, x_abort_reason);
  }
  if (x_disturbed && !x_client.x_mistakes.keeps_epoch_when_disturbed) return in_doubt(x_abort_reason);
  finish(log::CommitOutcome::Aborted, x_abort_reason);
}

// An older epoch means a newer owner, unless the coordinator may have given the transaction up itself.
void ModelOwner::lost(bool fenced, const std::string& why) {
  if (!fenced || late()) return in_doubt(why);
  x_client.x_probes.hit("zombie commit refused by its epoch");
  x_state = State::Fenced;
  finish(log::CommitOutcome::Fenced, why);
}

void ModelOwner::in_doubt(std::string why) {
  x_state = State::InDoubt;
  finish(log::CommitOutcome::Unknown, std::move(why));
}

// Never inside commit(): the log has threads of its own.
void ModelOwner::finish(log::CommitOutcome outcome, std::string detail) {
  again(Moment(x_client.x_timeline.random.between(5, 60)), [this, outcome, detail = std::move(detail)] {
    Timeline& timeline = x_client.x_timeline;
    const ProcessPtr process = x_client.x_process;
    timeline.boundary(*process, "commit: outcome known");
    const auto done = std::exchange(x_done, nullptr);
    done({outcome, detail});
    timeline.boundary(*process, "commit: outcome told");
  });
}

void ModelOwner::again(Moment delay, std::function<void()> work) {
  x_client.x_timeline.in(delay, x_client.x_process, [here = std::weak_ptr(x_here), work = std::move(work)] {
    if (!here.expired()) work();
  });
}

}  // namespace ioc::simulation
