#include "services/ioc/commands/config_check.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "libs/process/process.h"
#include "libs/triage/bundle.h"
#include "services/standalone/settings.h"

namespace ioc::commands {
namespace {

std::vector<std::string> bundle_problems(const config::Deployment& deployment) {
  auto files = triage::read_bundle(deployment.bundle_path(), deployment.units_path());
  if (files.has_error()) return {files.error().message};
  triage::BundleProblems problems;
  const std::string hash = triage::pack(*files).hash;
  if (!triage::compile(hash, *std::move(files), problems) && problems.problems.empty()) {
    problems.problems.push_back("the bundle does not compile");
  }
  return problems.problems;
}

int check(const std::string& path) {
  standalone::Settings settings;
  config::Mistakes mistakes;
  if (!path.empty()) mistakes = config::load(path, settings);
  for (std::string& problem : ingest::contradictions(settings.ingest, settings.deployment)) mistakes.push_back(std::move(problem));
  for (std::string& problem : ingest::unknown_kinds(settings.ingest, settings.deployment)) mistakes.push_back(std::move(problem));
  for (std::string& problem : bundle_problems(settings.deployment)) mistakes.push_back(std::move(problem));
  for (const std::string& mistake : mistakes) std::printf("%s\n", mistake.c_str());
  std::printf("%zu mistake(s); bundle %s, units %s\n", mistakes.size(), settings.deployment.bundle_path().c_str(),
              settings.deployment.units_path().c_str());
  return mistakes.empty() ? process::kDone : process::kConfiguration;
}

}  // namespace

void add_config(CLI::App& app, int& exit_code) {
  CLI::App* config = app.add_subcommand("config", "Configuration files");
  config->require_subcommand(1);
  auto path = std::make_shared<std::string>();
  CLI::App* one = config->add_subcommand("check", "List every mistake of a configuration file and of the bundle that it names");
  one->add_option("--config,file", *path, "Configuration file; without one, the defaults and the bundle that came along");
  one->callback([path, &exit_code] { exit_code = check(*path); });
  CLI::App* all = config->add_subcommand("describe", "Print every setting with its default, bounds and meaning, as YAML");
  all->callback([] {
    standalone::Settings settings;
    std::fputs(config::describe([&](config::Fields& fields) { settings.declare(fields); }).c_str(), stdout);
  });
}

}  // namespace ioc::commands
