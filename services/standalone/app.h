// Ingest, triage and desk in one process on the embedded log.
#pragma once

#include <functional>
#include <string>

#include "services/standalone/settings.h"

namespace ioc::standalone {

// Runs until a signal; returns an exit code (API.md). Starts in the order log, triage, ingest, desk, server, demo, so
// that rules are active before the first event, and stops in reverse.
int run(const Settings& settings);

}  // namespace ioc::standalone
