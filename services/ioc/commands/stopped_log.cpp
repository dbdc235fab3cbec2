#include "services/ioc/commands/stopped_log.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "libs/process/exit_code.h"
#include "libs/process/process.h"

namespace ioc::commands {
namespace {

struct Settings {
  OpenedLog& into;
  void declare(config::Fields& fields) {
    fields.section("deployment", into.deployment, "what all processes share");
    fields.section("log", into.settings, "where records are kept");
    fields.section("triage", into.triage, "the stream core's runtime");
    for (const char* others : {"ingest", "desk", "standalone", "http"}) fields.reserved(others);
  }
};

}  // namespace

void add_log_options(CLI::App& command, LogOptions& options) {
  command.add_option("--data", options.data, "Data folder; overrides deployment.data (default: data)");
  command.add_option("--config", options.config, "Configuration file; without one, all settings have their defaults");
  command.add_option("--bootstrap", options.bootstrap, "Kafka broker, HOST:PORT; overrides log.kafka.bootstrap");
}

std::optional<OpenedLog> open_log(const LogOptions& options, int& exit_code) {
  OpenedLog opened;
  Settings settings{opened};
  exit_code = process::kConfiguration;
  if (!options.config.empty() && !process::report(config::load(options.config, settings))) return std::nullopt;
  if (!options.data.empty()) opened.deployment.data = options.data;
  if (!options.bootstrap.empty()) {
    opened.settings.kind = "kafka";
    opened.settings.kafka.bootstrap = options.bootstrap;
  }
  exit_code = process::kMissing;
  if (opened.settings.kind == "embedded" && !std::filesystem::exists(opened.deployment.data + "/log")) {
    fmt::print(stderr, "there is no log in {}/log: name the data folder with --data, or the configuration with --config\n",
               opened.deployment.data);
    return std::nullopt;
  }
  auto log = log::open(opened.settings, opened.deployment.data);
  if (log.has_error()) {
    fmt::print(stderr, "{}{}\n", log.error().message,
               opened.settings.kind == "embedded" && log.error().kind == ErrorKind::Transient
                   ? "\nThe embedded log belongs to one process: stop ioc, run this command, start it again."
                   : "");
    return std::nullopt;
  }
  opened.log = *std::move(log);
  exit_code = process::kDone;
  return opened;
}

}  // namespace ioc::commands
