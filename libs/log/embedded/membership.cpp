#include "libs/log/embedded/membership.h"

#include "libs/base/assert.h"
#include "libs/log/embedded/owner.h"

namespace ioc::log::embedded {

namespace {

void tell(const std::function<void(PartitionId)>& listener, std::uint32_t partition) {
  if (listener) listener(PartitionId(partition));
}

}  // namespace

void Hold::wait_free() {
  std::unique_lock lock(x_mutex);
  x_changed.wait(lock, [this] { return x_given; });
}

void Hold::ask_back() {
  const std::lock_guard lock(x_mutex);
  x_asked = true;
  x_changed.notify_all();
}

void Hold::wait_asked() {
  std::unique_lock lock(x_mutex);
  x_changed.wait(lock, [this] { return x_asked; });
}

bool Hold::asked() const {
  const std::lock_guard lock(x_mutex);
  return x_asked;
}

void Hold::give_back() {
  const std::lock_guard lock(x_mutex);
  *x_lost = true;
  x_given = true;
  x_changed.notify_all();
}

Holds::Pair Holds::take(const std::string& group_and_topic) {
  const std::lock_guard lock(x_mutex);
  auto& newest = x_newest[group_and_topic];
  Pair pair{std::make_shared<Hold>(), newest};
  newest = pair.mine;
  return pair;
}

GroupMembership::GroupMembership(const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings,
                                 Holds& holds, std::string group, std::string topic, std::uint32_t partitions,
                                 AssignmentListener listener)
    : x_catalog(catalog),
      x_committer(committer),
      x_settings(settings),
      x_group(std::move(group)),
      x_topic(std::move(topic)),
      x_partitions(partitions),
      x_listener(std::move(listener)),
      x_hold(holds.take(x_group + '\0' + x_topic)) {
  x_thread = std::thread([this] { hold(); });
}

GroupMembership::~GroupMembership() {
  x_hold.mine->ask_back();
  x_thread.join();
}

void GroupMembership::hold() {
  if (x_hold.before) {
    x_hold.before->ask_back();
    x_hold.before->wait_free();
    x_hold.before.reset();
  }
  const bool held = !x_hold.mine->asked();
  for (std::uint32_t each = 0; held && each < x_partitions; ++each) tell(x_listener.assigned, each);
  x_hold.mine->wait_asked();
  for (std::uint32_t each = 0; held && each < x_partitions; ++each) tell(x_listener.revoked, each);
  x_hold.mine->give_back();
}

std::unique_ptr<Owner> GroupMembership::owner(PartitionId partition) {
  const auto* input = x_catalog.find(x_topic, partition);
  IOC_ASSERT(input != nullptr);
  return std::make_unique<PartitionOwner>(x_catalog, x_committer, x_settings,
                                          x_committer.slot(x_group, input->number),
                                          "group " + x_group + " of " + input->name, x_hold.mine->lost());
}

}  // namespace ioc::log::embedded
