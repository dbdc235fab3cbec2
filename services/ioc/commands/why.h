// `ioc why`: every decision about an incident, for people to read.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace CLI {
class App;
}

namespace ioc::commands {

void add_why_command(CLI::App& app, int& exit_code);

// The text that is printed for the desk's answer to GET /v1/incidents/{id}/decisions.
std::string describe_decisions(const boost::json::value& answer);

}  // namespace ioc::commands
