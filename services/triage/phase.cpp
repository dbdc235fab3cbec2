#include "services/triage/phase.h"

namespace ioc::triage_service {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::Acquiring: return "acquiring";
    case Phase::Loading: return "loading";
    case Phase::CatchingUp: return "catching_up";
    case Phase::Standby: return "standby";
    case Phase::Running: return "running";
    case Phase::Refused: return "refused";
    case Phase::Fenced: return "fenced";
    case Phase::Stopped: return "stopped";
  }
  return "unknown";
}

}  // namespace ioc::triage_service
