// What an implementation of the log brings to the contract suite. Each test program links contract/*.cpp with one
// definition of make_fixture(): the embedded log on a folder of its own, or Kafka on a real broker.
#pragma once

#include <memory>
#include <string>

#include "libs/base/time.h"
#include "libs/log/log.h"

namespace ioc::log::contract {

class LogFixture {
 public:
  virtual ~LogFixture() = default;

  // The log under test. Whatever was made from it is destroyed before reopen() and before the fixture.
  virtual Log& log() = 0;
  // Closes the log and opens the same one again, as a restarted process would.
  virtual void reopen() = 0;
  // A topic or group name nobody used before, also not in an earlier run on the same broker.
  virtual std::string unique(const std::string& stem) = 0;
  // A second log on the same data where that is possible (another process's view), else nullptr.
  virtual std::unique_ptr<Log> second_log() = 0;
  // A log of its own with room for about `queued_bytes_max` bytes of appends that are not durable yet.
  virtual std::unique_ptr<Log> log_with_queue(std::uint64_t queued_bytes_max) = 0;

  // Creates the topic so that retention and compaction act within seconds: with small segments, eager cleaning.
  // Default: just ensure_topics.
  virtual void make_quickly_cleaned(const TopicConfig& topic);
  // Bytes that have to follow before a segment is closed and may be cleaned or deleted.
  virtual std::uint64_t segment_bytes() = 0;
  // How long anything but cleaning may take before a test fails; generous.
  virtual Millis patience() { return std::chrono::seconds(20); }
  virtual Millis cleaning_patience() { return std::chrono::seconds(60); }
};

// Defined once by each test program.
std::unique_ptr<LogFixture> make_fixture();

}  // namespace ioc::log::contract
