// A desk with its server on a free port, on an embedded log in a temporary folder, and beside it a triage of a few lines:
// each report opens an incident, commands are applied to it.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libs/accounts/accounts.h"
#include "libs/http/client.h"
#include "libs/http/http.h"
#include "libs/log/open.h"
#include "services/desk/app.h"
#include "tests/services/desk/samples.h"

namespace ioc::desk::test {

class LittleTriage {
 public:
  explicit LittleTriage(log::Log& log);
  ~LittleTriage();
  void hold(bool held);  // while held, nothing is decided

 private:
  void run();
  void decide(const log::Entry& entry);
  void open(const Event& event, Offset offset);
  void obey(const Command& command, Offset offset);
  void write(std::string_view topic, std::string key, std::string value);

  log::Log& x_log;
  std::unique_ptr<log::Reader> x_reader;
  std::map<IncidentId, Incident> x_incidents;
  std::map<CommandId, CommandResult> x_results;
  std::uint64_t x_number = 0;
  std::mutex x_mutex;
  std::condition_variable x_wake;
  bool x_stop = false, x_held = false, x_ready = true;
  std::thread x_thread;
};

// What the log keeps; by default everything.
struct Kept {
  log::Settings log;
  std::uint64_t feed_bytes = 0;  // of each subscriber's feed
  Millis feed_time{0};
};

class Desk {
 public:
  explicit Desk(const std::function<void(Config&)>& change = {}, const Kept& kept = {});
  ~Desk();

  [[nodiscard]] std::string token(const std::string& name, std::initializer_list<const char*> roles);
  [[nodiscard]] std::string password(const std::string& name, std::initializer_list<const char*> roles);
  // A person who has chosen a password already.
  void person(const std::string& name, const std::string& password, std::initializer_list<const char*> roles);
  void revoke(const std::string& name);
  [[nodiscard]] http::Client client(const std::string& token = {}) const;
  [[nodiscard]] std::string url() const;

  // Appends and waits until durable.
  void append(std::string_view topic, std::string key, std::string value);
  // Appends a report; returns the incident that it opens.
  IncidentId send(const Event& event);
  // Until the desk shows the incident.
  void await(const IncidentId& id);

  LittleTriage& triage() { return *x_triage; }
  log::Log& log() { return *x_log; }
  accounts::Accounts& accounts() { return *x_accounts; }
  [[nodiscard]] const std::string& folder() const { return x_folder.path(); }
  // The value of a metric without labels, or with them as written in the exposition.
  [[nodiscard]] std::optional<double> metric(const std::string& name) const;
  const http::Router& router() const { return x_router; }
  // Stops the desk and starts another one on the same data (and no view, when it is to be lost).
  void restart(bool lose_view = false);
  void stop_desk();
  App& app() { return *x_app; }

 private:
  void start_desk();

  Folder x_folder;
  Config x_config;
  config::Deployment x_deployment;
  std::unique_ptr<log::Log> x_log;
  std::unique_ptr<LittleTriage> x_triage;
  std::unique_ptr<accounts::Accounts> x_accounts;
  std::unique_ptr<metrics::Registry> x_registry;
  std::unique_ptr<App> x_app;
  http::Router x_router;
  std::unique_ptr<boost::asio::io_context> x_io;
  std::unique_ptr<http::Server> x_server;
  std::vector<std::thread> x_threads;
  std::uint16_t x_port = 0;
  std::string x_watcher;
};

// Logs in; the session's cookie. `status`: what is expected.
std::string log_in(http::Client& client, const std::string& name, const std::string& password, unsigned status = 200);
http::ClientResponse with_cookie(http::Client& client, const std::string& cookie, const char* method, const std::string& target,
                                 const std::string& body = {});

bool eventually(const std::function<bool()>& holds);
boost::json::value parsed(const http::ClientResponse& response);
http::ClientResponse get(http::Client& client, const std::string& target);
http::ClientResponse post(http::Client& client, const std::string& target, const boost::json::value& body,
                          const http::Headers& headers = {});

// One Server-Sent Event.
struct SseEvent {
  std::string event, id, data;
  [[nodiscard]] boost::json::value json() const;
};
// Follows until `take` returns false; then the connection is closed.
void follow(http::Client client, const std::string& target, const std::string& last_id,
            const std::function<bool(const SseEvent&)>& take);

}  // namespace ioc::desk::test
