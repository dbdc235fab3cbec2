#include "libs/geo/check.h"

#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

const std::string kHeader = "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n";

bool has(const std::vector<std::string>& texts, std::string_view part) {
  for (const auto& text : texts) {
    UNSCOPED_INFO(text);
    if (text.find(part) != std::string::npos) return true;
  }
  return false;
}

// Squares of 0.1 degrees: two apart, one over both of them, one that leaves a gap.
const std::string kShapes = R"({"format":1,"step_e7":1000000,"west_e7":1050000000,"south_e7":210000000,
"lines":[[0,0,1,0,0,1,-1,0,0,-1],[1,0,1,0,0,1,-1,0,0,-1],[0,0,2,0,0,1,-2,0,0,-1],[0,0,3,0,0,1,-3,0,0,-1]],
"shapes":{"west":[[0]],"east":[[1]],"both":[[2]],"wide":[[3]]}})";

UnitsCheck check_of(const std::string& rows, const std::string& successors = "") {
  return check(*units_of({{"units.csv", kHeader + rows},
                          {"outlines-1.json", kShapes},
                          {"successors.csv", "date,code,successor\n" + successors}}),
               60);
}

}  // namespace

TEST_CASE(
    "check: the deployed units of Thái Nguyên are sound, nothing lacks an outline, every successor is where it should "
    "be") {
  const auto found = check(thai_nguyen());
  for (const auto& fault : found.faults) UNSCOPED_INFO(fault);
  CHECK(found.faults.empty());
  CHECK(found.outlines_missing == 0);
  CHECK(found.successors_disagree == 0);
  CHECK(found.successors_agree > 190);
  REQUIRE(found.epochs.size() == 6);
  for (const auto& epoch : found.epochs) {
    CHECK(epoch.points_in_one > 10'000);
    CHECK(epoch.points_in_none == 0);
    CHECK(epoch.points_in_more == 0);
  }
}

TEST_CASE("check: two neighbours and their whole are sound") {
  const auto found = check_of(
      "9,P,province,,,,,21.05,105.05,both\n1,W,ward,9,,,,21.05,105.05,west\n2,E,ward,9,,,,21.05,105.15,east\n");
  for (const auto& fault : found.faults) UNSCOPED_INFO(fault);
  CHECK(found.faults.empty());
}

TEST_CASE("check: overlaps, gaps, wrong areas, a centre outside and a missing successor are faults") {
  CHECK(has(check_of("1,A,ward,,,,,21.05,105.05,both\n2,B,ward,,,,,21.05,105.05,west\n").faults, "more than one unit"));
  const auto gap = check_of(
      "9,P,province,,,,,21.05,105.05,wide\n1,W,ward,9,,,,21.05,105.05,west\n2,E,ward,9,,,,21.05,105.15,east\n");
  CHECK(has(gap.faults, "lie in no unit"));
  CHECK(has(gap.faults, "its parts"));
  CHECK(has(check_of("1,W,ward,,,,,21.05,105.15,west\n").faults, "lies outside its outline"));
  const std::string change =
      "1,W,ward,,,2025-07-01,,21.05,105.05,west\n2,E,ward,,,,,21.05,105.15,east\n3,W2,ward,,2025-07-01,,,21.05,105.05,"
      "west\n";
  CHECK(has(check_of(change).faults, "1 W: ends without a successor"));
  CHECK(check_of(change, "2025-07-01,1,3\n").faults.empty());
}

TEST_CASE("check: a missing outline and a successor elsewhere are notes") {
  CHECK(has(check_of("1,W,ward,,,,,21.05,105.05,\n2,E,ward,,,,,21.05,105.15,east\n").notes, "has no outline"));
  const std::string change =
      "1,W,ward,,,2025-07-01,,21.05,105.05,west\n2,E,ward,,,,,21.05,105.15,east\n3,W2,ward,,2025-07-01,,,21.05,105.05,"
      "west\n";
  const auto found = check_of(change, "2025-07-01,1,2\n");
  CHECK(has(found.notes, "which is none of its successors"));
  CHECK(found.successors_disagree == 1);
}
