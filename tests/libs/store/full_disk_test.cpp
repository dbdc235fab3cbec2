#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include "libs/store/store.h"
#include "tests/libs/store/child.h"
#include "tests/libs/store/small_disk.h"

using namespace ioc;
using namespace ioc::store;

namespace {

Options small() {
  Options options;
  options.cache_bytes = 1 << 20;
  options.memtable_bytes = 1 << 20;
  return options;
}

std::string noise(std::size_t size) {
  std::string bytes(size, 0);
  std::uint64_t x = size;
  for (auto& each : bytes) each = static_cast<char>((x = x * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
  return bytes;
}

bool write_one(Store& store, const std::string& key, const std::string& value) {
  Batch batch;
  batch.put(kDefault, key, value);
  const auto written = store.write(batch, Sync::Yes);
  if (!written && written.error().kind != ErrorKind::Transient) throw std::runtime_error(written.error().message);
  return written.has_value();
}

bool write_until(Store& store, const std::string& key, const std::string& value) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    if (write_one(store, key, value)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

}  // namespace

// The children end without closing anything, as a kill would.
TEST_CASE("child: fills the disk until refused and goes on", "[.child]") {
  const std::string value = noise(200000);
  auto store = Store::open(test::child_folder() + "/db", small()).value();
  int i = 0;
  while (i < 1000 && write_one(*store, std::to_string(i), value)) ++i;
  REQUIRE(i > 10);
  REQUIRE(i < 1000);
  CHECK(store->get(kDefault, "0").value() == value);
  CHECK_FALSE(store->get(kDefault, std::to_string(i)).value().has_value());
  test::SmallDisk::resize(test::child_folder(), 96 << 20);
  REQUIRE(write_until(*store, "after", std::to_string(i)));
  ::_exit(test::kChildDone);
}

TEST_CASE("store: a full disk is Transient, keeps what was written, and goes on by itself") {
  const test::SmallDisk disk(24 << 20);
  if (!disk.mounted()) {
    WARN("not allowed to mount a small disk: this test needs root");
    return;
  }
  REQUIRE(test::Child("child: fills the disk until refused and goes on", disk.path()).wait() == test::kChildDone);
  const std::string value = noise(200000);
  auto reopened = Store::open(disk.path() + "/db", small()).value();
  const auto count = reopened->get(kDefault, "after").value();
  REQUIRE(count.has_value());
  for (int i = 0; i < std::stoi(*count); ++i) CHECK(reopened->get(kDefault, std::to_string(i)).value() == value);
  CHECK_FALSE(reopened->get(kDefault, *count).value().has_value());
}

TEST_CASE("child: meets a full disk with nothing in memory and goes on", "[.child]") {
  auto store = Store::open(test::child_folder() + "/db", small()).value();
  REQUIRE(write_one(*store, "before", "x"));
  REQUIRE(store->flush().has_value());
  REQUIRE_FALSE(write_one(*store, "too big", noise(12 << 20)));
  test::SmallDisk::resize(test::child_folder(), 96 << 20);
  REQUIRE(write_until(*store, "after", "y"));
  REQUIRE(write_one(*store, "after 2", "z"));
  ::_exit(test::kChildDone);
}

TEST_CASE("store: a write that meets a full disk with nothing in memory leaves no damage in the log") {
  const test::SmallDisk disk(8 << 20);
  if (!disk.mounted()) {
    WARN("not allowed to mount a small disk: this test needs root");
    return;
  }
  REQUIRE(test::Child("child: meets a full disk with nothing in memory and goes on", disk.path()).wait() == test::kChildDone);
  auto reopened = Store::open(disk.path() + "/db", small()).value();
  CHECK(reopened->get(kDefault, "before").value() == "x");
  CHECK(reopened->get(kDefault, "after").value() == "y");
  CHECK(reopened->get(kDefault, "after 2").value() == "z");
  CHECK_FALSE(reopened->get(kDefault, "too big").value().has_value());
}
