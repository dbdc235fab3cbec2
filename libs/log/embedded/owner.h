// Ownership of an input partition: takes epochs, commits transactions, is fenced by a newer owner.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "libs/log/embedded/catalog.h"
#include "libs/log/embedded/committer.h"
#include "libs/log/log.h"

namespace ioc::log::embedded {

// What the slot has committed, when all that is queued before is decided. `fence`: its epoch goes up as well.
struct Looked {
  Committed committed;
  std::uint64_t epoch = 0;
};
[[nodiscard]] Result<Looked> look_at(Committer& committer, const EmbeddedSettings& settings, OwnerSlot& slot,
                                     const std::string& name, bool fence);

class PartitionOwner final : public Owner {
 public:
  // `lost` is set when the membership was taken by another member.
  PartitionOwner(const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings, OwnerSlot& slot,
                 std::string name, std::shared_ptr<const std::atomic<bool>> lost);

  Result<Committed> acquire() override;
  void commit(Transaction transaction, std::function<void(CommitResult)> done) override;

 private:
  const Catalog& x_catalog;
  Committer& x_committer;
  const EmbeddedSettings& x_settings;
  OwnerSlot& x_slot;
  const std::string x_name;  // "group ioc-triage of ioc.events.v1/0"
  const std::shared_ptr<const std::atomic<bool>> x_lost;
  std::uint64_t x_epoch = 0;  // 0: not acquired
};

}  // namespace ioc::log::embedded
