// `ioc key`: the deployment's identity key (libs/config/identity_key.h).
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_key_command(CLI::App& app, int& exit_code);

}  // namespace ioc::commands
