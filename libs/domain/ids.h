// Who is who (DESIGN D5). None of these is ever random.
#pragma once

#include <optional>
#include <string_view>

#include "libs/base/strong.h"

namespace ioc {

using EventId = StringId<struct EventIdTag>;        // "20211018-074000-r-<20 base32>": keyed hash, made by ingest
using IncidentId = StringId<struct IncidentIdTag>;  // "<partition>-<id of the record that opened it>"
using CommandId = StringId<struct CommandIdTag>;    // "c-<20 base32>": actor, incident, Idempotency-Key
using SourceId = StringId<struct SourceIdTag>;      // the sending system
using ObjectId = StringId<struct ObjectIdTag>;      // the source's own id of the thing
using UnitCode = StringId<struct UnitCodeTag>;      // GSO code
using AreaId = StringId<struct AreaIdTag>;
using QueueId = StringId<struct QueueIdTag>;
using SubscriberId = StringId<struct SubscriberIdTag>;
using CategoryCode = StringId<struct CategoryCodeTag>;  // "giao-thong"
using SubKindCode = StringId<struct SubKindCodeTag>;    // "tai-nan", within its category

using PartitionId = NumberId<struct PartitionIdTag, std::uint32_t>;
using Offset = NumberId<struct OffsetTag, std::uint64_t>;

// Of the incident that a record of so-called id opened there.
[[nodiscard]] IncidentId incident_id(PartitionId partition, std::string_view opener);
// nullopt: no partition is written in front, so there is no such incident anywhere.
[[nodiscard]] std::optional<PartitionId> partition_of(const IncidentId& incident);

}  // namespace ioc
