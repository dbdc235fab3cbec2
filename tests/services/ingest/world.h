// Ingest with its real parts (store, accounts, HTTP) around a log in memory.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "libs/accounts/accounts.h"
#include "libs/http/client.h"
#include "libs/http/http.h"
#include "libs/metrics/metrics.h"
#include "services/ingest/app.h"
#include "services/ingest/intake.h"
#include "tests/services/ingest/memory_log.h"

namespace ioc::ingest {

class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  std::string path;
};

// Judges by the bundle that comes with the program; compiled once.
const Danger& shipped_danger();

bool eventually(const std::function<bool()>& condition);

struct Answer {
  unsigned status = 0;
  boost::json::value body;
  http::Headers headers;
  [[nodiscard]] std::string text(std::string_view key) const;
  [[nodiscard]] std::string header(std::string_view name) const;
};

class World {
 public:
  explicit World(Config config = {}, bool with_topics = true, bool with_log = true);
  ~World();

  Answer post(const std::string& path, std::string_view body, const std::string& token,
              const std::string& type = "application/json");
  Answer get(const std::string& path, const std::string& token);
  std::string token(const std::string& name, const std::vector<std::string>& roles);
  std::vector<Event> events() const;
  std::vector<DeadLetter> dead_letters() const;

  TemporaryFolder folder;
  Config config;
  config::Deployment deployment;
  MemoryLog log;
  metrics::Registry registry;
  std::unique_ptr<accounts::Accounts> accounts;
  std::string feeds_token, admin_token;  // all feeds; admin
  boost::asio::io_context context;
  http::Router router;
  std::unique_ptr<App> app;
  std::unique_ptr<http::Server> server;
  std::uint16_t port = 0;

 private:
  std::vector<std::jthread> x_threads;
};

}  // namespace ioc::ingest
