// The district IOCs' lists follow from units and successors; written out they are what a bundle carries.
#include <algorithm>
#include <set>

#include "libs/config/config.h"
#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

struct Span {
  std::string from, until;
  std::vector<std::string> codes;
  void declare(config::Fields& fields) {
    fields.text("from", from, "");
    fields.text("until", until, "");
    fields.texts("codes", codes, "");
  }
};
struct Subscription {
  std::string id, name;
  std::vector<Span> units;
  void declare(config::Fields& fields) {
    fields.text("id", id, "");
    fields.text("name", name, "");
    fields.list("units", units, "");
  }
};
struct Subscriptions {
  std::vector<Subscription> all;
  void declare(config::Fields& fields) { fields.list("subscriptions", all, ""); }
};

const Subscriptions& deployed() {
  static const Subscriptions read = [] {
    Subscriptions into;
    const auto mistakes = config::load(std::string(IOC_REPOSITORY) + "/deploy/config/bundle/subscriptions.yaml", into);
    for (const auto& mistake : mistakes) UNSCOPED_INFO(mistake);
    REQUIRE(mistakes.empty());
    return into;
  }();
  return read;
}

const Subscription& subscription(const std::string& id) {
  for (const auto& one : deployed().all) {
    if (one.id == id) return one;
  }
  throw std::runtime_error("no subscription " + id);
}

using Codes = std::set<std::string>;
Codes set_of(const std::vector<std::string>& codes) { return {codes.begin(), codes.end()}; }

}  // namespace

TEST_CASE("subscriptions: before July 2025 a district's own communes, after it every commune that took part of one") {
  const std::pair<const char*, const char*> districts[] = {
      {"song-cong", "165"}, {"pho-yen", "172"}, {"tp-thai-nguyen", "164"}};
  for (const auto& [id, district] : districts) {
    INFO(id);
    Codes before, after;
    for (const Unit& unit : thai_nguyen().all()) {
      if (unit.parent.str() != district) continue;
      before.insert(unit.code.str());
      for (const Unit* now : thai_nguyen().now_of(unit, on("2025-07-01"))) after.insert(now->code.str());
    }
    const auto& spans = subscription(id).units;
    REQUIRE(spans.size() == 2);
    CHECK(spans[0].from == "1900-01-01");
    CHECK(spans[0].until == "2025-07-01");
    CHECK(spans[1].from == "2025-07-01");
    CHECK(spans[1].until.empty());
    CHECK(set_of(spans[0].codes) == before);
    CHECK(set_of(spans[1].codes) == after);
    CHECK(spans[0].codes.size() == before.size());
    CHECK(spans[1].codes.size() == after.size());
  }
}

TEST_CASE("subscriptions: a commune that straddles two old districts belongs to both") {
  // Đại Phúc took communes of TP Thái Nguyên, Đại Từ and Phổ Yên; Tân Cương of TP Thái Nguyên and Sông Công.
  CHECK(set_of(subscription("tp-thai-nguyen").units[1].codes).contains("05488"));
  CHECK(set_of(subscription("pho-yen").units[1].codes).contains("05488"));
  CHECK(set_of(subscription("tp-thai-nguyen").units[1].codes).contains("05503"));
  CHECK(set_of(subscription("song-cong").units[1].codes).contains("05503"));
}
