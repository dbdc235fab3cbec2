// What leaves for others (proto/ioc/v1/output.proto).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/domain/incident.h"

namespace ioc {

struct FeedEntry {
  SubscriberId subscriber;
  PartitionId partition;
  std::uint64_t number = 0;  // contiguous per (subscriber, partition), from 1
  Incident incident;
  LogTime at;
  friend bool operator==(const FeedEntry&, const FeedEntry&) = default;
};

enum class ReportState : std::uint8_t { Received = 1, Joined, Forwarded, InProgress, Resolved, Rejected, Closed };
std::string_view name_of(ReportState state);

struct ReportStatus {
  SourceId source;
  ObjectId report;
  EventId event;
  IncidentId incident;
  ReportState state = ReportState::Received;
  bool joined = false;
  std::uint32_t hop = 0;
  std::uint64_t revision = 0;
  LogTime updated_at;
  std::string outcome;
  friend bool operator==(const ReportStatus&, const ReportStatus&) = default;
};

struct DeadLetter {
  std::string id, feed, stage, reason, field, limit, detail, payload_ref;
  EventId event;
  std::string origin_topic;
  PartitionId origin_partition;
  Offset origin_offset;
  WallTime at;
  std::string path;
  friend bool operator==(const DeadLetter&, const DeadLetter&) = default;
};

}  // namespace ioc
