#include "services/triage/recovery.h"

#include <catch2/catch.hpp>

using namespace ioc;
using namespace ioc::triage_service;

namespace {

const log::Committed kCommitted{Offset(10), commit_metadata(7)};
constexpr log::Range kLog{Offset(2), Offset(20)};

}  // namespace

TEST_CASE("recovery: state at or behind the committed offset goes on, ahead of it or without one it is refused") {
  CHECK_FALSE(check_offsets(kCommitted, Offset(10)));
  CHECK_FALSE(check_offsets(kCommitted, Offset(3)));
  CHECK_FALSE(check_offsets({}, Offset(0)));
  CHECK(check_offsets(kCommitted, Offset(11))->reason == Reason::StateAhead);
  CHECK(check_offsets({}, Offset(1))->reason == Reason::NoCommittedOffset);
}

TEST_CASE("recovery: a log that is shorter than what was committed, or lost what the state needs, is refused") {
  CHECK_FALSE(check_range(kCommitted, Offset(5), kLog));
  CHECK_FALSE(check_range({}, Offset(0), kLog));  // a new group takes the log as it is
  CHECK(check_range(kCommitted, Offset(5), {Offset(2), Offset(9)})->reason == Reason::LogTooShort);
  CHECK(check_range(kCommitted, Offset(1), kLog)->reason == Reason::RecordsGone);
}

TEST_CASE("recovery: another running hash at the committed offset is refused") {
  CHECK_FALSE(check_hash(kCommitted, 7));
  CHECK(check_hash(kCommitted, 8)->reason == Reason::HashMismatch);
  CHECK_FALSE(check_hash({}, 8));
}
