#include "tests/simulation/plants.h"

#include <deque>

namespace ioc::simulation {
namespace {

using log::CommitOutcome;
using log::CommitResult;

class FaultyOwner final : public log::Owner {
 public:
  FaultyOwner(std::unique_ptr<log::Owner> owner, Plant plant) : x_owner(std::move(owner)), x_plant(plant) {}

  [[nodiscard]] Result<log::Committed> acquire() override { return x_owner->acquire(); }

  void commit(log::Transaction transaction, std::function<void(CommitResult)> done) override {
    if (x_plant == Plant::EffectTwice && transaction.next == x_aborted && !transaction.outputs.empty()) {
      transaction.outputs.push_back(transaction.outputs.front());
    }
    x_owner->commit(transaction, [this, next = transaction.next, done = std::move(done)](CommitResult result) {
      done({judge(result.outcome, next), result.detail});
    });
  }

 private:
  CommitOutcome judge(CommitOutcome outcome, Offset next) {
    x_aborted = outcome == CommitOutcome::Aborted ? std::optional(next) : std::nullopt;
    const bool unknown = outcome == CommitOutcome::Unknown;
    if (x_plant == Plant::FencedGoesOn && outcome == CommitOutcome::Fenced) return again(CommitOutcome::Aborted, outcome);
    if (x_plant == Plant::UnknownIsAborted && unknown) return again(CommitOutcome::Aborted, outcome);
    if (x_plant == Plant::UnknownIsCommitted && unknown) return again(CommitOutcome::Committed, outcome);
    return outcome;
  }
  CommitOutcome again(CommitOutcome pretended, CommitOutcome real) {
    return x_owner->acquire().has_value() ? pretended : real;
  }

  std::unique_ptr<log::Owner> x_owner;
  const Plant x_plant;
  std::optional<Offset> x_aborted;
};

// Says "committed" at once and commits afterwards, so that state is written first.
class HastyOwner final : public log::Owner {
 public:
  HastyOwner(std::unique_ptr<log::Owner> owner, Timeline& timeline, ProcessPtr process)
      : x_owner(std::move(owner)), x_timeline(timeline), x_process(std::move(process)) {}

  [[nodiscard]] Result<log::Committed> acquire() override { return x_owner->acquire(); }

  void commit(log::Transaction transaction, std::function<void(CommitResult)> done) override {
    x_left.push_back(std::move(transaction));
    x_timeline.in(Moment(50), x_process, [done = std::move(done)] { done({}); });
    if (x_left.size() == 1) send();
  }

 private:
  void send() {
    x_owner->commit(x_left.front(), [this](const CommitResult& result) {
      if (result.outcome == CommitOutcome::Fenced) return;
      if (result.outcome == CommitOutcome::Unknown) {
        const auto committed = x_owner->acquire();
        if (!committed || committed->next != x_left.front().next) return send();
      }
      if (result.outcome == CommitOutcome::Aborted) return send();
      x_left.pop_front();
      if (!x_left.empty()) send();
    });
  }

  std::unique_ptr<log::Owner> x_owner;
  Timeline& x_timeline;
  ProcessPtr x_process;
  std::deque<log::Transaction> x_left;
};

}  // namespace

std::string_view name_of(Plant plant) {
  switch (plant) {
    case Plant::None: return "none";
    case Plant::StateBeforeCommit: return "state-before-commit";
    case Plant::EffectTwice: return "effect-twice";
    case Plant::FencedGoesOn: return "fenced-goes-on";
    case Plant::UnknownIsAborted: return "unknown-is-aborted";
    case Plant::UnknownIsCommitted: return "unknown-is-committed";
    case Plant::KeepsEpoch: return "keeps-epoch";
    case Plant::ReadsUncommitted: return "reads-uncommitted";
    case Plant::ReadsOffsetFirst: return "reads-offset-first";
    case Plant::TornBatch: return "torn-batch";
  }
  return "unknown";
}

std::optional<Plant> plant_named(std::string_view name) {
  for (const Plant plant : kPlants) {
    if (name_of(plant) == name) return plant;
  }
  return std::nullopt;
}

ClientMistakes mistakes_of(Plant plant) {
  ClientMistakes mistakes;
  mistakes.keeps_epoch_when_disturbed = plant == Plant::KeepsEpoch;
  mistakes.commits_unchecked = plant == Plant::FencedGoesOn || plant == Plant::ReadsOffsetFirst;
  mistakes.reads_uncommitted = plant == Plant::ReadsUncommitted;
  mistakes.reads_offset_first = plant == Plant::ReadsOffsetFirst;
  return mistakes;
}

std::unique_ptr<log::Owner> with_plant(std::unique_ptr<log::Owner> owner, Plant plant, Timeline& timeline, ProcessPtr process) {
  switch (plant) {
    case Plant::StateBeforeCommit: return std::make_unique<HastyOwner>(std::move(owner), timeline, std::move(process));
    case Plant::EffectTwice:
    case Plant::FencedGoesOn:
    case Plant::UnknownIsAborted:
    case Plant::UnknownIsCommitted: return std::make_unique<FaultyOwner>(std::move(owner), plant);
    default: return owner;
  }
}

}  // namespace ioc::simulation
