#include "services/triage/app.h"

#include <spdlog/spdlog.h>

#include <boost/asio/thread_pool.hpp>
#include <future>
#include <map>
#include <mutex>
#include <utility>

#include "libs/domain/topics.h"
#include "libs/triage/bundle.h"
#include "services/triage/asio_scheduler.h"
#include "services/triage/bundles.h"
#include "services/triage/partition_runner.h"
#include "services/triage/state_store.h"
#include "services/triage/topics.h"

namespace ioc::triage_service {

namespace asio = boost::asio;

namespace {

struct FirstBundle {
  triage::PackedBundle packed;
  std::vector<std::string> subscribers;
};

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

Result<FirstBundle> read_bundle(const config::Deployment& deployment) {
  auto files = triage::read_bundle(deployment.bundle_path(), deployment.units_path());
  if (files.has_error()) return files.error();
  FirstBundle first;
  first.packed = triage::pack(*files);
  triage::BundleProblems problems;
  const auto bundle = triage::compile(first.packed.hash, *std::move(files), problems);
  if (!bundle) return permanent("the bundle in " + deployment.bundle_path() + " does not compile:" + joined(problems.problems));
  first.subscribers = triage::subscriber_ids(*bundle);
  return first;
}

}  // namespace

struct App::Impl {
  Impl(asio::any_io_executor executor_, const Config& config_, const config::Deployment& deployment_, log::Log& log_,
       metrics::Registry& registry_)
      : executor(std::move(executor_)), config(config_), deployment(deployment_), log(log_), registry(registry_), pool(2) {}

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

  struct Running {
    std::unique_ptr<AsioScheduler> scheduler;
    std::shared_ptr<PartitionRunner> runner;
  };
  mutable std::mutex mutex;
  std::map<PartitionId, Running> running;
  std::unique_ptr<log::Membership> membership;
  std::promise<log::Membership*> joined_promise;
  std::shared_future<log::Membership*> joined = joined_promise.get_future().share();

  void assigned(PartitionId partition);
  void revoked(PartitionId partition);
};

// The log calls this while join() may still be running: the membership is waited for on the pool.
void App::Impl::assigned(PartitionId partition) {
  asio::post(pool, [this, partition] {
    log::Membership* member = joined.get();
    if (member == nullptr) return;
    const std::lock_guard lock(mutex);
    if (running.count(partition) > 0) return;
    Running one;
    one.scheduler = std::make_unique<AsioScheduler>(executor, pool);
    one.runner = std::make_shared<PartitionRunner>(
        partition, deployment.partitions(), member->owner(partition),
        PartitionRunner::World{log, *store, *bundles, *one.scheduler, config, registry, first.packed});
    one.runner->start();
    running.emplace(partition, std::move(one));
  });
}

void App::Impl::revoked(PartitionId partition) {
  Running one;
  {
    const std::lock_guard lock(mutex);
    const auto found = running.find(partition);
    if (found == running.end()) return;
    one = std::move(found->second);
    running.erase(found);
  }
  std::promise<void> stopped;
  one.runner->stop([&stopped] { stopped.set_value(); });
  stopped.get_future().wait();
}

App::App(asio::any_io_executor executor, const Config& config, const config::Deployment& deployment, log::Log& log,
         metrics::Registry& registry)
    : x_impl(std::make_unique<Impl>(std::move(executor), config, deployment, log, registry)) {}

App::~App() = default;

Result<void> App::start() {
  Impl& app = *x_impl;
  auto first = read_bundle(app.deployment);
  if (first.has_error()) return first.error();
  app.first = *std::move(first);
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
  auto member = app.log.join("triage", topics::kEvents, app.deployment.name + "-triage",
                             {[&app](PartitionId partition) { app.assigned(partition); },
                              [&app](PartitionId partition) { app.revoked(partition); }});
  if (member.has_error()) return member.error();
  app.membership = *std::move(member);
  app.joined_promise.set_value(app.membership.get());
  return {};
}

void App::stop() {
  Impl& app = *x_impl;
  if (!app.membership) {
    if (app.joined.wait_for(std::chrono::seconds(0)) != std::future_status::ready) app.joined_promise.set_value(nullptr);
  }
  std::vector<PartitionId> partitions;
  {
    const std::lock_guard lock(app.mutex);
    for (const auto& [partition, one] : app.running) partitions.push_back(partition);
  }
  for (const PartitionId partition : partitions) app.revoked(partition);
  app.membership.reset();
  if (app.bundles) app.bundles->stop();
  app.pool.join();
}

bool App::ready() const { return not_ready_because().empty(); }

std::string App::not_ready_because() const {
  const std::lock_guard lock(x_impl->mutex);
  if (x_impl->running.empty()) return "no partition is assigned to this process yet";
  for (const auto& [partition, one] : x_impl->running) {
    const auto status = one.runner->status();
    const std::string name = "partition " + std::to_string(partition.value());
    if (status.phase != Phase::Running) return name + " is " + std::string(name_of(status.phase)) + ": " + status.message;
    if (!status.message.empty()) return name + ": " + status.message;
    if (status.bundle.empty()) return name + " has no active bundle yet";
  }
  return {};
}

}  // namespace ioc::triage_service
