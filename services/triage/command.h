// `ioc triage`: the stream core as a process of its own, on a Kafka log.
#pragma once

namespace CLI {
class App;
}

namespace ioc::triage_service {

void add_command(CLI::App& app, int& exit_code);

}  // namespace ioc::triage_service
