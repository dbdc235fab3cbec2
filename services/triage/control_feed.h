// Follows a partition of `ioc.control.v1` into a ControlBook.
#pragma once

#include <functional>
#include <vector>

#include "services/triage/control_book.h"
#include "services/triage/topic_scan.h"

namespace ioc::triage_service {

class ControlFeed {
 public:
  using Done = std::function<void(Result<void>)>;
  // Both must outlive the feed.
  ControlFeed(PartitionId partition, log::Log& log, Strand& strand) : x_partition(partition), x_scan(log, strand) {}

  // `done` when everything that was in the topic at the time of this call is in the book.
  void refresh(Done done);
  [[nodiscard]] bool idle() const { return x_serving.empty(); }
  [[nodiscard]] ControlBook& book() { return x_book; }

 private:
  void begin();

  const PartitionId x_partition;
  TopicScan x_scan;
  ControlBook x_book;
  std::optional<Offset> x_next;
  std::vector<Done> x_waiting, x_serving;
};

}  // namespace ioc::triage_service
