// What the embedded log can take: durable appends and transactions, each answered only when synced.
//   bench_embedded_log [--dir DIR] [--seconds N]
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>

#include "bench/figures.h"
#include "libs/log/embedded/embedded_log.h"

namespace {

using namespace ioc;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kEventBytes = 300;
constexpr PartitionId kPartition{0};

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

log::Message event() { return {"key", std::string(kEventBytes, 'e'), {}, false}; }

// One caller that waits for each answer.
void one_by_one(log::Log& log, double seconds) {
  std::vector<double> waits;
  const auto began = Clock::now();
  while (seconds_since(began) < seconds) {
    std::promise<void> answered;
    const auto sent = Clock::now();
    log.append("one", kPartition, event(), [&](Result<Offset> offset) {
      if (!offset) fmt::print(stderr, "append: {}\n", offset.error().message);
      answered.set_value();
    });
    answered.get_future().wait();
    waits.push_back(1e3 * seconds_since(sent));
  }
  bench::report("embedded_append_one_by_one_rate", static_cast<double>(waits.size()) / seconds, "events/s");
  bench::report("embedded_append_one_by_one_p50", bench::percentile(waits, 0.5), "ms");
  bench::report("embedded_append_one_by_one_p99", bench::percentile(waits, 0.99), "ms");
}

// As many as the log takes; a refusal is waited out, as ingest's senders do.
void many_at_once(log::Log& log, double seconds) {
  std::atomic<std::uint64_t> durable{0};
  std::atomic<std::uint64_t> answered{0};
  std::uint64_t sent = 0;
  const auto began = Clock::now();
  while (seconds_since(began) < seconds) {
    log.append("many", kPartition, event(), [&](Result<Offset> offset) {
      if (offset) ++durable;
      ++answered;
    });
    if (++sent - answered > 20'000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  while (answered < sent) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  bench::report("embedded_append_20000_in_flight_rate", static_cast<double>(durable) / seconds_since(began), "events/s");
}

void transactions(log::Log& log, std::size_t outputs, double seconds) {
  const auto membership = log.join("bench", "in", "bench", {[](PartitionId) {}, [](PartitionId) {}}).value();
  const auto owner = membership->owner(kPartition);
  static_cast<void>(owner->acquire().value());
  std::vector<double> waits;
  const auto began = Clock::now();
  while (seconds_since(began) < seconds) {
    log::Transaction transaction;
    for (std::size_t i = 0; i < outputs; ++i) transaction.outputs.push_back({"out", kPartition, event()});
    transaction.next = Offset(waits.size() + 1);
    std::promise<log::CommitResult> committed;
    const auto sent = Clock::now();
    owner->commit(std::move(transaction), [&](log::CommitResult result) { committed.set_value(std::move(result)); });
    if (committed.get_future().get().outcome != log::CommitOutcome::Committed) throw std::runtime_error("not committed");
    waits.push_back(1e3 * seconds_since(sent));
  }
  const std::string name = fmt::format("embedded_transaction_of_{}", outputs);
  bench::report(name + "_rate", static_cast<double>(waits.size()) / seconds_since(began), "transactions/s");
  bench::report(name + "_p50", bench::percentile(waits, 0.5), "ms");
  bench::report(name + "_p99", bench::percentile(waits, 0.99), "ms");
}

}  // namespace

int main(int argc, char** argv) {
  std::string dir = (std::filesystem::temp_directory_path() / fmt::format("ioc-bench-log-{}", ::getpid())).string();
  double seconds = 5;
  CLI::App app("rates of the embedded log");
  app.add_option("--dir", dir, "on the disk that is measured; made, and removed afterwards");
  app.add_option("--seconds", seconds, "measured seconds of each figure");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::err);
  try {
    if (std::filesystem::exists(dir)) throw std::runtime_error(dir + " exists");
    {
      const auto log = log::open_embedded(dir, {}).value();
      std::vector<log::TopicConfig> topics(4);
      const char* const names[] = {"one", "many", "in", "out"};
      for (std::size_t i = 0; i < topics.size(); ++i) topics[i].name = names[i];
      log->ensure_topics(topics).value();
      one_by_one(*log, seconds);
      many_at_once(*log, seconds);
      for (const std::size_t outputs : {1u, 100u}) transactions(*log, outputs, seconds);
    }
    std::filesystem::remove_all(dir);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_embedded_log: {}\n", error.what());
    return 4;
  }
}
