#include "services/ingest/app.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "libs/domain/topics.h"
#include "libs/triage/configured_bundle.h"
#include "services/ingest/raw_topics.h"
#include "services/ingest/receive.h"
#include "services/ingest/review.h"

namespace ioc::ingest {
namespace {

constexpr std::chrono::milliseconds kAskAgain{500};

}  // namespace

struct App::Impl {
  Impl(const Config& config_in, const config::Deployment& deployment_in, std::string key, accounts::Accounts& accounts, metrics::Registry& registry)
      : config(config_in),
        deployment(deployment_in),
        identity_key(std::move(key)),
        metrics(registry),
        receive(config, accounts, metrics, [this] { return ready() ? intake.get() : nullptr; }, [this] { return why_not(); }),
        review(config, accounts, metrics, [this] { return ready() ? Running{intake.get(), store.get(), dead_letters.get()} : Running{}; }) {
    registry.on_scrape([alive = std::weak_ptr<Impl*>(alive)] {
      if (const auto self = alive.lock(); self && (*self)->opened) (*self)->metrics.protected_disk_bytes.set(static_cast<double>((*self)->store->disk_bytes()));
    });
  }

  Result<void> start(log::Log& opened_log);
  void stop();
  void wait_for_topics(const std::stop_token& stop);
  // Empty when all is there.
  std::string missing();
  std::string follow_bundles();
  [[nodiscard]] bool ready() const { return topics_exist && !stopping; }
  [[nodiscard]] std::string why_not() const;

  const Config& config;
  const config::Deployment& deployment;
  std::string identity_key;
  log::Log* log = nullptr;  // from start() on
  Metrics metrics;
  std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);
  std::unique_ptr<ProtectedStore> store;
  std::unique_ptr<Danger> danger;
  std::unique_ptr<BundleFollower> bundles;
  std::unique_ptr<Intake> intake;
  std::unique_ptr<DeadLetters> dead_letters;
  Receive receive;
  Review review;
  std::unique_ptr<RawTopics> raw;
  std::atomic<bool> opened{false}, topics_exist{false}, stopping{false};
  mutable std::mutex mutex;  // guards `because`
  std::string because = "the log is not connected";
  std::jthread waiting;
};

Result<void> App::Impl::start(log::Log& opened_log) {
  if (opened) return {};
  log = &opened_log;
  auto made = ProtectedStore::open(deployment.data + "/protected", config.protected_store, metrics);
  if (made.has_error()) return made.error();
  store = std::move(*made);
  auto bundle = triage::configured_bundle(deployment.bundle_path(), deployment.units_path());
  if (bundle.has_error()) return bundle.error();
  danger = std::make_unique<Danger>(std::move(bundle->compiled));
  intake = std::make_unique<Intake>(config, deployment, identity_key, *log, *store, metrics, *danger);
  dead_letters = std::make_unique<DeadLetters>(*log, config.dead_letters_scanned_max);
  opened = true;
  waiting = std::jthread([this](const std::stop_token& stop) { wait_for_topics(stop); });
  return {};
}

std::string App::Impl::missing() {
  const std::uint32_t needed = deployment.partitions();
  for (const auto topic : {topics::kEvents, topics::kDeadLetters, topics::kBundles}) {
    const auto partitions = log->partitions_of(topic);
    if (partitions.has_error()) return partitions.error().message;
    if (!partitions->has_value()) return "the topic " + std::string(topic) + " does not exist yet: triage makes it when it starts";
    if (topic != topics::kBundles && **partitions < needed) return "the topic " + std::string(topic) + " has fewer partitions than the areas need";
  }
  return {};
}

// Before the first event: the notice to its sender is judged by the active bundle.
std::string App::Impl::follow_bundles() {
  auto follower = std::make_unique<BundleFollower>(*log, *danger, deployment.partitions());
  if (auto started = follower->start(); started.has_error()) return started.error().message;
  bundles = std::move(follower);
  return {};
}

// Asks until the topics are there: it can take a while until triage has made them, and it blocks.
void App::Impl::wait_for_topics(const std::stop_token& stop) {
  std::mutex sleep_mutex;
  std::condition_variable_any changed;
  while (!stop.stop_requested()) {
    std::string what = missing();
    if (what.empty() && !bundles) what = follow_bundles();
    if (what.empty() && config.raw_topics.enabled && !raw) {
      raw = std::make_unique<RawTopics>(config.raw_topics, "ingest", *log, *intake, *store);
      if (auto started = raw->start(); started.has_error()) {
        what = started.error().message;
        raw.reset();
      }
    }
    {
      const std::lock_guard lock(mutex);
      because = what;
    }
    if (what.empty()) {
      topics_exist = true;
      spdlog::info("ingest_ready");
      return;
    }
    std::unique_lock lock(sleep_mutex);
    changed.wait_for(lock, stop, kAskAgain, [] { return false; });
  }
}

void App::Impl::stop() {
  stopping = true;
  waiting.request_stop();
  if (waiting.joinable()) waiting.join();
  raw.reset();
  if (bundles) bundles->stop();
}

std::string App::Impl::why_not() const {
  if (stopping) return "ingest is stopping";
  if (topics_exist) return intake->not_durable_because();
  const std::lock_guard lock(mutex);
  return because;
}

App::App(boost::asio::any_io_executor, const Config& config, const config::Deployment& deployment,
         std::string identity_key, accounts::Accounts& accounts, metrics::Registry& registry)
    : x_impl(std::make_unique<Impl>(config, deployment, std::move(identity_key), accounts, registry)) {
  for (const auto& kind : unknown_kinds(config, deployment)) spdlog::warn("frigate_kind_unknown detail=\"{}\"", kind);
}

App::~App() {
  x_impl->stop();
  x_impl->review.stop();
}

void App::add_routes(http::Router& router) {
  x_impl->receive.add_routes(router);
  x_impl->review.add_routes(router);
}

Result<void> App::start(log::Log& log) { return x_impl->start(log); }
void App::stop() { x_impl->stop(); }
bool App::ready() const { return x_impl->ready(); }
std::string App::not_ready_because() const { return x_impl->why_not(); }

}  // namespace ioc::ingest
