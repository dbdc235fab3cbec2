// `ioc bundle build | try | activate`: the rules in force, as files, before and after they are in the log (DESIGN D1).
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_bundle_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
