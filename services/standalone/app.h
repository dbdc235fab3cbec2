// Ingest, triage and desk in one process on the embedded log.
#pragma once

#include <functional>
#include <string>

#include "services/standalone/settings.h"

namespace ioc::standalone {

// Runs until a signal; returns an exit code (API.md). Starts in the order server, log, triage, ingest, desk, routes,
// demo, so that health is answered from the first moment and rules are active before the first event; stops in reverse.
int run(const Settings& settings);

}  // namespace ioc::standalone
