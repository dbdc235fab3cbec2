// Reads a partition of a topic from a place to where it ended when the scan began, on the strand, without blocking it.
#pragma once

#include <functional>
#include <string>

#include "services/triage/record_feed.h"

namespace ioc::triage_service {

class TopicScan {
 public:
  // An error of `visit` ends the scan with it.
  using Visit = std::function<Result<void>(const log::Entry&)>;
  // Both must outlive the scan.
  TopicScan(log::Log& log, Strand& strand) : x_log(log), x_strand(strand), x_feed(log, strand) {}

  // One at a time. `from`: nullopt, from the first entry that is there. Transient errors of the log are tried again.
  // `end` in `done`: the scan read everything before it.
  void run(std::string_view topic, PartitionId partition, std::optional<Offset> from, Visit visit,
           std::function<void(Result<Offset> end)> done);
  void stop();

 private:
  void begin();
  void pump();
  void finish(Result<Offset> how);
  void failed(const Error& error);

  log::Log& x_log;
  Strand& x_strand;
  RecordFeed x_feed;
  std::string x_topic;
  PartitionId x_partition;
  std::optional<Offset> x_from;
  Offset x_end;
  Visit x_visit;
  std::function<void(Result<Offset>)> x_done;
};

}  // namespace ioc::triage_service
