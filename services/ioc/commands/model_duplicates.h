// `ioc model train-duplicates`: the duplicates.yaml of the bundle.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_model_duplicates(CLI::App& group, int& exit_code);

}  // namespace ioc::commands
