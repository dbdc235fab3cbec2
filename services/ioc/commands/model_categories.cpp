#include "services/ioc/commands/model_categories.h"

#include <CLI/CLI.hpp>

namespace ioc::commands {

void add_model_categories(CLI::App& /*group*/, int& /*exit_code*/) {}

}  // namespace ioc::commands
