#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <random>

#include "services/ingest/protected_store.h"
#include "tests/libs/store/small_disk.h"
#include "tests/services/ingest/world.h"

using namespace ioc;
using namespace ioc::ingest;

namespace {

struct Fixture {
  TemporaryFolder folder;
  metrics::Registry registry;
  Metrics metrics{registry};
  std::unique_ptr<ProtectedStore> store;
  explicit Fixture(ProtectedStoreConfig config = {}) { open(config); }
  void open(ProtectedStoreConfig config = {}) {
    store.reset();
    auto opened = ProtectedStore::open(folder.path + "/protected", config, metrics);
    REQUIRE(opened.has_value());
    store = std::move(*opened);
  }
  Result<void> put(std::vector<ProtectedStore::Item> items) {
    std::promise<Result<void>> promise;
    store->put(std::move(items), [&promise](const Result<void>& stored) { promise.set_value(stored); });
    return promise.get_future().get();
  }
};

ProtectedStore::Item item(const std::string& ref, const std::string& payload, std::int64_t keep_until_ms = 4'000'000'000'000, std::int64_t at_ms = 1000) {
  return {ref, {WallTime::from_ms(at_ms), WallTime::from_ms(keep_until_ms), "id-" + ref, "token", "citizen-report", payload, R"({"name":"A"})", {"20A1"}}};
}

}  // namespace

TEST_CASE("protected record: what is encoded comes back, what is damaged is corrupt") {
  const auto record = item("r", std::string("a\0b\xff", 4)).record;
  const std::string bytes = encode(record);
  CHECK(decode_protected(bytes).value() == record);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto cut = decode_protected(std::string_view(bytes).substr(0, size));
    const bool whole_plates_gone = cut.has_value() && cut->plates.size() < record.plates.size() && cut->payload == record.payload;
    CHECK((cut.has_error() || whole_plates_gone));
  }
  CHECK(decode_protected("\x07" + bytes.substr(1)).has_error());
}

TEST_CASE("protected store: what was acknowledged is there after opening again; another payload of an event is kept beside the first") {
  Fixture fixture;
  REQUIRE(fixture.put({item("p-1", "one"), item("p-2", "two")}).has_value());
  REQUIRE(fixture.put({item("p-1", "one again", 4'000'000'000'000, 2000), item("p-1", "one")}).has_value());
  fixture.open();
  const auto found = fixture.store->get("p-1");
  REQUIRE(found.has_value());
  REQUIRE(found->size() == 2);
  CHECK(found->at(0).payload == "one");
  CHECK(found->at(1).payload == "one again");
  CHECK(fixture.store->get("p-2")->size() == 1);
  CHECK(fixture.store->get("p-")->empty());
  CHECK(fixture.store->get("p-3")->empty());
}

TEST_CASE("protected store: many callers share syncs") {
  Fixture fixture;
  constexpr int kCallers = 2000;
  std::atomic<int> done{0}, failed{0};
  for (int i = 0; i < kCallers; ++i) {
    fixture.store->put({item("p-" + std::to_string(i), "x")}, [&](const Result<void>& stored) {
      failed += stored.has_error() ? 1 : 0;
      ++done;
    });
  }
  REQUIRE(eventually([&] { return done == kCallers; }));
  CHECK(failed == 0);
  const std::string text = fixture.registry.expose();
  const auto at = text.find("ioc_ingest_protected_sync_seconds_count ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stoi(text.substr(at + 40)) < kCallers / 4);
}

TEST_CASE("protected store: above its queue it answers at once that it is full") {
  ProtectedStoreConfig config;
  config.queue_bytes_max = 1 << 20;
  config.sync_bytes_max = 64 << 10;
  Fixture fixture(config);
  std::atomic<int> done{0}, refused{0};
  constexpr int kCallers = 200;
  const auto all_came = std::make_shared<std::promise<void>>();
  const std::shared_future<void> until_all_came = all_came->get_future().share();
  for (int i = 0; i < kCallers; ++i) {
    fixture.store->put({item("p-" + std::to_string(i), std::string(100'000, 'x'))}, [&, until_all_came](const Result<void>& stored) {
      if (stored.has_error() && stored.error().kind == ErrorKind::Transient) ++refused;
      else until_all_came.wait();  // the store's own thread: nothing leaves the queue meanwhile
      ++done;
    });
  }
  all_came->set_value();
  REQUIRE(eventually([&] { return done == kCallers; }));
  CHECK(refused > 0);
  CHECK(refused < kCallers);
}

TEST_CASE("protected store: on a full disk it says why it cannot be written, and by itself that it can again when there is room") {
  const test::SmallDisk disk(24 << 20);
  if (!disk.mounted()) {
    WARN("not allowed to mount a small disk: this test needs root");
    return;
  }
  Fixture fixture;
  auto opened = ProtectedStore::open(disk.path() + "/protected", ProtectedStoreConfig(), fixture.metrics);
  REQUIRE(opened.has_value());
  fixture.store = std::move(*opened);
  CHECK(fixture.store->not_writable_because().empty());
  std::mt19937_64 random(1);
  bool written = true;
  for (int i = 0; i < 1000 && written; ++i) {
    std::string noise(200'000, 0);
    for (char& each : noise) each = static_cast<char>(random());
    written = fixture.put({item("p-" + std::to_string(i), noise)}).has_value();
  }
  REQUIRE_FALSE(written);
  CHECK_FALSE(fixture.store->not_writable_because().empty());
  test::SmallDisk::resize(disk.path(), 96 << 20);
  CHECK(eventually([&] { return fixture.store->not_writable_because().empty(); }));
  CHECK(fixture.put({item("p-after", "a")}).has_value());
  fixture.store.reset();
}

TEST_CASE("protected store: payloads go after their retention, those that came again with a later one stay") {
  Fixture fixture;
  REQUIRE(fixture.put({item("p-old", "a", 5'000'000'000'000), item("p-again", "b", 5'000'000'000'000), item("p-new", "c", 7'000'000'000'000)}).has_value());
  REQUIRE(fixture.put({item("p-again", "b", 7'000'000'000'000)}).has_value());
  CHECK(fixture.store->sweep(WallTime::from_ms(4'999'999'999'999)).value() == 0);
  CHECK(fixture.store->sweep(WallTime::from_ms(6'000'000'000'000)).value() == 1);
  CHECK(fixture.store->get("p-old")->empty());
  CHECK(fixture.store->get("p-again")->size() == 1);
  CHECK(fixture.store->get("p-new")->size() == 1);
  CHECK(fixture.store->sweep(WallTime::from_ms(8'000'000'000'000)).value() == 2);
}

TEST_CASE("protected store: looks are on record, newest first, also after opening again") {
  Fixture fixture;
  REQUIRE(fixture.store->note_look({WallTime::from_ms(1'792'290'000'000), "anna", "e-1", "khiếu nại"}).has_value());
  REQUIRE(fixture.store->note_look({WallTime::from_ms(1'792'290'000'001), "binh", "e-2", "gọi lại"}).has_value());
  fixture.open();
  const auto looks = fixture.store->looks(10);
  REQUIRE(looks.has_value());
  REQUIRE(looks->size() == 2);
  CHECK(looks->at(0).actor == "binh");
  CHECK(looks->at(0).reason == "gọi lại");
  CHECK(looks->at(1).id == "e-1");
  CHECK(fixture.store->looks(1)->size() == 1);
}
