// `ioc evaluate duplicates`: a labelled file through the real correlate stage.
#pragma once

namespace CLI {
class App;
}

namespace ioc::commands {

void add_evaluate_duplicates(CLI::App& group, int& exit_code);

}  // namespace ioc::commands
