// The whole service with its real threads: embedded log, RocksDB, Asio strands, senders beside it. Run under ThreadSanitizer.
#include "services/triage/app.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <set>
#include <thread>
#include <vector>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/log/open.h"
#include "libs/log/read_range.h"
#include "services/triage/partition_runner.h"
#include "tests/libs/store/folder.h"

using namespace ioc;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kPartitions = 3;
constexpr int kSenders = 3, kEventsOfASender = 150;

log::Message report(const std::string& name) {
  Event event;
  event.id = EventId("20211018-074000-r-" + name);
  event.feed = Feed::CitizenReports;
  event.source = SourceId("citizen-reports");
  event.object = ObjectId(name);
  event.occurred_at = EventTime::from_ms(wall_now().ms());
  CitizenReport body;
  body.text = "Nắp cống bị mất trước số nhà 12";
  event.body = body;
  return {"citizen-reports", wire::encode(Record(event)), {}, false};
}

// Threads that run until the object goes.
class Threads {
 public:
  explicit Threads(int count) {
    for (int i = 0; i < count; ++i) x_all.emplace_back([this] { io.run(); });
  }
  ~Threads() {
    x_work.reset();
    for (std::thread& one : x_all) one.join();
  }
  boost::asio::io_context io;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> x_work = boost::asio::make_work_guard(io);
  std::vector<std::thread> x_all;
};

template <class Condition>
bool becomes(const Condition& condition) {
  for (const auto until = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(10ms)) {
    if (condition()) return true;
  }
  return false;
}

void send_all(log::Log& log, int sender) {
  for (int i = 0; i < kEventsOfASender; ++i) {
    const auto done = std::make_shared<std::promise<Result<Offset>>>();
    auto appended = done->get_future();
    log.append(topics::kEvents, PartitionId(static_cast<std::uint32_t>(i) % kPartitions), report(std::to_string(sender) + "-" + std::to_string(i)),
               [done](Result<Offset> at) { done->set_value(std::move(at)); });
    if (appended.get().has_error()) std::abort();
  }
}

bool all_committed(log::Log& log) {
  for (std::uint32_t i = 0; i < kPartitions; ++i) {
    const auto range = log.range(topics::kEvents, PartitionId(i));
    const auto committed = log.committed(triage_service::kGroup, topics::kEvents, PartitionId(i));
    if (!range || !committed || committed->next != range->end) return false;
  }
  return true;
}

std::multiset<std::string> opened_events(log::Log& log) {
  std::multiset<std::string> all;
  for (std::uint32_t i = 0; i < kPartitions; ++i) {
    const auto range = log.range(topics::kDecisions, PartitionId(i));
    REQUIRE(range.has_value());
    REQUIRE(log::read_range(log, topics::kDecisions, PartitionId(i), range->first, range->end, [&](const log::Entry& entry) -> Result<void> {
      const auto made = wire::decode_decision(entry.value);
      if (made && (made->kind == DecisionKind::Opened || made->kind == DecisionKind::Joined)) all.insert(made->event.str());
      return {};
    }).has_value());
  }
  return all;
}

}  // namespace

TEST_CASE("app: senders, three partitions, a scrape and a restart at once, and each event is decided once") {
  const test::Folder folder;
  config::Deployment deployment;
  deployment.data = folder.path();
  deployment.bundle_folder = IOC_BUNDLE_FOLDER;
  deployment.units_folder = IOC_UNITS_FOLDER;
  for (std::uint32_t i = 0; i < kPartitions; ++i) deployment.areas.push_back({"area-" + std::to_string(i), i});
  triage_service::Config config;
  config.tick_after = 50ms;
  config.commit_gap = 1ms;
  auto log = log::open({}, deployment.data);
  REQUIRE(log.has_value());
  Threads threads(3);

  std::vector<std::thread> senders;
  for (int start = 0; start < 2; ++start) {
    metrics::Registry registry;
    triage_service::App app(threads.io.get_executor(), config, deployment, **log, registry);
    REQUIRE(app.start().has_value());
    REQUIRE(becomes([&] { return app.ready(); }));
    if (start == 0) {
      for (int i = 0; i < kSenders; ++i) senders.emplace_back([&log, i] { send_all(**log, i); });
      REQUIRE(becomes([&] { return !registry.expose().empty() && !opened_events(**log).empty(); }));
    } else {
      for (std::thread& sender : senders) sender.join();
      REQUIRE(becomes([&] { return all_committed(**log); }));
    }
    app.stop();
  }
  const auto decided = opened_events(**log);
  CHECK(decided.size() == static_cast<std::size_t>(kSenders * kEventsOfASender));
  CHECK(std::set<std::string>(decided.begin(), decided.end()).size() == decided.size());
}
