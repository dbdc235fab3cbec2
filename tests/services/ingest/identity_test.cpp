#include <catch2/catch.hpp>
#include <set>

#include "services/ingest/identity.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {
const SourceId kSource("citizen-reports");
const ObjectId kObject("CTN-1");
}  // namespace

// Computed with another implementation of BLAKE2b (key, 16 bytes; each part after its length in 8 bytes little-endian).
TEST_CASE("identity: golden values, so that no release changes the id of an event") {
  const Identity identity("0123456789abcdef0123456789abcdef");
  CHECK(identity.event_id(Feed::CitizenReports, kSource, kObject, "s1", 1634517600000).str() == "20211018-074000-r-x5kv33xnbtgnk2g5rmmk");
  const auto alert = [&](std::uint64_t sequence, std::optional<std::int64_t> own_time_ms) {
    return identity.event_id(Feed::CameraAlerts, SourceId("camera-alerts"), ObjectId("nvr-0007"), Identity::sequence_revision(sequence, own_time_ms), own_time_ms).str();
  };
  CHECK(alert(1, 1634517600000) == "20211018-074000-a-3d11s1xcpt0vhf64g0n7");
  CHECK(alert(1, 1634604000000) == "20211019-074000-a-vcr8rsw0ykkj2a291gtv");
  CHECK(alert(1, std::nullopt) == "00000000-000000-a-qfv8cca07sb9ze3vcrk9");
  CHECK(identity.object_from("content").str() == "eev2eawsehfeeswyetc0");
  CHECK(identity.content_hash("content") == "pqhpbmfkpws8xqgahz43");
  CHECK(identity.plate_hash("20A-123.45") == "tpjatrvf8r7d0rjmrxw5");
  CHECK(identity.payload_ref("x") == "p-6m7c4mate9n8m0zgqmw2");
  CHECK(identity.dead_letter_id("/v1/reports", "t", "{}") == "d-e4php6gr0dq13wd6c0dj");
}

TEST_CASE("identity: a readable prefix from the source's own time, the feed's letter, 20 unmistakable characters") {
  const Identity identity(std::string(32, 'k'));
  const auto id = identity.event_id(Feed::CameraAlerts, kSource, kObject, "s1", std::nullopt).str();
  CHECK(id.starts_with("00000000-000000-a-"));
  CHECK(id.size() == 18 + 20);
  CHECK(id.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz", 18) == std::string::npos);
}

TEST_CASE("identity: every part and the key count, and parts cannot be shifted into each other") {
  const Identity identity(std::string(32, 'k')), other(std::string(32, 'l'));
  std::set<std::string> ids;
  for (const auto* from : {&identity, &other}) {
    for (const char* source : {"a", "ab"}) {
      for (const char* object : {"c", "bc"}) {
        for (const char* revision : {"", "s1", "s2"}) {
          for (const Feed feed : {Feed::CitizenReports, Feed::CameraAlerts})
            ids.insert(from->event_id(feed, SourceId(source), ObjectId(object), revision, 0).str());
        }
      }
    }
  }
  CHECK(ids.size() == 2 * 2 * 2 * 3 * 2);
}

TEST_CASE("identity: a plate is the same in every spelling, and no plate has no hash") {
  const Identity identity(std::string(32, 'k'));
  CHECK(identity.plate_hash("20A-123.45") == identity.plate_hash("20a 12345"));
  CHECK(identity.plate_hash("20A12345") != identity.plate_hash("20A12346"));
  CHECK(identity.plate_hash("").empty());
  CHECK(identity.plate_hash(" -. ").empty());
}

TEST_CASE("identity: a hidden name is the same for the same name alone, and is no plate's hash") {
  const Identity identity(std::string(32, 'k')), other(std::string(32, 'l'));
  CHECK(identity.name_hash("0912345678") == identity.name_hash("0912345678"));
  CHECK(identity.name_hash("0912345678") != identity.name_hash("0912 345 678"));
  CHECK(identity.name_hash("0912345678") != other.name_hash("0912345678"));
  CHECK(identity.name_hash("20A12345") != "h-" + identity.plate_hash("20A12345"));
}
