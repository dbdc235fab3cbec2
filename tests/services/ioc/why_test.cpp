#include "services/ioc/commands/why.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace ioc::commands {

TEST_CASE("why: a decision is told with its reason, rule, candidates, their parts and its details") {
  const std::string text = describe_decisions(boost::json::parse(R"({"decisions":[{"partition":0,"offset":41,"index":1,
    "at":"2021-10-18T07:41:00.000+07:00","kind":"joined","incident_id":"0-a","event_id":"20211018-074000-r-abc","feed":"citizen-reports",
    "reason":"same_address_open","rule":"duplicates/3","bundle":"0123456789abcdef0123","actor":"",
    "candidates":[{"incident_id":"0-a","score":812,"parts":[{"name":"same_type_same_address_30m","points":900},{"name":"text_different","points":-300},{"name":"of_later","points":2}],"verdict":"joined"},
                  {"incident_id":"0-b","score":310,"parts":[],"verdict":"rejected:not_the_best"}],
    "details":{"distance_m":"12"},"command_result":null}]})"));
  CHECK(text ==
        "2021-10-18T07:41:00.000+07:00  joined: same_address_open\n"
        "    record    partition 0, offset 41, number 1\n"
        "    event     20211018-074000-r-abc (citizen-reports)\n"
        "    rule      duplicates/3\n"
        "    candidate 0-a  score 812  đã gộp vào (joined)\n"
        "                +900  same_type_same_address_30m: cùng loại, cùng địa chỉ, trong 30 phút\n"
        "                -300  text_different: nội dung khác hẳn\n"
        "                  +2  of_later\n"
        "    candidate 0-b  score 310  không gộp: có sự việc khác hợp hơn (rejected:not_the_best)\n"
        "    distance_m 12\n"
        "    bundle    0123456789abcdef\n");
}

TEST_CASE("why: an answer without decisions, or of another shape, says so") {
  CHECK(describe_decisions(boost::json::parse(R"({"decisions":[]})")) == "no decisions\n");
  CHECK(describe_decisions(boost::json::parse("[1]")) == "no decisions\n");
}

TEST_CASE("why: a sub-kind is told by the name it has in its category, an unknown one by its code") {
  const auto answer = boost::json::parse(R"({"decisions":[{"kind":"classified","details":{"category":"moi-truong","sub_kind":"rac","category_before":"ha-tang","sub_kind_before":"o-ga"}}]})");
  const std::string text = describe_decisions(answer, {{"moi-truong/rac", "Rác thải"}, {"moi-truong/o-ga", "không phải"}});
  CHECK(text.find("Rác thải (rac)") != std::string::npos);
  CHECK(text.find("sub_kind_before o-ga\n") != std::string::npos);
}

}  // namespace ioc::commands
