// Operators' commands as records (DESIGN D11): id first (a repeat yields the first result again), then version, then what
// it asks for. Each command has one durable result.
#pragma once

#include "libs/domain/command.h"
#include "libs/domain/record.h"
#include "libs/triage/context.h"

namespace ioc::triage {

void run_command(Context& context, const Command& command);

// What one kind of command does. `detail` empty: applied; else why it is refused.
struct Outcome {
  std::string detail;
  std::vector<IncidentId> created;
};
Outcome split(Context& context, OpenIncident& from, const Command& command);
// `child` into command.into, of the same area.
Outcome merge(Context& context, OpenIncident& child, const Command& command);
// `named` out of the one it is merged into; or out of `named` the one in command.into, else the newest.
Outcome unmerge(Context& context, OpenIncident& named, const Command& command);
// To another place; where that is another area's, the incident is closed here and opens there.
Outcome relocate(Context& context, OpenIncident& incident, const Command& command);
// What it is: category with its further ones, severity, danger to life, as far as they are named.
Outcome reclassify(Context& context, OpenIncident& incident, const Command& command);
// A relocation arrives, in parts.
void receive_relocation(Context& context, const Relocation& relocation);

}  // namespace ioc::triage
