// `ioc token add | list | password | revoke`: accounts.yaml without an editor.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_token_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
