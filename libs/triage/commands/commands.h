// Operators' commands as records (DESIGN D11): id first (a repeat yields the first result again), then version, then what
// it asks for. Each command has one durable result.
#pragma once

#include "libs/domain/command.h"
#include "libs/triage/context.h"

namespace ioc::triage {

void run_command(Context& context, const Command& command);

// What one kind of command does. `detail` empty: applied; else why it is refused.
struct Outcome {
  std::string detail;
  std::vector<IncidentId> created;
};
Outcome split(Context& context, OpenIncident& from, const Command& command);

}  // namespace ioc::triage
