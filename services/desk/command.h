// `ioc desk`: the desk as a process of its own.
#pragma once

namespace CLI {
class App;
}

namespace ioc::desk {

void add_command(CLI::App& app, int& exit_code);

}  // namespace ioc::desk
