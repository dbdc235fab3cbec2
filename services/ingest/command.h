// `ioc ingest`: feeds in over HTTP and raw topics, events out to Kafka. One process of several.
#pragma once

namespace CLI {
class App;
}

namespace ioc::ingest {

void add_command(CLI::App& app, int& exit_code);

}  // namespace ioc::ingest
