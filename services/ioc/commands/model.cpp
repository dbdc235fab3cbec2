#include "services/ioc/commands/model.h"

#include <CLI/CLI.hpp>

#include "services/ioc/commands/evaluate_categories.h"
#include "services/ioc/commands/evaluate_duplicates.h"
#include "services/ioc/commands/model_categories.h"
#include "services/ioc/commands/model_duplicates.h"
#include "services/ioc/commands/model_export.h"

namespace ioc::commands {

void add_model_command(CLI::App& app, int& exit_code) {
  CLI::App* model = app.add_subcommand("model", "Train what the bundle decides with");
  model->require_subcommand(1);
  add_model_categories(*model, exit_code);
  add_model_duplicates(*model, exit_code);
  add_export_corrections(*model, exit_code);
  add_export_duplicates(*model, exit_code);
}

void add_evaluate_command(CLI::App& app, int& exit_code) {
  CLI::App* evaluate = app.add_subcommand("evaluate", "Play a labelled file through the real stages and count what is right");
  evaluate->require_subcommand(1);
  add_evaluate_duplicates(*evaluate, exit_code);
  add_evaluate_categories(*evaluate, exit_code);
}

}  // namespace ioc::commands
