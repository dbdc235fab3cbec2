// A checkpoint of what a partition left on this disk, when its runner is gone: at a clean shutdown, and by the command line.
#pragma once

#include "libs/log/log.h"
#include "libs/metrics/metrics.h"
#include "services/triage/config.h"
#include "services/triage/scheduler.h"
#include "services/triage/state_store.h"

namespace ioc::triage_service {

// Blocks until it is written, failed or `longest` has passed; not on the scheduler's threads. False: not written.
bool write_last_checkpoint(PartitionId partition, log::Log& log, StateStore& store, Scheduler& scheduler, const Config& config,
                           metrics::Registry& registry, Millis longest);

}  // namespace ioc::triage_service
