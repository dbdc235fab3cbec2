#include "services/triage/recovery.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

using namespace ioc;
using namespace ioc::triage_service;

namespace {

const log::Committed kCommitted{Offset(10), commit_metadata(7)};
constexpr log::Range kLog{Offset(2), Offset(20)};

}  // namespace

TEST_CASE("recovery: state at or behind the committed offset goes on, ahead of it or without one it is refused") {
  CHECK_FALSE(check_offsets(PartitionId(0), kCommitted, Offset(10)));
  CHECK_FALSE(check_offsets(PartitionId(0), kCommitted, Offset(3)));
  CHECK_FALSE(check_offsets(PartitionId(0), {}, Offset(0)));
  CHECK(check_offsets(PartitionId(0), kCommitted, Offset(11))->reason == Reason::StateAhead);
  CHECK(check_offsets(PartitionId(0), {}, Offset(1))->reason == Reason::NoCommittedOffset);
}

TEST_CASE("recovery: a log that is shorter than what was committed, or lost what the state needs, is refused") {
  CHECK_FALSE(check_range(PartitionId(0), kCommitted, Offset(5), kLog));
  CHECK_FALSE(check_range(PartitionId(0), {}, Offset(0), kLog));  // a new group takes the log as it is
  CHECK(check_range(PartitionId(0), kCommitted, Offset(5), {Offset(2), Offset(9)})->reason == Reason::LogTooShort);
  CHECK(check_range(PartitionId(0), kCommitted, Offset(1), kLog)->reason == Reason::RecordsGone);
}

TEST_CASE("recovery: a log that was written on after it lost its end is refused once nothing is met before the committed offset") {
  CHECK_FALSE(check_reached(PartitionId(0), kCommitted, Offset(5), Offset(9)));
  CHECK_FALSE(check_reached(PartitionId(0), kCommitted, Offset(10), Offset(20)));
  CHECK_FALSE(check_reached(PartitionId(0), {}, Offset(0), Offset(20)));
  CHECK(check_reached(PartitionId(0), kCommitted, Offset(5), Offset(10))->reason == Reason::LogTooShort);
  CHECK(check_reached(PartitionId(0), kCommitted, Offset(9), Offset(12))->reason == Reason::LogTooShort);
}

TEST_CASE("recovery: another running hash at the committed offset is refused") {
  CHECK_FALSE(check_hash(PartitionId(0), kCommitted, 7));
  CHECK(check_hash(PartitionId(0), kCommitted, 8)->reason == Reason::HashMismatch);
  CHECK_FALSE(check_hash(PartitionId(0), {}, 8));
}

TEST_CASE("runbook: every reason to refuse has its entry") {
  std::ifstream file(IOC_RUNBOOK);
  REQUIRE(file);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (int i = 0; name_of(static_cast<Reason>(i)) != "unknown"; ++i) {
    const std::string heading = "\n### " + std::string(name_of(static_cast<Reason>(i))) + "\n";
    INFO(heading);
    CHECK(text.find(heading) != std::string::npos);
  }
  for (const char* waits : {"record_ahead", "clock_ahead", "log_silent", "starting", "identity_key", "sessions_damaged", "bundle_missing", "topic_settings", "power_cut", "crash_loop", "checkpoint_retention"}) {
    INFO(waits);
    CHECK(text.find("\n### " + std::string(waits) + "\n") != std::string::npos);
  }
}
