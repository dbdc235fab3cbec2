// Ingest alone in a process: composition root of `ioc ingest`.
#pragma once

#include "libs/config/deployment.h"
#include "libs/http/http.h"
#include "libs/log/open.h"
#include "services/ingest/config.h"

namespace ioc::ingest {

struct Settings {
  config::Deployment deployment;
  log::Settings log;
  Config ingest;
  http::ServerConfig server;  // its address is ingest.listen
  void declare(config::Fields& fields) {
    fields.section("deployment", deployment, "what all processes share");
    fields.section("log", log, "where records are kept");
    fields.section("ingest", ingest, "what feeds may send");
    fields.section("http", server, "limits of the HTTP server");
    fields.reserved("triage");
    fields.reserved("desk");
    fields.reserved("standalone");
  }
};

// Until a signal; an exit code (API.md).
int run(const Settings& settings);

}  // namespace ioc::ingest
