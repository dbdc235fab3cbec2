#include "libs/domain/ids.h"

#include <charconv>

namespace ioc {

IncidentId incident_id(PartitionId partition, std::string_view opener) {
  return IncidentId(std::to_string(partition.value()).append("-").append(opener));
}

std::optional<PartitionId> partition_of(const IncidentId& incident) {
  const std::string& id = incident.str();
  const char* const behind = id.data() + id.size();
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), behind, number);
  if (error != std::errc() || end == behind || *end != '-') return std::nullopt;
  return PartitionId(number);
}

}  // namespace ioc
