// The whole configuration file: one section a component (deploy/config/ioc.yaml).
#pragma once

#include <string>

#include "libs/config/deployment.h"
#include "libs/http/http.h"
#include "libs/log/open.h"
#include "services/desk/config.h"
#include "services/ingest/config.h"
#include "services/triage/config.h"

namespace ioc::standalone {

struct Config {
  std::string listen = "127.0.0.1:8080";
  std::uint64_t threads = 2;

  void declare(config::Fields& fields) {
    fields.address("listen", listen, "address for everything: wall, desk, ingest, health and metrics");
    fields.number("threads", threads, 1, 64, "threads that serve requests and step records");
  }
};

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  ingest::Config ingest;
  triage_service::Config triage;
  desk::Config desk;
  Config standalone;
  http::ServerConfig server;  // its address is standalone.listen

  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    fields.section("ingest", ingest, "what feeds may send");
    fields.section("triage", triage, "the stream core's runtime");
    fields.section("desk", desk, "what operators, walls and subscribers see");
    fields.section("standalone", standalone, "everything in one process");
    fields.section("http", server, "limits of the HTTP server");
  }
};

}  // namespace ioc::standalone
