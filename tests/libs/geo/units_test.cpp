#include <set>

#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

std::size_t leaves(std::string_view date) { return thai_nguyen().leaves_at(on(date)).size(); }

std::string unit_at(double lat, double lon, std::string_view date) {
  const Position position{static_cast<std::int32_t>(lat * 1e7), static_cast<std::int32_t>(lon * 1e7), 0};
  const auto found = thai_nguyen().at(position, on(date));
  return found ? found->unit->name : "";
}

std::string whole_at(double lat, double lon, std::string_view date) {
  const Position position{static_cast<std::int32_t>(lat * 1e7), static_cast<std::int32_t>(lon * 1e7), 0};
  const auto found = thai_nguyen().at(position, on(date));
  return found ? thai_nguyen().by_code(found->unit->parent, on(date))->name : "";
}

}  // namespace

TEST_CASE("Thái Nguyên: the number of communes is that of the lists at each time") {
  CHECK(leaves("2019-12-31") == 180);
  CHECK(leaves("2020-01-01") == 178);
  CHECK(leaves("2021-10-18") == 178);
  CHECK(leaves("2022-12-31") == 178);
  CHECK(leaves("2023-04-10") == 177);
  CHECK(leaves("2025-01-01") == 172);
  CHECK(leaves("2025-06-30") == 172);
  CHECK(leaves("2025-07-01") == 92);
  CHECK(thai_nguyen().valid_at(on("2021-10-18")).size() == 178 + 9 + 1);
  CHECK(thai_nguyen().valid_at(on("2025-07-01")).size() == 92 + 1);
}

TEST_CASE("Thái Nguyên: known places lie in their units") {
  CHECK(whole_at(21.478, 105.846, "2021-10-18") == "Thành phố Sông Công");
  CHECK(unit_at(21.478, 105.846, "2025-07-01") == "Phường Bách Quang");
  CHECK(whole_at(21.415, 105.87, "2021-10-18") == "Thị xã Phổ Yên");
  CHECK(whole_at(21.415, 105.87, "2022-10-18") == "Thành phố Phổ Yên");
  CHECK(unit_at(21.415, 105.87, "2025-07-01") == "Phường Phổ Yên");
  CHECK(whole_at(21.594, 105.848, "2021-10-18") == "Thành phố Thái Nguyên");
  CHECK(unit_at(21.594, 105.848, "2025-07-01") == "Phường Phan Đình Phùng");
  // Since 2017 Chùa Hang is a ward of the city; older maps have it in Đồng Hỷ.
  CHECK(unit_at(21.628, 105.843, "2021-10-18") == "Phường Chùa Hang");
  CHECK(whole_at(21.628, 105.843, "2021-10-18") == "Thành phố Thái Nguyên");
  CHECK(unit_at(22.1470, 105.8348, "2021-10-18").empty());
  CHECK(unit_at(22.1470, 105.8348, "2025-07-01") == "Phường Đức Xuân");
}

TEST_CASE("Thái Nguyên: every unit holds its own centre, and its parent does too") {
  for (const Unit& unit : thai_nguyen().all()) {
    INFO(unit.code.str() << " " << unit.name);
    const auto inside = [&unit](const Unit& of) {
      bool odd = false;
      for (const auto& ring : thai_nguyen().outline(of)) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
          Point a = ring[i], b = ring[(i + 1) % ring.size()];
          if (a.lat_e7 > b.lat_e7) std::swap(a, b);
          if (unit.centre.lat_e7 < a.lat_e7 || unit.centre.lat_e7 >= b.lat_e7) continue;
          odd ^= (std::int64_t{b.lon_e7} - a.lon_e7) * (std::int64_t{unit.centre.lat_e7} - a.lat_e7) <=
                 (std::int64_t{unit.centre.lon_e7} - a.lon_e7) * (std::int64_t{b.lat_e7} - a.lat_e7);
        }
      }
      return odd;
    };
    CHECK(inside(unit));
    if (!unit.parent.empty()) CHECK(inside(*thai_nguyen().by_code(unit.parent, unit.valid_from)));
    CHECK(thai_nguyen().at(unit.centre, unit.valid_from)->state == PlaceState::Inside);
  }
}

TEST_CASE("Thái Nguyên: every unit that ends goes on, but the districts, which were abolished") {
  for (const Unit& unit : thai_nguyen().all()) {
    if (unit.valid_until == kForEver) continue;
    INFO(unit.code.str() << " " << unit.name);
    const bool abolished = unit.code.str().size() == 3 &&
                           unit.valid_until == EventTime::from_ms(parse_time("2025-07-01T00:00:00+07:00")->ms);
    CHECK(unit.successors.empty() == abolished);
  }
}

TEST_CASE("Thái Nguyên: every new unit of the old province's part follows from an old one, and the splits are n:m") {
  std::set<std::string> reached;
  std::vector<std::string> split;
  for (const Unit* unit : thai_nguyen().leaves_at(on("2021-10-18"))) {
    const auto now = thai_nguyen().now_of(*unit, on("2025-07-01"));
    REQUIRE_FALSE(now.empty());
    for (const Unit* next : now) reached.insert(next->code.str());
    if (now.size() > 1) split.push_back(unit->name);
  }
  CHECK(reached.size() == 55);
  CHECK(split == std::vector<std::string>{"Phường Gia Sàng", "Phường Cam Giá", "Xã Thượng Đình"});
}
