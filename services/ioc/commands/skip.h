// `ioc skip PARTITION OFFSET --reason TEXT`.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_skip_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
