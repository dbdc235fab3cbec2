#include "libs/domain/ids.h"

#include <catch2/catch.hpp>

using namespace ioc;

TEST_CASE("ids: the partition of an incident is read from its id, and what names none is no incident's") {
  for (const std::uint32_t partition : {0U, 7U, 4'294'967'295U}) {
    CHECK(partition_of(incident_id(PartitionId(partition), "c-abc")) == PartitionId(partition));
  }
  CHECK(incident_id(PartitionId(3), "20211018-074000-r-x") == IncidentId("3-20211018-074000-r-x"));
  for (const char* none : {"", "-", "-1-a", "17", "x-1", "1x-a", " 1-a", "4294967296-a"}) {
    INFO(none);
    CHECK(partition_of(IncidentId(none)) == std::nullopt);
  }
}
