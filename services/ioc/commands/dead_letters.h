// `ioc dead-letters list | show | replay`: what was refused and why, and once more through the same path.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_dead_letters_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
