#include "services/ingest/command.h"

#include "libs/process/server_command.h"
#include "services/ingest/process.h"

namespace ioc::ingest {

void add_command(CLI::App& app, int& exit_code) {
  process::add_server_command<Settings>(
      app, exit_code, {"ingest", "Take events from feeds and store them before answering", Config{}.listen},
      [](Settings& settings) -> std::string& { return settings.ingest.listen; }, run);
}

}  // namespace ioc::ingest
