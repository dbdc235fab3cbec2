#include "services/ioc/commands/key.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "libs/config/identity_key.h"
#include "libs/process/process.h"
#include "services/standalone/settings.h"

namespace ioc::commands {
namespace {

struct Options {
  std::string config, data, file;
};

using Work = Result<config::IdentityKey> (*)(const config::Deployment&, const Options&);

void run(const Options& options, const char* done, Work work, int& exit_code) {
  standalone::Settings settings;
  if (!options.config.empty() && !process::report(config::load(options.config, settings))) {
    exit_code = process::kConfiguration;
    return;
  }
  if (!options.data.empty()) settings.deployment.data = options.data;
  const auto key = work(settings.deployment, options);
  if (key.has_error()) {
    fmt::print(stderr, "{}\n", key.error().message);
    exit_code = process::kConfiguration;
    return;
  }
  fmt::print("{}: {}, fingerprint {}\n", settings.deployment.identity_key_path(), done, config::fingerprint_of(key->bytes));
}

CLI::App* add(CLI::App& parent, const std::shared_ptr<Options>& options, const char* name, const char* help) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("--config", options->config, "Configuration file");
  command->add_option("--data", options->data, "Data folder; overrides deployment.data");
  return command;
}

}  // namespace

void add_key_command(CLI::App& app, int& exit_code) {
  CLI::App* key = app.add_subcommand("key", "The key that event ids depend on: keep a copy of its file");
  key->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* import = add(*key, options, "import", "Put the deployment's key back, from a copy of its file");
  import->add_option("file", options->file, "File with 64 hexadecimal digits")->required();
  import->callback([options, &exit_code] {
    run(*options, "put back", [](const config::Deployment& deployment, const Options& given) { return config::import_identity_key(deployment, given.file); },
        exit_code);
  });
  CLI::App* anew = add(*key, options, "begin-anew",
                       "Make a new key on purpose: what is sent again counts twice, kept payloads and plates seen before are not found");
  anew->callback([options, &exit_code] {
    run(*options, "a new key is in force from the next start; one that was there is beside it as .old",
        [](const config::Deployment& deployment, const Options&) { return config::begin_anew(deployment); }, exit_code);
  });
}

}  // namespace ioc::commands
