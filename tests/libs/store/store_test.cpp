#include "libs/store/store.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/libs/store/folder.h"

using namespace ioc;
using namespace ioc::store;

namespace {

Options two_families() {
  Options options;
  options.families = {"blue", "red"};
  options.cache_bytes = 1 << 20;
  options.memtable_bytes = 1 << 20;
  return options;
}

constexpr Family kBlue = 0;
constexpr Family kRed = 1;

// Flips the last byte of the only file with this ending, or of the one with the highest name.
std::string flip_byte(const std::string& folder, const std::string& ending, std::int64_t from_end) {
  std::string newest;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const auto path = file.path().string();
    if (path.ends_with(ending) && path > newest) newest = path;
  }
  REQUIRE_FALSE(newest.empty());
  std::fstream bytes(newest, std::ios::in | std::ios::out | std::ios::binary);
  const auto at = static_cast<std::int64_t>(std::filesystem::file_size(newest)) - from_end;
  bytes.seekg(at);
  const char old = static_cast<char>(bytes.get());
  bytes.seekp(at);
  bytes.put(static_cast<char>(old ^ 0x10));
  return newest;
}

}  // namespace

TEST_CASE("store: a batch over families is read back after reopening") {
  const test::Folder folder;
  {
    auto store = Store::open(folder.path(), two_families()).value();
    Batch batch;
    batch.put(kBlue, "a", "1");
    batch.put(kRed, "a", "2");
    batch.put(kDefault, "a", std::string("\0three", 6));
    batch.put(kBlue, "gone", "x");
    batch.erase(kBlue, "gone");
    CHECK(batch.size_bytes() > 0);
    REQUIRE(store->write(batch, Sync::Yes).has_value());
  }
  auto store = Store::open(folder.path(), two_families()).value();
  CHECK(store->get(kBlue, "a").value() == "1");
  CHECK(store->get(kRed, "a").value() == "2");
  CHECK(store->get(kDefault, "a").value() == std::string("\0three", 6));
  CHECK_FALSE(store->get(kBlue, "gone").value().has_value());
}

TEST_CASE("store: families of an older version are kept when a newer one does not name them") {
  const test::Folder folder;
  {
    auto store = Store::open(folder.path(), two_families()).value();
    Batch batch;
    batch.put(kRed, "k", "v");
    REQUIRE(store->write(batch, Sync::Yes).has_value());
  }
  Options one = two_families();
  one.families = {"blue", "green"};
  { CHECK(Store::open(folder.path(), one).value()->get(1, "k").value() == std::nullopt); }
  CHECK(Store::open(folder.path(), two_families()).value()->get(kRed, "k").value() == "v");
}

TEST_CASE("store: iterators go both ways and a range is erased to its end, exclusive") {
  const test::Folder folder;
  auto store = Store::open(folder.path(), two_families()).value();
  Batch batch;
  for (const char* key : {"a", "b", "c", "d"}) batch.put(kBlue, key, key);
  batch.erase_range(kBlue, "b", "d");
  REQUIRE(store->write(batch, Sync::No).has_value());
  auto at = store->iterate(kBlue);
  at->seek("b");
  REQUIRE(at->valid());
  CHECK(at->key() == "d");
  at->prev();
  CHECK(at->key() == "a");
  at->seek_for_prev("c");
  CHECK(at->key() == "a");
  at->seek_to_last();
  CHECK(at->value() == "d");
  at->next();
  CHECK_FALSE(at->valid());
  CHECK(at->status().has_value());
}

TEST_CASE("store: files of an erased range go back to the disk") {
  const test::Folder folder;
  auto store = Store::open(folder.path(), two_families()).value();
  const std::string noise = [] {
    std::string bytes;
    std::uint64_t x = 1;
    for (int i = 0; i < 100000; ++i) bytes += static_cast<char>((x = x * 6364136223846793005ULL + 1) >> 56);
    return bytes;
  }();
  for (int i = 100; i < 140; ++i) {
    Batch batch;
    batch.put(kBlue, std::to_string(i), noise);
    REQUIRE(store->write(batch, Sync::No).has_value());
  }
  REQUIRE(store->flush().has_value());
  const auto before = store->disk_bytes();
  REQUIRE(store->drop_files(kBlue, "1", "2").has_value());
  // RocksDB leaves out a file that a compaction reads just then, and deletes one once none reads it any more.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (store->disk_bytes() + 1000000 >= before && std::chrono::steady_clock::now() < deadline) {
    REQUIRE(store->drop_files(kBlue, "1", "2").has_value());
    std::this_thread::yield();
  }
  CHECK(store->disk_bytes() + 1000000 < before);
}

TEST_CASE("store: a second opening is refused as Transient while the first holds it") {
  const test::Folder folder;
  auto store = Store::open(folder.path(), two_families()).value();
  const auto second = Store::open(folder.path(), two_families());
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().kind == ErrorKind::Transient);
}

TEST_CASE("store: a flipped bit in a table file is Corrupt and names the file") {
  const test::Folder folder;
  {
    auto store = Store::open(folder.path(), two_families()).value();
    Batch batch;
    batch.put(kBlue, "key", std::string(20000, 'x') + "needle");
    REQUIRE(store->write(batch, Sync::Yes).has_value());
    REQUIRE(store->flush().has_value());
  }
  std::string table;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    if (file.path().extension() == ".sst") table = file.path().string();
  }
  REQUIRE_FALSE(table.empty());
  {
    std::fstream bytes(table, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(20);
    bytes.put('\x5a');
  }
  const auto store = Store::open(folder.path(), two_families());
  const auto value = store ? store.value()->get(kBlue, "key") : Result<std::optional<std::string>>(store.error());
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().kind == ErrorKind::Corrupt);
  CHECK(value.error().message.find(".sst") != std::string::npos);
}

TEST_CASE("store: damage inside the write-ahead log refuses to open instead of losing what follows") {
  const test::Folder folder;
  const test::Folder copy;
  auto store = Store::open(folder.path(), two_families()).value();
  for (int i = 0; i < 100; ++i) {
    Batch batch;
    batch.put(kBlue, std::to_string(i), std::string(1000, 'v'));
    REQUIRE(store->write(batch, Sync::Yes).has_value());
  }
  // As after a kill: the copy still has its log.
  std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove(copy.path() + "/LOCK");
  flip_byte(copy.path(), ".log", 50000);
  const auto damaged = Store::open(copy.path(), two_families());
  REQUIRE_FALSE(damaged.has_value());
  CHECK(damaged.error().kind == ErrorKind::Corrupt);
  CHECK(damaged.error().message.find(copy.path()) != std::string::npos);
}

TEST_CASE("store: a last write that was cut off is forgotten and everything before it is kept") {
  const test::Folder folder;
  const test::Folder copy;
  auto store = Store::open(folder.path(), two_families()).value();
  for (int i = 0; i < 10; ++i) {
    Batch batch;
    batch.put(kBlue, std::to_string(i), std::string(1000, 'v'));
    REQUIRE(store->write(batch, Sync::Yes).has_value());
  }
  std::filesystem::copy(folder.path(), copy.path(), std::filesystem::copy_options::recursive);
  std::filesystem::remove(copy.path() + "/LOCK");
  for (const auto& file : std::filesystem::directory_iterator(copy.path())) {
    if (file.path().extension() == ".log") std::filesystem::resize_file(file.path(), file.file_size() - 500);
  }
  auto reopened = Store::open(copy.path(), two_families()).value();
  CHECK(reopened->get(kBlue, "8").value().has_value());
  CHECK_FALSE(reopened->get(kBlue, "9").value().has_value());
}

TEST_CASE("store: read-only reads what a killed process left, changes nothing and takes no lock") {
  const test::Folder folder;
  auto store = Store::open(folder.path(), two_families()).value();
  Batch batch;
  batch.put(kRed, "k", "v");
  REQUIRE(store->write(batch, Sync::Yes).has_value());
  Options options = two_families();
  options.read_only = true;
  auto reading = Store::open(folder.path(), options).value();
  CHECK(reading->get(kRed, "k").value() == "v");
  CHECK_FALSE(reading->write(batch, Sync::Yes).has_value());
  const test::Folder empty;
  CHECK_FALSE(Store::open(empty.path() + "/none", options).has_value());
  CHECK_FALSE(std::filesystem::exists(empty.path() + "/none"));
}
