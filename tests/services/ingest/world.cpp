#include "tests/services/ingest/world.h"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <future>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/configured_bundle.h"

namespace ioc::ingest {

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "ioc-ingest-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  path = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

const Danger& shipped_danger() {
  static const Danger danger = [] {
    const config::Deployment shipped;
    auto bundle = triage::configured_bundle(shipped.bundle_path(), shipped.units_path());
    REQUIRE(bundle.has_value());
    return Danger(std::move(bundle->compiled));
  }();
  return danger;
}

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

std::string Answer::text(std::string_view key) const {
  const auto* object = body.if_object();
  const auto* value = object == nullptr ? nullptr : object->if_contains(key);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : boost::json::serialize(*value);
}

std::string Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

World::World(Config config_in, bool with_topics, bool with_log) : config(std::move(config_in)) {
  deployment.data = folder.path;
  if (with_topics) {
    log.add_topic(std::string(topics::kEvents));
    log.add_topic(std::string(topics::kDeadLetters));
    log.add_topic(std::string(topics::kBundles));
  }
  auto opened = accounts::Accounts::open(folder.path + "/accounts.yaml");
  REQUIRE(opened.has_value());
  accounts = std::move(*opened);
  std::vector<std::string> all;
  for (const Feed feed : kFeeds) all.push_back("source:" + std::string(name_of(feed)));
  feeds_token = token("feeds", all);
  admin_token = token("boss", {"admin"});
  app = std::make_unique<App>(context.get_executor(), config, deployment, std::string(32, 'k'), *accounts, registry);
  app->add_routes(router);
  if (with_log) REQUIRE(app->start(log).has_value());
  http::ServerConfig server_config;
  server_config.listen = "127.0.0.1:0";
  server = std::make_unique<http::Server>(context.get_executor(), server_config, router, nullptr, [this](const http::Request& head) {
    return accounts->by_bearer(head.header("authorization")).has_value();
  });
  const auto started = server->start();
  REQUIRE(started.has_value());
  port = *started;
  for (int i = 0; i < 2; ++i) {
    x_threads.emplace_back([this] {
      const auto work = boost::asio::make_work_guard(context);
      context.run();
    });
  }
  if (with_topics && with_log) REQUIRE(eventually([this] { return app->ready(); }));
}

World::~World() {
  auto stopped = std::make_shared<std::promise<void>>();
  server->stop([stopped] { stopped->set_value(); });
  stopped->get_future().wait_for(std::chrono::seconds(30));
  app->stop();
  context.stop();
  x_threads.clear();
  server.reset();
  app.reset();
}

std::string World::token(const std::string& name, const std::vector<std::string>& roles) {
  std::vector<accounts::Role> list;
  for (const auto& role : roles) list.push_back(accounts::role_named(role).value());
  auto made = accounts->add_token(name, list);
  REQUIRE(made.has_value());
  return *made;
}

namespace {
Answer answer_of(const Result<http::ClientResponse>& got) {
  if (got.has_error()) FAIL(got.error().message);
  Answer out;
  out.status = got->status;
  out.headers = got->headers;
  boost::json::error_code ignored;
  out.body = boost::json::parse(got->body, ignored);
  return out;
}
}  // namespace

Answer World::post(const std::string& path, std::string_view body, const std::string& token, const std::string& type) {
  http::Client client("http://127.0.0.1:" + std::to_string(port));
  client.set_token(token);
  return answer_of(client.request("POST", path, body, {{"Content-Type", type}}));
}

Answer World::get(const std::string& path, const std::string& token) {
  http::Client client("http://127.0.0.1:" + std::to_string(port));
  client.set_token(token);
  return answer_of(client.request("GET", path));
}

std::vector<Event> World::events() const {
  std::vector<Event> out;
  for (const auto& stored : log.stored(std::string(topics::kEvents))) {
    const auto record = wire::decode_record(stored.value);
    REQUIRE(record.has_value());
    out.push_back(std::get<Event>(*record));
  }
  return out;
}

std::vector<DeadLetter> World::dead_letters() const {
  std::vector<DeadLetter> out;
  for (const auto& stored : log.stored(std::string(topics::kDeadLetters))) {
    const auto letter = wire::decode_dead_letter(stored.value);
    REQUIRE(letter.has_value());
    out.push_back(*letter);
  }
  return out;
}

}  // namespace ioc::ingest
