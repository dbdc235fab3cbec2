#include "libs/config/identity_key.h"

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
  CHECK(first->bytes.size() == 32);
  CHECK(first->made);
  struct stat status {};
  REQUIRE(::stat(deployment.identity_key_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto again = config::identity_key(deployment);
  REQUIRE(again.has_value());
  CHECK(again->bytes == first->bytes);
  CHECK_FALSE(again->made);
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

TEST_CASE("deployment: a lost identity key is not replaced where events were taken, and the refusal says what to do") {
  const Folder folder;
  config::Deployment deployment;
  deployment.data = folder.path;
  const bool known_by_fingerprint = GENERATE(true, false);
  if (known_by_fingerprint) REQUIRE(config::identity_key(deployment).has_value());
  else std::filesystem::create_directories(folder.path / "protected");
  std::filesystem::remove(deployment.identity_key_path());
  const auto lost = config::identity_key(deployment);
  REQUIRE(lost.has_error());
  CHECK(lost.error().kind == ErrorKind::Permanent);
  for (const char* said : {"counts twice", "cannot be found", "ioc key import", "ioc key begin-anew"}) {
    CHECK(lost.error().message.find(said) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(deployment.identity_key_path()));

  REQUIRE(config::begin_anew(deployment).has_value());
  CHECK(config::identity_key(deployment).has_value());
}

TEST_CASE("deployment: a key comes back from its copy, another one is refused") {
  const Folder folder;
  config::Deployment deployment;
  deployment.data = folder.path / "data";
  const auto key = config::identity_key(deployment);
  REQUIRE(key.has_value());
  const std::string copy = folder.path / "copy";
  std::filesystem::rename(deployment.identity_key_path(), copy);
  const std::string other = folder.path / "other";
  std::ofstream(other) << std::string(64, 'a') << "\n";

  CHECK(config::import_identity_key(deployment, other).has_error());
  CHECK_FALSE(std::filesystem::exists(deployment.identity_key_path()));
  std::filesystem::copy_file(other, deployment.identity_key_path());
  const auto wrong = config::identity_key(deployment);
  REQUIRE(wrong.has_error());
  CHECK(wrong.error().message.find("is not the one that events were taken with") != std::string::npos);
  std::filesystem::remove(deployment.identity_key_path());

  REQUIRE(config::import_identity_key(deployment, copy).has_value());
  CHECK(config::identity_key(deployment)->bytes == key->bytes);
}

TEST_CASE("deployment: one area by default, else as many partitions as the highest area needs") {
  config::Deployment deployment;
  CHECK(deployment.partitions() == 1);
  CHECK(deployment.areas_or_default().at(0).id == "thai-nguyen");
  deployment.areas = {{"a", 0}, {"b", 3}};
  CHECK(deployment.partitions() == 4);
}
