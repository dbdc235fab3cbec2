// `ioc model …` trains what the bundle decides with; `ioc evaluate …` measures it through the real stages.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_model_command(CLI::App& app, int& exit_code);
void add_evaluate_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
