// The contract suite's fixture for the embedded log: a folder of its own.
#include "tests/libs/log/contract/fixture.h"

#include <atomic>
#include <stdexcept>

#include "libs/log/embedded/embedded_log.h"
#include "tests/libs/log/embedded/settings.h"
#include "tests/libs/store/folder.h"

namespace ioc::log::contract {

namespace {

class EmbeddedFixture final : public LogFixture {
 public:
  EmbeddedFixture() : x_log(open("/log", test::small_log_settings())) {}
  Log& log() override { return *x_log; }
  void reopen() override {
    x_log.reset();
    x_log = open("/log", test::small_log_settings());
  }
  std::string unique(const std::string& stem) override { return stem + "-" + std::to_string(++x_names); }
  std::unique_ptr<Log> second_log() override { return nullptr; }  // one process holds the folder
  std::unique_ptr<Log> log_with_queue(std::uint64_t queued_bytes_max) override {
    auto settings = test::small_log_settings();
    settings.queued_bytes_max = queued_bytes_max;
    return open("/small-queue", settings);
  }
  std::uint64_t segment_bytes() override { return test::small_log_settings().segment_bytes; }

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
