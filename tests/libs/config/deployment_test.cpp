#include "libs/config/deployment.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace ioc;

namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("ioc-deployment-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("deployment: the identity key is made once, private, and kept") {
  const Folder folder;
  config::Deployment deployment;
  deployment.data = folder.path / "new";
  const auto first = config::identity_key(deployment);
  REQUIRE(first.has_value());
  CHECK(first->size() == 32);
  struct stat status {};
  REQUIRE(::stat(deployment.identity_key_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(*config::identity_key(deployment) == *first);
}

TEST_CASE("deployment: a damaged identity key is refused, not replaced") {
  const Folder folder;
  config::Deployment deployment;
  deployment.identity_key_file = folder.path / "key";
  std::ofstream(deployment.identity_key_file) << "abc\n";
  const auto key = config::identity_key(deployment);
  REQUIRE(key.has_error());
  CHECK(key.error().message.find("not 64 hexadecimal digits") != std::string::npos);
}

TEST_CASE("deployment: one area by default, else as many partitions as the highest area needs") {
  config::Deployment deployment;
  CHECK(deployment.partitions() == 1);
  CHECK(deployment.areas_or_default().at(0).id == "thai-nguyen");
  deployment.areas = {{"a", 0}, {"b", 3}};
  CHECK(deployment.partitions() == 4);
}
