// A log's clock that was wrong and was set right: its records' append times go back, and log time follows them. Otherwise
// log time would stand still, and no deadline would pass, until the clock is there again.
#pragma once

#include "libs/triage/context.h"

namespace ioc::triage {

// Brokers' clocks may differ by less: then log time stands still until the append times have caught up.
inline constexpr Millis kSetBack{60'000};

// To be called before a record that was appended at `to`, more than kSetBack before log time. What runs in memory runs on
// with the time that it had left: clocks, closings, silences, checkpoints. What was only to be forgotten later stays longer.
void set_clock_back(Context& context, LogTime to);

}  // namespace ioc::triage
