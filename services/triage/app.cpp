#include "services/triage/app.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "libs/base/hash.h"
#include "libs/domain/topics.h"
#include "libs/triage/bundle.h"
#include "libs/triage/configured_bundle.h"
#include "services/triage/asio_scheduler.h"
#include "services/triage/bundles.h"
#include "services/triage/current_record.h"
#include "services/triage/fenced_watch.h"
#include "services/triage/last_checkpoint.h"
#include "services/triage/partition_runner.h"
#include "services/triage/state_store.h"
#include "services/triage/strand.h"
#include "services/triage/topics.h"

namespace ioc::triage_service {

namespace asio = boost::asio;

namespace {

struct FirstBundle {
  triage::PackedBundle packed;
  std::vector<std::string> subscribers;
};

constexpr Millis kLookAgain{20};
constexpr Millis kLastCheckpoint{5'000};  // within process::kStopAtMost; without it the next start steps more records
constexpr Millis kFencedPause{3'000}, kFencedLook{500};

// A name that no other process of the deployment has: no two share a data folder.
std::string member_name(const Config& config, const config::Deployment& deployment) {
  if (!config.instance.empty()) return deployment.name + "-triage-" + config.instance;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  std::error_code failed;
  const std::string folder = std::filesystem::absolute(deployment.data, failed).lexically_normal().string();
  return fmt::format("{}-triage-{}-{:08x}", deployment.name, host.data(), hash128(folder).low & 0xffffffffU);
}

// Two checkpoints are kept, each may be `checkpoint_every` late, and half of the retention is the alarm.
Result<void> check_retention(const Config& config) {
  if (config.retention.count() == 0 || config.retention >= config.checkpoint_every * 4) return {};
  return permanent(fmt::format("triage.retention ({} s) is shorter than four times triage.checkpoint_every ({} s): the log would "
                               "delete records that no checkpoint stands for (topic_settings)",
                               config.retention.count() / 1000, config.checkpoint_every.count() / 1000));
}

Result<FirstBundle> read_bundle(const config::Deployment& deployment) {
  auto configured = triage::configured_bundle(deployment.bundle_path(), deployment.units_path());
  if (configured.has_error()) return configured.error();
  return FirstBundle{std::move(configured->packed), triage::subscriber_ids(*configured->compiled)};
}

}  // namespace

struct App::Impl {
  Impl(asio::any_io_executor executor_, const Config& config_, const config::Deployment& deployment_, log::Log& log_,
       metrics::Registry& registry_)
      : executor(std::move(executor_)), config(config_), deployment(deployment_), log(log_), registry(registry_), pool(2) {}

  struct Running {
    std::unique_ptr<AsioScheduler> scheduler;
    std::shared_ptr<PartitionRunner> runner;
  };

  asio::any_io_executor executor;
  Config config;
  config::Deployment deployment;
  log::Log& log;
  metrics::Registry& registry;
  asio::thread_pool pool;

  FirstBundle first;
  std::unique_ptr<StateStore> store;
  std::unique_ptr<AsioScheduler> bundles_scheduler;
  std::shared_ptr<Bundles> bundles;

  mutable std::mutex mutex;  // guards what is below
  std::map<PartitionId, Running> running;
  std::unique_ptr<AsioScheduler> scheduler;
  std::unique_ptr<Strand> strand;  // of the process's own work; nothing of it runs after stop()
  std::unique_ptr<log::Membership> membership;
  bool joining = false, stopping = false;
  std::set<PartitionId> held;  // the group calls them ours
  FencedWatch fenced{kFencedPause};
  std::mutex ending;           // one runner ends at a time
  std::vector<PartitionId> owned_last;  // when the process stops
  std::promise<log::Membership*> joined_promise;
  std::shared_future<log::Membership*> joined = joined_promise.get_future().share();

  [[nodiscard]] Running standby(PartitionId partition);
  void join_when_warm();
  void assigned(PartitionId partition);
  void revoked(PartitionId partition);
  void end_runner(PartitionId partition);
  [[nodiscard]] bool refused(PartitionId partition) const;
  void watch_fenced();
};

App::Impl::Running App::Impl::standby(PartitionId partition) {
  Running one;
  one.scheduler = std::make_unique<AsioScheduler>(executor, pool);
  one.runner = std::make_shared<PartitionRunner>(
      partition, deployment.partitions(), nullptr,
      PartitionRunner::World{log, *store, *bundles, *one.scheduler, config, registry, first.packed});
  one.runner->start();
  return one;
}

// A process joins the group only when it is warm (DESIGN D3). One that refuses a partition will not get warmer.
void App::Impl::join_when_warm() {
  {
    const std::lock_guard lock(mutex);
    if (stopping) return;
    for (const auto& [partition, one] : running) {
      const auto status = one.runner->status();
      if (!status.warm && status.phase != Phase::Refused) return strand->after(kLookAgain, [this] { join_when_warm(); });
    }
    joining = true;
  }
  auto member = std::make_shared<Result<std::unique_ptr<log::Membership>>>(transient("not asked yet"));
  strand->blocking(
      [this, member] {
        *member = log.join(kGroup, topics::kEvents, member_name(config, deployment),
                           {[this](PartitionId partition) { assigned(partition); }, [this](PartitionId partition) { revoked(partition); }});
        const std::lock_guard lock(mutex);
        joining = false;
        if (member->has_error()) return;
        membership = std::move(member->value());
        joined_promise.set_value(membership.get());
      },
      [this, member] {
        if (!member->has_error()) return;
        spdlog::error("triage: the group cannot be joined, trying again error=\"{}\"", member->error().message);
        strand->after(config.retry_longest, [this] { join_when_warm(); });
      });
}

bool App::Impl::refused(PartitionId partition) const {
  const std::lock_guard lock(mutex);
  const auto found = running.find(partition);
  return found != running.end() && found->second.runner->status().phase == Phase::Refused;
}

// The log calls this while join() may still be running: the membership is waited for on the pool.
void App::Impl::assigned(PartitionId partition) {
  asio::post(pool, [this, partition] {
    log::Membership* member = joined.get();
    if (member == nullptr) return;
    // A standby's refusal is looked at again by the owner, who knows more.
    if (refused(partition)) end_runner(partition);
    const std::lock_guard lock(mutex);
    if (stopping) return;
    const auto found = running.find(partition);
    if (found == running.end()) return;
    held.insert(partition);
    spdlog::info("triage: taking over partition={} warm={}", partition.value(), found->second.runner->status().warm);
    found->second.runner->take_over(member->owner(partition));
  });
}

void App::Impl::revoked(PartitionId partition) {
  {
    const std::lock_guard lock(mutex);
    held.erase(partition);
  }
  end_runner(partition);
}

// A partition that is fenced and still ours (fenced_watch.h) gets a new runner, which takes over again.
void App::Impl::watch_fenced() {
  auto due = std::make_shared<std::vector<PartitionId>>();
  {
    const std::lock_guard lock(mutex);
    if (stopping) return;
    for (const PartitionId partition : held) {
      const auto found = running.find(partition);
      if (found != running.end() && fenced.is_due(partition, found->second.runner->status().phase, wall_now())) due->push_back(partition);
    }
  }
  strand->blocking(
      [this, due] {
        for (const PartitionId partition : *due) {
          end_runner(partition);
          assigned(partition);
        }
      },
      [this] { strand->after(kFencedLook, [this] { watch_fenced(); }); });
}

// Nothing of the owner is left when this returns; the process goes on as a standby with a machine of its own.
void App::Impl::end_runner(PartitionId partition) {
  const std::lock_guard one_at_a_time(ending);
  Running one;
  {
    const std::lock_guard lock(mutex);
    const auto found = running.find(partition);
    if (found == running.end()) return;
    one = std::move(found->second);
    running.erase(found);
    if (stopping && one.runner->status().phase == Phase::Running) owned_last.push_back(partition);
  }
  const auto stopped = std::make_shared<std::promise<void>>();
  one.runner->stop([stopped] { stopped->set_value(); });
  stopped->get_future().wait();
  one.runner.reset();
  const std::lock_guard lock(mutex);
  if (!stopping) running.emplace(partition, standby(partition));
}

App::App(asio::any_io_executor executor, const Config& config, const config::Deployment& deployment, log::Log& log,
         metrics::Registry& registry)
    : x_impl(std::make_unique<Impl>(std::move(executor), config, deployment, log, registry)) {}

App::~App() = default;

Result<void> App::start() {
  Impl& app = *x_impl;
  name_record_when_crashing();
  auto first = read_bundle(app.deployment);
  if (first.has_error()) return first.error();
  app.first = *std::move(first);
  if (auto checked = check_retention(app.config); checked.has_error()) return checked.error();
  const auto topics = topics_of(app.deployment.partitions(), app.first.subscribers, app.config);
  if (auto made = app.log.ensure_topics(topics); made.has_error()) return made.error();
  if (!app.store) {
    auto store = open_state_store(app.deployment.data + "/triage", app.config.state_cache_bytes);
    if (store.has_error()) return store.error();
    app.store = *std::move(store);
  }
  app.bundles_scheduler = std::make_unique<AsioScheduler>(app.executor, app.pool);
  app.bundles = std::make_shared<Bundles>(app.log, *app.bundles_scheduler);
  if (auto started = app.bundles->start(); started.has_error()) return started.error();
  app.scheduler = std::make_unique<AsioScheduler>(app.executor, app.pool);
  app.strand = std::make_unique<Strand>(*app.scheduler);
  {
    const std::lock_guard lock(app.mutex);
    for (std::uint32_t i = 0; i < app.deployment.partitions(); ++i) app.running.emplace(PartitionId(i), app.standby(PartitionId(i)));
  }
  app.strand->post([&app] {
    app.join_when_warm();
    app.watch_fenced();
  });
  return {};
}

void App::stop() {
  Impl& app = *x_impl;
  std::vector<PartitionId> partitions;
  bool joining = false;
  {
    const std::lock_guard lock(app.mutex);
    app.stopping = true;
    joining = app.joining;
    for (const auto& [partition, one] : app.running) partitions.push_back(partition);
  }
  if (joining) app.joined.wait_for(kLastCheckpoint);
  if (app.joined.wait_for(std::chrono::seconds(0)) != std::future_status::ready) app.joined_promise.set_value(nullptr);
  for (const PartitionId partition : partitions) app.end_runner(partition);
  // Others take over while this process writes down what it had.
  app.membership.reset();
  for (const PartitionId partition : app.owned_last) {
    write_last_checkpoint(partition, app.log, *app.store, *app.scheduler, app.config, app.registry, kLastCheckpoint);
  }
  if (app.bundles) app.bundles->stop();
  app.pool.join();
  // What runs there right now ends before this returns.
  if (app.bundles_scheduler) run_and_wait(*app.bundles_scheduler, [] {});
  if (app.scheduler) run_and_wait(*app.scheduler, [&app] { app.strand->end(); });
}

bool App::ready() const { return not_ready_because().empty(); }

std::string App::not_ready_because() const {
  const std::lock_guard lock(x_impl->mutex);
  for (const auto& [partition, one] : x_impl->running) {
    const auto status = one.runner->status();
    const std::string name = "partition " + std::to_string(partition.value());
    const bool works = status.phase == Phase::Running || status.phase == Phase::Standby;
    if (!works || !status.message.empty()) return name + " is " + std::string(name_of(status.phase)) + ": " + status.message;
    if (status.bundle.empty()) return name + " has no active bundle yet";
  }
  return x_impl->membership ? std::string() : std::string("not yet a member of the group");
}

}  // namespace ioc::triage_service
