// Who is who (DESIGN D5). None of these is ever random.
#pragma once

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

}  // namespace ioc
