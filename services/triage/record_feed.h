// The records of one partition, one at a time, over a reader that gives batches.
#pragma once

#include <functional>
#include <memory>

#include "libs/log/log.h"
#include "services/triage/strand.h"

namespace ioc::triage_service {

class RecordFeed {
 public:
  // Both must outlive the feed.
  RecordFeed(log::Log& log, Strand& strand) : x_log(log), x_strand(strand) {}
  ~RecordFeed() { close(); }
  RecordFeed(const RecordFeed&) = delete;
  RecordFeed& operator=(const RecordFeed&) = delete;

  [[nodiscard]] Result<void> open(std::string_view topic, PartitionId partition, Offset from);
  void close();
  [[nodiscard]] bool is_open() const { return x_reader != nullptr; }
  // nullptr: nothing new at the moment. The entry lives until the next call of peek().
  [[nodiscard]] Result<const log::Entry*> peek();
  void pop() { ++x_at; }
  // Everything before it was popped or is no record.
  [[nodiscard]] Offset position() const { return x_at < x_batch.entries.size() ? x_batch.entries[x_at].offset : x_reader->position(); }
  // Once, on the strand, when peek() may have something new to say.
  void when_ready(std::function<void()> ready);

 private:
  log::Log& x_log;
  Strand& x_strand;
  std::unique_ptr<log::Reader> x_reader;
  log::Batch x_batch;
  std::size_t x_at = 0;  // first entry of x_batch not popped
};

}  // namespace ioc::triage_service
