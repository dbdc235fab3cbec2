// `ioc model train`, `ioc model corpus`, `ioc model export-corrections`: the category model of the bundle.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_model_categories(CLI::App& group, int& exit_code);

}  // namespace ioc::commands
