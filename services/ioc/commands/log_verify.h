// `ioc log verify`: reads a whole embedded log and names what is wrong with it.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_log_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
