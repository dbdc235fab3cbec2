#include "services/ioc/commands/evaluate_categories.h"

#include <CLI/CLI.hpp>

namespace ioc::commands {

void add_evaluate_categories(CLI::App& /*group*/, int& /*exit_code*/) {}

}  // namespace ioc::commands
