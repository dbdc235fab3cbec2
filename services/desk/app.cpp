#include "services/desk/app.h"

#include <spdlog/spdlog.h>

#include <filesystem>

#include "libs/domain/topics.h"
#include "services/desk/api/context.h"
#include "services/desk/api/json.h"
#include "services/desk/api/standing.h"
#include "services/desk/pages/pages.h"
#include "services/desk/stream/sse.h"
#include "services/desk/view/follower.h"

namespace ioc::desk {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kStopWait{5'000};  // within process::kStopAtMost

auth::SessionLimits session_limits(const Config& config) {
  return {config.sessions_max, config.session_idle, config.session_age_max, config.kiosk_age_max, config.kiosk_link_age_max};
}

}  // namespace

struct App::Parts {
  Parts(const Config& config_in, const config::Deployment& deployment_in, log::Log& log_in,
        accounts::Accounts& accounts_in, metrics::Registry& registry_in)
      : config(config_in), deployment(deployment_in), log(log_in), accounts(accounts_in), registry(registry_in),
        metrics(registry_in) {}

  Result<void> open();
  Result<void> open_pages();
  void measure();

  const Config& config;
  const config::Deployment& deployment;
  log::Log& log;
  accounts::Accounts& accounts;
  metrics::Registry& registry;
  Metrics metrics;
  reference::Current reference;
  pages::Files files;

  // In this order; torn down in reverse.
  std::unique_ptr<store::Store> store;
  std::unique_ptr<auth::Sessions> sessions;
  std::unique_ptr<view::Tables> tables;
  std::unique_ptr<view::Live> live;
  std::unique_ptr<api::Standing> standing;
  std::unique_ptr<auth::Gate> gate;
  std::unique_ptr<auth::Login> login;
  std::unique_ptr<api::Context> context;
  std::unique_ptr<view::Follower> follower;
  const std::shared_ptr<api::InFlight> in_flight = std::make_shared<api::InFlight>();
  std::atomic<bool> running{false};
};

App::App(boost::asio::any_io_executor, const Config& config, const config::Deployment& deployment, log::Log& log,
         accounts::Accounts& accounts, metrics::Registry& registry)
    : x_parts(std::make_unique<Parts>(config, deployment, log, accounts, registry)) {}

App::~App() { stop(); }

Result<void> App::Parts::open_pages() {
  const std::string folder = config.web_dir.empty() ? pages::default_folder() : config.web_dir;
  auto read = pages::read_folder(folder);
  // The API works without pages; whoever opens one is told.
  if (!read && config.web_dir.empty()) {
    spdlog::warn("desk: no pages: {}", read.error().message);
    return {};
  }
  if (!read) return read.error();
  files = std::move(*read);
  spdlog::info("desk: pages read folder={} files={}", folder, files.size());
  return {};
}

Result<void> App::Parts::open() {
  const std::string folder = deployment.data + "/desk";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return permanent("cannot create " + folder + ": " + error.message());
  const auto partitions = log.partitions_of(topics::kEvents);
  if (!partitions) return partitions.error();
  if (!*partitions) return transient("topic " + std::string(topics::kEvents) + " is not there; start triage, it creates the topics");
  if (auto read = open_pages(); !read) return read.error();
  store::Options options;
  options.families = view::family_names();
  options.cache_bytes = config.view_cache_bytes;
  options.memtable_bytes = config.view_memtable_bytes;
  auto opened = store::Store::open(folder + "/view", options);
  if (!opened && opened.error().kind == ErrorKind::Corrupt) {
    spdlog::warn("desk: the view is damaged and is built again from the log: {}", opened.error().message);
    std::filesystem::remove_all(folder + "/view", error);
    opened = store::Store::open(folder + "/view", options);
  }
  if (!opened) return opened.error();
  auto kept = auth::Sessions::open(folder + "/sessions", session_limits(config));
  if (!kept) return kept.error();
  store = std::move(*opened);
  sessions = std::move(*kept);
  tables = std::make_unique<view::Tables>(*store, config.scan_rows_max);
  live = std::make_unique<view::Live>(log.id(), **partitions, config.things_max);
  standing = std::make_unique<api::Standing>(*live, reference, config);
  gate = std::make_unique<auth::Gate>(accounts, *sessions);
  login = std::make_unique<auth::Login>(accounts, *sessions, config, metrics, deployment.data);
  context.reset(new api::Context{config, log, *live, *tables, reference, *gate, *sessions, *login, metrics, deployment.demo, **partitions});
  return {};
}

Result<void> App::start() {
  Parts& parts = *x_parts;
  if (auto opened = parts.open(); !opened) {
    stop();
    return opened.error();
  }
  view::FollowerLimits limits;
  limits.publish_interval = parts.config.publish_interval;
  limits.events_age_max = parts.config.events_age_max;
  limits.things_max = parts.config.things_max;
  const view::Publishing publishing{
      [&parts](const Incident& incident, stream::Audience audience) {
        return http::serialize(api::to_json(incident, *parts.reference.get(), audience));
      },
      [&parts] { return parts.standing->changed(); },
      [&parts] {
        std::string text;
        stream::add_event(text, "clock", http::serialize(api::clock_json(*parts.context, wall_now())));
        return api::Standing::for_all(std::move(text));
      },
      [&parts] { parts.measure(); }};
  parts.follower = std::make_unique<view::Follower>(parts.log, *parts.store, *parts.tables, *parts.live, parts.reference,
                                                    limits, publishing, parts.metrics);
  if (auto started = parts.follower->start(); !started) {
    stop();
    return started.error();
  }
  parts.running = true;
  parts.in_flight->open();
  return {};
}

void App::stop() {
  Parts& parts = *x_parts;
  parts.running = false;
  if (parts.follower) parts.follower->stop();  // ends the streams
  if (!parts.in_flight->close(kStopWait)) spdlog::error("desk: requests still ran {} s after the stop", kStopWait.count() / 1000);
  if (parts.login) parts.login->stop();
  parts.follower.reset();
  parts.context.reset();
  parts.login.reset();
  parts.gate.reset();
  parts.standing.reset();
  parts.live.reset();
  parts.tables.reset();
  parts.sessions.reset();
  parts.store.reset();
}

bool App::knows(const http::Request& head) const {
  const api::InFlight::Token token = x_parts->in_flight->enter();
  return token && x_parts->gate->caller(head).has_value();
}

bool App::ready() const { return x_parts->running && x_parts->follower->caught_up(); }

std::string App::not_ready_because() const {
  if (!x_parts->running) return "the desk is not running";
  return x_parts->follower->caught_up() ? "" : "the desk's view is being built: " + x_parts->follower->progress();
}

// On the follower's thread, each second; not while scraping, when the parts may be on their way out.
void App::Parts::measure() {
  metrics.stream_clients.set(static_cast<double>(live->client_count()));
  metrics.view_disk.set(static_cast<double>(store->disk_bytes()));
  const WallTime now = wall_now();
  if (const auto data_at = live->data_at()) metrics.view_age_seconds.set(static_cast<double>(now.ms() - data_at->ms()) / 1000.0);
  static constexpr Severity kSeverities[] = {Severity::Critical, Severity::High, Severity::Medium, Severity::Info};
  for (const view::QueueFigures& queue : live->queues(now)) {
    for (const Severity severity : kSeverities) {
      registry.gauge("ioc_desk_open_incidents", "Open incidents by queue and severity",
                     {{"queue", queue.queue.str()}, {"severity", std::string(name_of(severity))}})
          .set(static_cast<double>(queue.by_severity[static_cast<std::size_t>(severity) - 1]));
    }
  }
  for (const view::FeedFigures& feed : live->feeds(now)) {
    if (!feed.last_event_at) continue;
    registry.gauge("ioc_desk_feed_silent_seconds", "Time since the log took the feed's last event", {{"feed", std::string(name_of(feed.feed))}})
        .set(static_cast<double>(now.ms() - feed.last_event_at->ms()) / 1000.0);
  }
}

void App::add_routes(http::Router& router) {
  Parts& parts = *x_parts;
  api::Routes routes(router, parts.in_flight);
  api::add_incident_routes(routes, *parts.context);
  api::add_command_routes(routes, *parts.context);
  api::add_list_routes(routes, *parts.context);
  api::add_stream_route(routes, *parts.context);
  api::add_subscription_route(routes, *parts.context);
  api::add_session_routes(routes, *parts.context);
  api::add_document_route(routes);
  pages::add_routes(routes, parts.files, *parts.gate);
}

}  // namespace ioc::desk
