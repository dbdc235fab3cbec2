// Incidents merged into one. Nothing moves: each keeps its members, clocks and subscribers, and what leaves for others is
// the top one with the others folded in. So undoing a merge gives back exactly what was there (DESIGN D8).
#pragma once

#include "libs/domain/output.h"
#include "libs/triage/context.h"

namespace ioc::triage {

// Incidents in one tree, the top one included.
inline constexpr std::size_t kMergedMax = 50;

// The incident that people see it in: itself, unless it is merged.
OpenIncident& top_of(Context& context, OpenIncident& incident);
// Itself, then those merged into it, in order of merging.
std::vector<OpenIncident*> tree_of(Context& context, OpenIncident& incident);
// As others see it: counts, times, danger, subscribers and the next clocks of all that is merged into it.
Incident folded(Context& context, OpenIncident& incident);
// After the state of the top one changed: clocks below stand still while it is not open, and leave memory with it.
void follow_top(Context& context, OpenIncident& top);

// Whom the one on top no longer concerns is told so once.
void tell_left(Context& context, OpenIncident& top, const std::vector<SubscriberId>& before);

// What the citizen is told of his report: the incident that it is seen in, `own` the one that holds it.
ReportStatus status_in(Context& context, OpenIncident& own);

}  // namespace ioc::triage
