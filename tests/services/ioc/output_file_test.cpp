#include "services/ioc/commands/output_file.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/libs/store/folder.h"

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("output file: it is the new one or, where that cannot be written, the one that was there") {
  const ioc::test::Folder folder;
  const std::filesystem::path path = folder.path() + "/model", fresh = folder.path() + "/model.new";
  REQUIRE(ioc::commands::write_whole(path, "first").has_value());
  REQUIRE(ioc::commands::write_whole(path, "second").has_value());
  CHECK(content_of(path) == "second");
  CHECK_FALSE(std::filesystem::exists(fresh));
  std::filesystem::create_directories(fresh / "occupied");
  const auto refused = ioc::commands::write_whole(path, "third");
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.find(path.string()) == 0);
  CHECK(content_of(path) == "second");
  CHECK(ioc::commands::write_whole(folder.path() + "/none/model", "x").has_error());
}

TEST_CASE("output file: a link stays one, and what it names is written") {
  const ioc::test::Folder folder;
  const std::filesystem::path real = folder.path() + "/real", link = folder.path() + "/link";
  REQUIRE(ioc::commands::write_whole(real, "old").has_value());
  std::filesystem::create_symlink(real, link);
  REQUIRE(ioc::commands::write_whole(link, "new").has_value());
  CHECK(std::filesystem::is_symlink(link));
  CHECK(content_of(real) == "new");
}
