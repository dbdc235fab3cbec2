// `ioc simulate` and `ioc replay`.
#pragma once

namespace CLI {
class App;
}

namespace ioc::simulator {

void add_command(CLI::App& app, int& exit_code);

}  // namespace ioc::simulator
