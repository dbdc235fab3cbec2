// `ioc evaluate categories`: texts through the real classify stage.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_evaluate_categories(CLI::App& group, int& exit_code);

}  // namespace ioc::commands
