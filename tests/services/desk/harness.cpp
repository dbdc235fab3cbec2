#include "tests/services/desk/harness.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <future>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"

namespace ioc::desk::test {
namespace {

std::vector<log::TopicConfig> all_topics(const Kept& kept) {
  std::vector<log::TopicConfig> all;
  for (const std::string_view name : {topics::kEvents, topics::kDecisions, topics::kDeadLetters}) all.push_back({std::string(name)});
  for (const std::string_view name : {topics::kIncidents, topics::kReportStatus, topics::kBundles}) {
    all.push_back({std::string(name), 1, true});
  }
  for (const char* id : {"song-cong", "pho-yen"}) {
    all.push_back({topics::subscriber(id), 1, false, kept.feed_time, kept.feed_bytes});
  }
  return all;
}

std::vector<accounts::Role> roles_of(std::initializer_list<const char*> names) {
  std::vector<accounts::Role> roles;
  for (const char* name : names) roles.push_back(*accounts::role_named(name));
  return roles;
}

}  // namespace

LittleTriage::LittleTriage(log::Log& log) : x_log(log) {
  auto reader = log.read(topics::kEvents, PartitionId(0), Offset(0));
  REQUIRE(reader.has_value());
  x_reader = std::move(*reader);
  x_thread = std::thread([this] { run(); });
}

LittleTriage::~LittleTriage() {
  {
    const std::lock_guard lock(x_mutex);
    x_stop = true;
    x_wake.notify_all();
  }
  x_thread.join();
  x_reader->when_ready({});
}

void LittleTriage::hold(bool held) {
  const std::lock_guard lock(x_mutex);
  x_held = held;
  x_wake.notify_all();
}

void LittleTriage::run() {
  for (;;) {
    {
      std::unique_lock lock(x_mutex);
      x_wake.wait(lock, [this] { return x_stop || (x_ready && !x_held); });
      if (x_stop) return;
    }
    const auto batch = x_reader->poll(1, 1 << 20);
    if (!batch) return;
    for (const log::Entry& entry : batch->entries) decide(entry);
    if (!batch->entries.empty()) continue;
    {
      const std::lock_guard lock(x_mutex);
      x_ready = false;
    }
    x_reader->when_ready([this] {
      const std::lock_guard lock(x_mutex);
      x_ready = true;
      x_wake.notify_all();
    });
  }
}

void LittleTriage::write(std::string_view topic, std::string key, std::string value) {
  x_log.append(topic, PartitionId(0), {std::move(key), std::move(value), {}, false}, [](Result<Offset>) {});
}

void LittleTriage::decide(const log::Entry& entry) {
  const auto record = wire::decode_record(entry.value);
  if (!record) return;
  if (const auto* event = std::get_if<Event>(&*record)) open(*event, entry.offset);
  if (const auto* command = std::get_if<Command>(&*record)) obey(*command, entry.offset);
}

void LittleTriage::open(const Event& event, Offset offset) {
  const std::string id = "0-" + event.id.str();
  if (x_incidents.contains(IncidentId(id))) return;
  const auto* body = std::get_if<CitizenReport>(&event.body);
  Incident made = incident(id, event.occurred_at.ms(), body != nullptr ? body->title : "alert");
  made.assignee = "Nguyễn Văn Trực";
  made.address = "Số 12, tổ 5";
  x_incidents[made.id] = made;
  write(topics::kDecisions, id, wire::encode(decision(DecisionKind::Opened, id, event.id.str(), offset.value())));
  write(topics::kIncidents, id, wire::encode(made));
  ReportStatus status;
  status.source = event.source;
  status.report = event.object;
  status.event = event.id;
  status.incident = made.id;
  write(topics::kReportStatus, event.object.str(), wire::encode(status));
  FeedEntry entry{SubscriberId("song-cong"), PartitionId(0), ++x_number, made, LogTime::from_ms(kMorning)};
  write(topics::subscriber("song-cong"), id, wire::encode(entry));
}

void LittleTriage::obey(const Command& command, Offset offset) {
  CommandResult result;
  result.command = command.id;
  result.incident = command.incident;
  const auto known = x_results.find(command.id);
  const auto found = x_incidents.find(command.incident);
  if (known != x_results.end()) {
    result = known->second;
  } else if (found == x_incidents.end()) {
    result.status = CommandStatus::NotFound;
  } else if (found->second.version != command.version) {
    result.status = CommandStatus::StaleVersion;
    result.version = found->second.version;
  } else if (command.kind == CommandKind::Reopen) {
    result.status = CommandStatus::Refused;
    result.detail = "only what is resolved can be reopened";
  } else {
    Incident& one = found->second;
    ++one.version;
    ++one.revision;
    if (command.kind == CommandKind::Acknowledge) {
      one.acknowledged_at = LogTime::from_ms(kMorning);
      one.acknowledged_by = command.actor;
    }
    if (command.kind == CommandKind::Comment) one.summary = command.text;
    if (command.kind == CommandKind::Reclassify) {
      if (command.back_to_triage) {
        one.category = one.overruled->category;
        one.sub_kind = one.overruled->sub_kind;
        one.overruled.reset();
      } else {
        one.overruled = Overruled{command.actor, one.category, one.sub_kind, {}, std::nullopt, std::nullopt, std::nullopt};
        one.category = command.category;
        one.sub_kind = command.sub_kind;
      }
    }
    result.version = one.version;
    write(topics::kIncidents, one.id.str(), wire::encode(one));
  }
  x_results[command.id] = result;
  Decision made = decision(DecisionKind::Command, command.incident.str(), "", offset.value());
  made.feed.reset();
  made.actor = command.actor;
  made.command_result = result;
  write(topics::kDecisions, command.incident.str(), wire::encode(made));
}

Desk::Desk(const std::function<void(Config&)>& change, const Kept& kept) {
  if (change) change(x_config);
  if (x_config.web_dir.empty()) {
    x_config.web_dir = x_folder.path() + "/web";
    std::filesystem::create_directories(x_config.web_dir);
  }
  x_deployment.data = x_folder.path();
  auto log = log::open(kept.log, x_folder.path());
  REQUIRE(log.has_value());
  x_log = std::move(*log);
  const auto topics = all_topics(kept);
  REQUIRE(x_log->ensure_topics(topics).has_value());
  x_triage = std::make_unique<LittleTriage>(*x_log);
  auto known = accounts::Accounts::open(x_deployment.accounts_path());
  REQUIRE(known.has_value());
  x_accounts = std::move(*known);
  x_watcher = token("watcher", {"leader"});
  start_desk();
}

void Desk::start_desk() {
  x_io = std::make_unique<boost::asio::io_context>();
  x_registry = std::make_unique<metrics::Registry>();
  x_app = std::make_unique<App>(x_io->get_executor(), x_config, x_deployment, *x_log, *x_accounts, *x_registry);
  const auto started = x_app->start();
  if (!started) FAIL(started.error().message);
  x_router = http::Router();
  x_app->add_routes(x_router);
  http::ServerConfig config;
  config.listen = "127.0.0.1:0";
  x_server = std::make_unique<http::Server>(x_io->get_executor(), config, x_router, nullptr,
                                            [this](const http::Request& head) { return x_app->knows(head); });
  const auto port = x_server->start();
  REQUIRE(port.has_value());
  x_port = *port;
  for (int i = 0; i < 2; ++i) {
    x_threads.emplace_back([io = x_io.get()] {
      const auto work = boost::asio::make_work_guard(*io);
      io->run();
    });
  }
  REQUIRE(eventually([this] { return x_app->ready(); }));
}

void Desk::stop_desk() {
  if (!x_app) return;
  x_server->stop();
  x_app->stop();
  x_io->stop();
  for (std::thread& thread : x_threads) thread.join();
  x_threads.clear();
  x_server.reset();
  x_io.reset();
  x_app.reset();
}

Desk::~Desk() { stop_desk(); }

void Desk::restart(bool lose_view) {
  stop_desk();
  if (lose_view) std::filesystem::remove_all(x_folder.path() + "/desk/view");
  start_desk();
}

std::string Desk::token(const std::string& name, std::initializer_list<const char*> roles) {
  auto token = x_accounts->add_token(name, roles_of(roles));
  REQUIRE(token.has_value());
  return *token;
}

std::string Desk::password(const std::string& name, std::initializer_list<const char*> roles) {
  auto password = x_accounts->add_person(name, roles_of(roles));
  REQUIRE(password.has_value());
  return *password;
}

void Desk::person(const std::string& name, const std::string& password, std::initializer_list<const char*> roles) {
  REQUIRE(x_accounts->add_person(name, roles_of(roles)).has_value());
  REQUIRE(x_accounts->set_password(name, password).has_value());
}

std::optional<double> Desk::metric(const std::string& name) const {
  const std::string text = "\n" + x_registry->expose();
  const auto at = text.find("\n" + name + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(text.c_str() + at + name.size() + 2, nullptr);
}

void Desk::revoke(const std::string& name) { REQUIRE(x_accounts->revoke(name).has_value()); }

std::string Desk::url() const { return "http://127.0.0.1:" + std::to_string(x_port); }

http::Client Desk::client(const std::string& token) const {
  http::Client made(url());
  if (!token.empty()) made.set_token(token);
  return made;
}

void Desk::append(std::string_view topic, std::string key, std::string value) {
  std::promise<bool> done;
  x_log->append(topic, PartitionId(0), {std::move(key), std::move(value), {}, false},
                [&done](Result<Offset> result) { done.set_value(result.has_value()); });
  REQUIRE(done.get_future().get());
}

IncidentId Desk::send(const Event& event) {
  append(topics::kEvents, event.source.str(), wire::encode(Record(event)));
  return IncidentId("0-" + event.id.str());
}

void Desk::await(const IncidentId& id) {
  http::Client reader = client(x_watcher);
  REQUIRE(eventually([&] { return get(reader, "/v1/incidents/" + id.str()).status == 200; }));
}

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return holds();
}

boost::json::value parsed(const http::ClientResponse& response) {
  boost::system::error_code error;
  auto value = boost::json::parse(response.body, error);
  INFO(response.body);
  REQUIRE_FALSE(error);
  return value;
}

http::ClientResponse get(http::Client& client, const std::string& target) {
  auto response = client.request("GET", target);
  if (!response) FAIL(response.error().message);
  return std::move(*response);
}

http::ClientResponse post(http::Client& client, const std::string& target, const boost::json::value& body,
                          const http::Headers& headers) {
  http::Headers all = headers;
  all.emplace_back("content-type", "application/json");
  auto response = client.request("POST", target, boost::json::serialize(body), all);
  if (!response) FAIL(response.error().message);
  return std::move(*response);
}

std::string log_in(http::Client& client, const std::string& name, const std::string& password, unsigned status) {
  const auto answer = post(client, "/v1/session", boost::json::object{{"name", name}, {"password", password}});
  CHECK(answer.status == status);
  for (const auto& [header, value] : answer.headers) {
    if (header == "set-cookie") return value.substr(0, value.find(';'));
  }
  return {};
}

http::ClientResponse with_cookie(http::Client& client, const std::string& cookie, const char* method, const std::string& target,
                                 const std::string& body) {
  auto answer = client.request(method, target, body, {{"Cookie", cookie}, {"Content-Type", "application/json"}});
  if (!answer) FAIL(answer.error().message);
  return std::move(*answer);
}

boost::json::value SseEvent::json() const { return boost::json::parse(data); }

void follow(http::Client client, const std::string& target, const std::string& last_id,
            const std::function<bool(const SseEvent&)>& take) {
  http::Headers headers;
  if (!last_id.empty()) headers.emplace_back("Last-Event-ID", last_id);
  SseEvent held;
  const auto status = client.lines(target, headers, [&](std::string_view line) {
    if (line.starts_with("event: ")) held.event = line.substr(7);
    if (line.starts_with("id: ")) held.id = line.substr(4);
    if (line.starts_with("data: ")) held.data = line.substr(6);
    if (!line.empty() || held.event.empty()) return true;
    const SseEvent whole = std::move(held);
    held = {};
    return take(whole);
  });
  if (!status) FAIL(status.error().message);
  REQUIRE(*status == 200);
}

}  // namespace ioc::desk::test
