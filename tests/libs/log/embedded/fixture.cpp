// The contract suite's fixture for the embedded log: a folder of its own.
#include "tests/libs/log/contract/fixture.h"

#include <atomic>
#include <stdexcept>

#include "libs/log/embedded/embedded_log.h"
#include "tests/libs/store/folder.h"

namespace ioc::log::contract {

namespace {

EmbeddedSettings small_settings() {
  EmbeddedSettings settings;
  settings.reserve_bytes = 0;
  settings.segment_bytes = 16 << 10;
  settings.tail_bytes_max = 32 << 10;
  settings.memtable_bytes = 4 << 20;
  settings.cleaning_interval = Millis(50);
  settings.tombstone_retention = Millis(500);
  return settings;
}

class EmbeddedFixture final : public LogFixture {
 public:
  EmbeddedFixture() : x_log(open("/log", small_settings())) {}
  Log& log() override { return *x_log; }
  void reopen() override {
    x_log.reset();
    x_log = open("/log", small_settings());
  }
  std::string unique(const std::string& stem) override { return stem + "-" + std::to_string(++x_names); }
  std::unique_ptr<Log> second_log() override { return nullptr; }  // one process holds the folder
  std::unique_ptr<Log> log_with_queue(std::uint64_t queued_bytes_max) override {
    auto settings = small_settings();
    settings.queued_bytes_max = queued_bytes_max;
    return open("/small-queue", settings);
  }
  std::uint64_t segment_bytes() override { return small_settings().segment_bytes; }

 private:
  std::unique_ptr<Log> open(const std::string& name, const EmbeddedSettings& settings) const {
    auto opened = open_embedded(x_folder.path() + name, settings);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }

  test::Folder x_folder;
  int x_names = 0;
  std::unique_ptr<Log> x_log;
};

}  // namespace

std::unique_ptr<LogFixture> make_fixture() { return std::make_unique<EmbeddedFixture>(); }

}  // namespace ioc::log::contract
