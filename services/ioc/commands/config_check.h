// `ioc config check`: every mistake of a configuration file and of the bundle it names, at once.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_config(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
