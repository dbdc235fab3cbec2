#include "libs/log/embedded/owner.h"

#include <condition_variable>
#include <mutex>

#include "libs/base/assert.h"

namespace ioc::log::embedded {

namespace {

constexpr std::size_t kMetadataBytesMax = 4096;

// Where acquire() waits for the committer; outlives a waiter that gave up.
struct Acquired {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Result<CommitState>> state;
};

// Behind all commits queued before it, so those are decided when it is done.
class AcquireTask final : public Task {
 public:
  AcquireTask(OwnerSlot& slot, bool fence, std::shared_ptr<Acquired> acquired)
      : x_slot(slot), x_fence(fence), x_acquired(std::move(acquired)) {}

  void stage(Group& group, const std::optional<Error>&) override {
    auto& state = group.owner(x_slot);
    if (x_fence) ++state.epoch;
    x_state = state;
  }
  void finish(const Result<void>& written) override {
    const std::lock_guard lock(x_acquired->mutex);
    x_acquired->state = written ? Result<CommitState>(std::move(x_state)) : Result<CommitState>(written.error());
    x_acquired->changed.notify_all();
  }

 private:
  OwnerSlot& x_slot;
  const bool x_fence;
  std::shared_ptr<Acquired> x_acquired;
  CommitState x_state;
};

struct Target {
  Partition* partition;
  Message message;
};

class CommitTask final : public Task {
 public:
  CommitTask(OwnerSlot& slot, std::uint64_t epoch, std::vector<Target> outputs, Offset next, std::string metadata,
             std::function<void(CommitResult)> done)
      : x_slot(slot),
        x_epoch(epoch),
        x_outputs(std::move(outputs)),
        x_next(next),
        x_metadata(std::move(metadata)),
        x_done(std::move(done)) {
    size_bytes = x_metadata.size();
    for (const auto& each : x_outputs) size_bytes += each.message.key.size() + each.message.value.size();
  }

  void stage(Group& group, const std::optional<Error>& disk_full) override {
    auto& state = group.owner(x_slot);
    if (state.epoch != x_epoch) {
      x_result = {CommitOutcome::Fenced, "epoch " + std::to_string(x_epoch) + " was followed by " +
                                             std::to_string(state.epoch)};
      return;
    }
    if (disk_full) {
      x_result = {CommitOutcome::Aborted, disk_full->message};
      return;
    }
    for (const auto& each : x_outputs) group.add(*each.partition, each.message);
    state.next = x_next.value();
    state.metadata = std::move(x_metadata);
  }
  void finish(const Result<void>& written) override {
    if (!written && x_result.outcome == CommitOutcome::Committed) {
      x_result = {CommitOutcome::Aborted, written.error().message};
    }
    x_done(std::move(x_result));
  }

 private:
  OwnerSlot& x_slot;
  const std::uint64_t x_epoch;
  std::vector<Target> x_outputs;
  const Offset x_next;
  std::string x_metadata;
  std::function<void(CommitResult)> x_done;
  CommitResult x_result;
};

}  // namespace

PartitionOwner::PartitionOwner(const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings,
                               OwnerSlot& slot, std::string name, std::shared_ptr<const std::atomic<bool>> lost)
    : x_catalog(catalog),
      x_committer(committer),
      x_settings(settings),
      x_slot(slot),
      x_name(std::move(name)),
      x_lost(std::move(lost)) {}

Result<Looked> look_at(Committer& committer, const EmbeddedSettings& settings, OwnerSlot& slot, const std::string& name,
                       bool fence) {
  const auto acquired = std::make_shared<Acquired>();
  committer.run(std::make_unique<AcquireTask>(slot, fence, acquired));
  std::unique_lock lock(acquired->mutex);
  if (!acquired->changed.wait_for(lock, settings.acquire_limit, [&] { return acquired->state.has_value(); })) {
    return transient(name + ": no answer within acquire_limit; the disk is slow or stands still");
  }
  auto& state = *acquired->state;
  if (!state) return state.error();
  Looked looked;
  looked.epoch = state->epoch;
  if (state->next) looked.committed.next = Offset(*state->next);
  looked.committed.metadata = std::move(state->metadata);
  return looked;
}

Result<Committed> PartitionOwner::acquire() {
  if (*x_lost) return permanent(x_name + ": another member has taken the group over");
  auto looked = look_at(x_committer, x_settings, x_slot, x_name, true);
  if (!looked) return looked.error();
  x_epoch = looked->epoch;
  return std::move(looked->committed);
}

void PartitionOwner::commit(Transaction transaction, std::function<void(CommitResult)> done) {
  IOC_ASSERT(transaction.metadata.size() <= kMetadataBytesMax);
  if (*x_lost || x_epoch == 0) {
    return done({CommitOutcome::Fenced, x_name + (*x_lost ? ": another member has taken the group over"
                                                          : ": commit without acquire")});
  }
  std::vector<Target> outputs;
  outputs.reserve(transaction.outputs.size());
  for (auto& each : transaction.outputs) {
    auto* partition = x_catalog.find(each.topic, each.partition);
    const auto name = each.topic + "/" + std::to_string(each.partition.value());
    if (partition == nullptr) return done({CommitOutcome::Aborted, name + ": no such topic or partition"});
    const std::size_t bytes = each.message.key.size() + each.message.value.size();
    if (bytes > x_settings.message_bytes_max) {
      return done({CommitOutcome::Rejected, name + ": an output of " + std::to_string(bytes) + " bytes; log.embedded.message_bytes_max is " +
                                                std::to_string(x_settings.message_bytes_max)});
    }
    outputs.push_back({partition, std::move(each.message)});
  }
  x_committer.run(std::make_unique<CommitTask>(x_slot, x_epoch, std::move(outputs), transaction.next,
                                               std::move(transaction.metadata), std::move(done)));
}

}  // namespace ioc::log::embedded
