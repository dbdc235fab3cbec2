// What the log's seam does not show, straight from the broker: offsets of a group without joining it, and records of
// transactions that were aborted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "libs/domain/ids.h"
#include "libs/log/kafka/client.h"
#include "libs/log/log.h"

namespace ioc::faults {

class KafkaPeek {
 public:
  // `group` with its prefix.
  KafkaPeek(const log::KafkaSettings& settings, const std::string& group);
  // No offset: nothing is committed, or the broker does not answer within a second.
  [[nodiscard]] log::Committed committed(std::string_view topic, PartitionId partition) const;
  // The end with what is not committed yet. nullopt: the broker does not answer within a second.
  [[nodiscard]] std::optional<Offset> end(std::string_view topic, PartitionId partition) const;

 private:
  log::kafka::Client x_client;
};

// Records that a read_uncommitted reader finds below `end`.
[[nodiscard]] std::uint64_t count_uncommitted(const log::KafkaSettings& settings, std::string_view topic, PartitionId partition,
                                              Offset end);

}  // namespace ioc::faults
