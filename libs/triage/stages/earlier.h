#pragma once

#include "libs/domain/event.h"
#include "libs/triage/context.h"

namespace ioc::triage {

// The incident, as people see it, of the report that the sender says this one follows; nullptr: none is named, or it is not
// known here.
OpenIncident* incident_followed(Context& context, const Event& event);

}  // namespace ioc::triage
