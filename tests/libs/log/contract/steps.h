// The steps contract tests are written in: append and wait, read until, commit and wait.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/libs/log/contract/fixture.h"

namespace ioc::log::contract {

// One answer that arrives on another thread.
template <class T>
class Answer {
 public:
  void set(T value) {
    const std::lock_guard lock(x_shared->mutex);
    x_shared->value.emplace(std::move(value));
    ++x_shared->calls;
    x_shared->changed.notify_all();
  }
  // nullopt: it did not come in time.
  std::optional<T> wait(Millis patience) {
    std::unique_lock lock(x_shared->mutex);
    x_shared->changed.wait_for(lock, patience, [this] { return x_shared->value.has_value(); });
    return x_shared->value;
  }
  int calls() {
    const std::lock_guard lock(x_shared->mutex);
    return x_shared->calls;
  }

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<T> value;
    int calls = 0;
  };
  std::shared_ptr<Shared> x_shared = std::make_shared<Shared>();
};

// An entry that outlives its batch.
struct Seen {
  std::uint64_t offset = 0;
  LogTime appended_at;
  std::string key, value;
  bool tombstone = false;
  std::vector<std::pair<std::string, std::string>> headers;
};

inline constexpr PartitionId kFirst{0};
inline constexpr PartitionId kSecond{1};

void ensure(Log& log, const std::string& topic, std::uint32_t partitions = 1);
Message text(const std::string& key, const std::string& value);
Output output(const std::string& topic, PartitionId partition, const std::string& key, const std::string& value);

// Fails the test when the answer is an error or does not come.
Offset append(LogFixture& fixture, Log& log, const std::string& topic, PartitionId partition, Message message);
CommitResult commit(LogFixture& fixture, Owner& owner, Transaction transaction);

// Follows until `count` entries were seen; fails the test when they do not come.
std::vector<Seen> read_count(LogFixture& fixture, Reader& reader, std::size_t count);
// From `from` (default: the oldest) to what is the end now.
std::vector<Seen> read_all(LogFixture& fixture, Log& log, const std::string& topic, PartitionId partition,
                           std::optional<Offset> from = {});
// Waits for when_ready to fire.
bool wait_ready(LogFixture& fixture, Reader& reader);

// A membership with its listener's calls counted.
struct Member {
  std::unique_ptr<Membership> membership;
  std::shared_ptr<Answer<PartitionId>> assigned = std::make_shared<Answer<PartitionId>>();
  std::shared_ptr<Answer<PartitionId>> revoked = std::make_shared<Answer<PartitionId>>();
};
// Joins and waits until something is assigned.
Member join(LogFixture& fixture, Log& log, const std::string& group, const std::string& topic,
            const std::string& member = "member-1");

}  // namespace ioc::log::contract
