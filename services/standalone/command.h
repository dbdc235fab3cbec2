// `ioc standalone`: everything in one process on the embedded log.
#pragma once

namespace CLI {
class App;
}

namespace ioc::standalone {

void add_command(CLI::App& app, int& exit_code);

}  // namespace ioc::standalone
