// The one executable: each sub-command is declared by the folder it belongs to.
#include <CLI/CLI.hpp>
#include <string>

#include "libs/metrics/build_info.h"
#include "libs/process/exit_code.h"
#include "services/desk/command.h"
#include "services/ingest/command.h"
#include "services/ioc/commands/bundle.h"
#include "services/ioc/commands/config_check.h"
#include "services/ioc/commands/dead_letters.h"
#include "services/ioc/commands/key.h"
#include "services/ioc/commands/log_verify.h"
#include "services/ioc/commands/model.h"
#include "services/ioc/commands/skip.h"
#include "services/ioc/commands/state.h"
#include "services/ioc/commands/token.h"
#include "services/ioc/commands/units.h"
#include "services/ioc/commands/why.h"
#include "services/simulator/command.h"
#include "services/standalone/command.h"
#include "services/triage/command.h"

namespace {

void add_version(CLI::App& app) {
  app.set_version_flag("--version", std::string("ioc ") + ioc::metrics::kVersion + " (" + ioc::metrics::kCommit + ")");
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) add_version(*command);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Intelligent Operations Center: from feeds to the wall"};
  app.require_subcommand(1);
  int exit_code = 0;
  ioc::standalone::add_command(app, exit_code);
  ioc::ingest::add_command(app, exit_code);
  ioc::triage_service::add_command(app, exit_code);
  ioc::desk::add_command(app, exit_code);
  ioc::simulator::add_command(app, exit_code);
  ioc::commands::add_bundle_command(app, exit_code);
  ioc::commands::add_why_command(app, exit_code);
  ioc::commands::add_model_command(app, exit_code);
  ioc::commands::add_evaluate_command(app, exit_code);
  ioc::commands::add_token_command(app, exit_code);
  ioc::commands::add_dead_letters_command(app, exit_code);
  ioc::commands::add_config(app, exit_code);
  ioc::commands::add_units_command(app, exit_code);
  ioc::commands::add_key_command(app, exit_code);
  ioc::commands::add_log_command(app, exit_code);
  ioc::commands::add_skip_command(app, exit_code);
  ioc::commands::add_state_command(app, exit_code);
  add_version(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& stopped) {
    return app.exit(stopped) == 0 ? 0 : ioc::process::kUsage;  // help and version end here, too
  }
  return exit_code;
}
