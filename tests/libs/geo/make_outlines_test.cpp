// The script that makes outlines, run as its README says.
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "libs/geo/check.h"
#include "tests/libs/geo/units_of.h"

using namespace ioc;
using namespace ioc::geo;

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("ioc-outlines-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

// What it says goes to the test's output: a Python without its standard library is seen there.
int make(const std::string& arguments) {
  return std::system((std::string(IOC_REPOSITORY) + "/deploy/config/units/make_outlines " + arguments).c_str());
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("make_outlines: gaps, overlaps and a hole come out as shared lines") {
  const Folder folder;
  const auto square = [](const std::string& id, double west, double south, double east, double north) {
    const auto corner = [](double x, double y) { return "[" + std::to_string(x) + "," + std::to_string(y) + "]"; };
    return R"({"type":"Feature","properties":{"id":")" + id +
           R"(","whole":"W"},"geometry":{"type":"Polygon","coordinates":[[)" + corner(west, south) + "," +
           corner(east, south) + "," + corner(east, north) + "," + corner(west, north) + "]]}}";
  };
  // A gap of 100 m between a and b, an overlap of 100 m between b and c, and d within c.
  std::ofstream(folder.path / "in.geojson")
      << R"({"type":"FeatureCollection","features":[)" << square("a", 105.0, 21.0, 105.05, 21.05) << ","
      << square("b", 105.051, 21.0, 105.101, 21.05) << "," << square("c", 105.1, 21.0, 105.15, 21.05) << ","
      << square("d", 105.12, 21.02, 105.13, 21.03) << "]}";
  const std::string header = "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n";
  std::string rows = "W,Whole,province,,,,,0,0,t/W\n";
  for (const auto* id : {"a", "b", "c", "d"}) rows += std::string(id) + ",U,ward,W,,,,0,0,t/" + id + "\n";
  std::ofstream(folder.path / "units.csv") << header << rows << std::flush;
  const auto at = [&](const std::string& name) { return (folder.path / name).string(); };
  REQUIRE(make("--pieces " + at("in.geojson") + " --id id --prefix t --dissolve whole --out " + at("outlines-t.json") +
               " --units " + at("units.csv")) == 0);
  const auto units =
      units_of({{"units.csv", text_of(at("units.csv"))}, {"outlines-t.json", text_of(at("outlines-t.json"))}});
  const auto found = check(*units, 100);
  for (const auto& fault : found.faults) UNSCOPED_INFO(fault);
  CHECK(found.faults.empty());
  CHECK(found.epochs.front().lines_of_two >= 6);
  const auto unit_at = [&](double lat, double lon) {
    const auto hit =
        units->at({static_cast<std::int32_t>(lat * 1e7), static_cast<std::int32_t>(lon * 1e7), 0}, on("2021-10-18"));
    return hit && hit->state == PlaceState::Inside ? hit->unit->code.str() : "";
  };
  CHECK(unit_at(21.025, 105.0503) == "a");
  CHECK(unit_at(21.025, 105.0507) == "b");
  CHECK(unit_at(21.025, 105.125) == "d");
  CHECK(unit_at(21.025, 105.115) == "c");
  CHECK(unit_at(21.025, 104.99).empty());
}

TEST_CASE("make_outlines: the deployed outlines are what it makes from the reference polygons") {
  const char* given = std::getenv("IOC_SHARED");
  const std::string polygons =
      (given != nullptr ? given : std::string(IOC_REPOSITORY) + "/../shared") + "/data/admin-units/";
  const std::string deployed = std::string(IOC_REPOSITORY) + "/deploy/config/units/";
  if (!fs::exists(polygons)) {
    std::cout << "absent, not used: " << polygons << "\n";
    return;
  }
  const Folder folder;
  const auto at = [&](const std::string& name) { return (folder.path / name).string(); };
  fs::copy_file(deployed + "units.csv", at("units.csv"));
  REQUIRE(make("--pieces " + polygons + "thai_nguyen_communes_181_2009.geojson --id gso_code --prefix old --recipe " +
               deployed + "recipe-until-2025-07.csv --dissolve district_code --whole 19 --tolerance 1.1 --out " +
               at("old.json") + " --units " + at("units.csv")) == 0);
  REQUIRE(make("--pieces " + polygons +
               "thai_nguyen_communes_92_2025_07.geojson --id gso_code --prefix new --whole 19 --tolerance 1.1 --out " +
               at("new.json") + " --units " + at("units.csv")) == 0);
  CHECK((text_of(at("old.json")) == text_of(deployed + "outlines-until-2025-07.json")));
  CHECK((text_of(at("new.json")) == text_of(deployed + "outlines-from-2025-07.json")));
  CHECK((text_of(at("units.csv")) == text_of(deployed + "units.csv")));
}
