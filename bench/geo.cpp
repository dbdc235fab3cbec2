// Places on one core: the unit of a point, the key of an address, and what a report's text says of where it is.
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "libs/geo/address.h"
#include "libs/geo/place_words.h"
#include "libs/geo/units.h"

namespace {

using namespace ioc;

constexpr double kSeconds = 1.0;

std::vector<std::pair<std::string, std::string>> files_of(const std::filesystem::path& folder) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    out.emplace_back(entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  return out;
}

// Of this process, a second.
template <class Run>
double rate(std::size_t many, const Run& run) {
  const std::clock_t start = std::clock();
  double seconds = 0, done = 0;
  while (seconds < kSeconds) {
    for (std::size_t i = 0; i < many; ++i) run(i);
    done += static_cast<double>(many);
    seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  return done / seconds;
}

// All over the box around the units, and where people are: near the units' centres.
std::vector<Position> points_of(const geo::Units& units, bool near_centres) {
  std::mt19937 random(20211018);
  const auto [south_west, north_east] = units.bounds();
  const auto between = [&random](std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random() % static_cast<std::uint32_t>(high - low + 1));
  };
  std::vector<Position> out;
  for (int i = 0; i < 100'000; ++i) {
    const auto& centre = units.all()[random() % units.all().size()].centre;
    out.push_back(near_centres
                      ? Position{centre.lat_e7 + between(-150'000, 150'000), centre.lon_e7 + between(-150'000, 150'000), 0}
                      : Position{between(south_west.lat_e7, north_east.lat_e7), between(south_west.lon_e7, north_east.lon_e7), 0});
  }
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    fmt::print(stderr, "usage: bench_geo UNITS-FOLDER\n");
    return 2;
  }
  std::vector<std::string> problems;
  const auto units = geo::Units::parse(files_of(arguments[1]), problems);
  if (!units) {
    fmt::print(stderr, "bench_geo: {}\n", problems.front());
    return 1;
  }
  const EventTime before = EventTime::from_ms(1'634'515'200'000), since = EventTime::from_ms(1'760'000'000'000);
  std::size_t sink = 0;
  const auto near = points_of(*units, true), all = points_of(*units, false);
  const auto ask = [&](const std::vector<Position>& points, EventTime when) {
    return rate(points.size(), [&](std::size_t i) { sink += units->at(points[i], when) ? 1 : 0; });
  };
  bench::report("point_in_unit_2021", ask(near, before), "points/s", ">= 2000000");
  bench::report("point_in_unit_2025", ask(near, since), "points/s", ">= 2000000");
  std::vector<Position> inside;
  for (const Position& point : all) {
    const auto found = units->at(point, before);
    if (found && found->state == PlaceState::Inside) inside.push_back(point);
  }
  bench::report("point_in_unit_2021_inside_only", ask(inside, before), "points/s", ">= 2000000");
  bench::report("point_in_unit_2021_whole_box", ask(all, before), "points/s");
  const std::vector<std::string> addresses{"Số 12, tổ 5, phường Quang Trung", "số nhà 12A ngõ 5/3, đường Lương Ngọc Quyến, TP Thái Nguyên",
                                           "QL3 Km12+300", "123 N Main St"};
  bench::report("address_key", rate(addresses.size(), [&](std::size_t i) { sink += geo::address_key(addresses[i]).size(); }), "addresses/s");
  const std::string text =
      "Trước cổng trường tiểu học ở phường Quang Trung có một nắp cống bị vỡ từ tuần trước, ngay số nhà 12 đường Bắc Kạn, rất nguy hiểm cho các cháu.";
  bench::report("units_and_address_of_a_text", rate(1000, [&](std::size_t) {
                  const geo::Sighted sighted(text);
                  sink += units->named_in(sighted, before).unit != nullptr ? 1 : 0;
                  sink += geo::address_in(sighted).key.size();
                }), "texts/s");
  return sink == 0 ? 1 : 0;
}
