// `ioc state checkpoint | restore | verify | rebuild`.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_state_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
