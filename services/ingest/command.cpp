#include "services/ingest/command.h"

#include "libs/process/server_command.h"
#include "services/ingest/process.h"

namespace ioc::ingest {

void add_command(CLI::App& app, int& exit_code) {
  process::add_server_command<Settings>(
      app, exit_code, {"ingest", "Take events from feeds and store them before answering", Config{}.listen,
       "History older than ingest.times.late_days (" + std::to_string(Times{}.late_days) +
           ") keeps its own times from a replay source alone:\na token named in ingest.replay_tokens (\"replay\"), or ingest.sources with replay: true.\n\n"
       "Every token is a source of its own, <feed>/<token>: what two tokens send under one id are two things. Tokens and raw topics of one\n"
       "system are made one source by ingest.sources (ioc config describe)."},
      [](Settings& settings) -> std::string& { return settings.ingest.listen; }, run);
}

}  // namespace ioc::ingest
