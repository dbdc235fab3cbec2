#include "libs/triage/stages/earlier.h"

#include "libs/triage/memory/open_incident.h"
#include "libs/triage/merged.h"

namespace ioc::triage {

OpenIncident* incident_followed(Context& context, const Event& event) {
  const auto* report = std::get_if<CitizenReport>(&event.body);
  if (!report || report->follows.empty()) return nullptr;
  const auto earlier = context.objects.find(event.source, ObjectId(report->follows));
  OpenIncident* holder = earlier && !earlier->away ? context.book.find(earlier->incident) : nullptr;
  return holder ? &top_of(context, *holder) : nullptr;
}

}  // namespace ioc::triage
