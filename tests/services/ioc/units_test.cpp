#include "services/ioc/commands/units.h"

#include <unistd.h>
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace {

namespace fs = std::filesystem;

// The command as main() runs it.
int run(std::vector<std::string> arguments) {
  CLI::App app;
  app.require_subcommand(1);
  int exit_code = 0;
  ioc::commands::add_units_command(app, exit_code);
  std::reverse(arguments.begin(), arguments.end());
  app.parse(arguments);
  return exit_code;
}

struct Folder {
  fs::path path = fs::temp_directory_path() / ("ioc-units-" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path / name, std::ios::binary) << content;
    return (path / name).string();
  }
};

std::string repository() { return IOC_REPOSITORY; }

}  // namespace

TEST_CASE("units check: the deployed folder is sound, a broken one is exit code 1, a missing one 4") {
  const Folder folder;
  CHECK(run({"units", "check", "--units", repository() + "/deploy/config/units", "--points", "50"}) == 0);
  folder.file("units.csv", "code,name\n1,A\n");
  CHECK(run({"units", "check", "--units", folder.path.string()}) == 1);
  CHECK(run({"units", "check", "--units", (folder.path / "nowhere").string()}) == 4);
}

TEST_CASE("units grid: makes a sound folder from a reports file, plain or compressed, the same each time") {
  const Folder folder;
  const std::string rows =
      "id,latitude,longitude,text\n1,42.3594,-71.0587,\"a, b\"\n2,42.30,-71.10,x\n3,,,no position\n4,0,0,zero\n";
  const auto plain = folder.file("reports.csv", rows);
  gzFile zipped = gzopen((plain + ".gz").c_str(), "wb");
  REQUIRE(gzwrite(zipped, rows.data(), static_cast<unsigned>(rows.size())) == static_cast<int>(rows.size()));
  gzclose(zipped);
  const auto a = (folder.path / "a").string(), b = (folder.path / "b").string();
  CHECK(run({"units", "grid", plain, "--out", a}) == 0);
  CHECK(run({"units", "grid", plain + ".gz", "--out", b}) == 0);
  CHECK(run({"units", "check", "--units", a, "--points", "50"}) == 0);
  for (const auto* name : {"units.csv", "outlines-grid.json", "kinds.csv", "successors.csv"}) {
    std::ifstream one(a + "/" + name), two(b + "/" + name);
    const std::string left(std::istreambuf_iterator<char>(one), {}), right(std::istreambuf_iterator<char>(two), {});
    CHECK_FALSE(left.empty());
    CHECK(left == right);
  }
}

TEST_CASE("units grid: a file without positions, or none, says so") {
  const Folder folder;
  CHECK(run({"units", "grid", folder.file("a.csv", "id,lat\n1,2\n"), "--out", (folder.path / "a").string()}) == 1);
  CHECK(run({"units", "grid", folder.file("b.csv", "latitude,longitude\n,\n"), "--out",
             (folder.path / "b").string()}) == 1);
  CHECK(run({"units", "grid", (folder.path / "none.csv").string(), "--out", (folder.path / "c").string()}) == 4);
}

TEST_CASE("units grid: the real reports of two cities get sound units") {
  const char* given = std::getenv("IOC_SHARED");
  const std::string shared = given != nullptr ? given : repository() + "/../shared";
  for (const auto* name : {"boston_2011_jul_sep", "chicago_sanitation_2011_2012"}) {
    const std::string file = shared + "/data/reports-311/" + name + ".csv.gz";
    if (!fs::exists(file)) {
      std::cout << "absent, not used: " << file << "\n";
      continue;
    }
    const Folder folder;
    const auto out = (folder.path / "units").string();
    CHECK(run({"units", "grid", file, "--out", out}) == 0);
    CHECK(run({"units", "check", "--units", out}) == 0);
  }
}
