// `ioc why`: every decision about an incident, for people to read.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>

namespace CLI {
class App;
}

namespace ioc::commands {

void add_why_command(CLI::App& app, int& exit_code);

// Names of sub-kinds by "category/code".
using SubKindNames = std::map<std::string, std::string>;

// The text that is printed for the desk's answer to GET /v1/incidents/{id}/decisions.
std::string describe_decisions(const boost::json::value& answer, const SubKindNames& names = {});

}  // namespace ioc::commands
