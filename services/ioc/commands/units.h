// `ioc units check | grid`: administrative units before a bundle takes them.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_units_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
