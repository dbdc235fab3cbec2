// A place in a consumer group. There is one process, so its one member holds every partition; a second member takes them
// all: first the older one gives back, then the newer one gets.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "libs/log/embedded/catalog.h"
#include "libs/log/embedded/committer.h"
#include "libs/log/log.h"

namespace ioc::log::embedded {

// One member's hold, shared by its membership, its owners and the member that takes over.
class Hold {
 public:
  // Waits until it may be held: until the one before has given back.
  void wait_free();
  void ask_back();
  void wait_asked();
  [[nodiscard]] bool asked() const;
  void give_back();
  [[nodiscard]] std::shared_ptr<const std::atomic<bool>> lost() const { return x_lost; }

 private:
  mutable std::mutex x_mutex;
  std::condition_variable x_changed;
  bool x_asked = false;
  bool x_given = false;
  std::shared_ptr<std::atomic<bool>> x_lost = std::make_shared<std::atomic<bool>>(false);
};

// The newest hold of each (group, topic).
class Holds {
 public:
  struct Pair {
    std::shared_ptr<Hold> mine, before;
  };
  Pair take(const std::string& group_and_topic);

 private:
  std::mutex x_mutex;
  std::map<std::string, std::shared_ptr<Hold>> x_newest;
};

class GroupMembership final : public Membership {
 public:
  GroupMembership(const Catalog& catalog, Committer& committer, const EmbeddedSettings& settings, Holds& holds,
                  std::string group, std::string topic, std::uint32_t partitions, AssignmentListener listener);
  ~GroupMembership() override;
  GroupMembership(const GroupMembership&) = delete;
  GroupMembership& operator=(const GroupMembership&) = delete;

  std::unique_ptr<Owner> owner(PartitionId partition) override;

 private:
  void hold();

  const Catalog& x_catalog;
  Committer& x_committer;
  const EmbeddedSettings& x_settings;
  const std::string x_group;
  const std::string x_topic;
  const std::uint32_t x_partitions;
  const AssignmentListener x_listener;
  Holds::Pair x_hold;
  std::thread x_thread;  // calls the listener
};

}  // namespace ioc::log::embedded
