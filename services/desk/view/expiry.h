// What is too old leaves the view. Incidents go when triage archives them (its tombstone and decision); events, commands
// and dead letters go by the time that the log took them, since most never belong to an incident. Used by the follower's
// thread only.
#pragma once

#include <cstddef>

#include "libs/base/result.h"
#include "libs/base/time.h"
#include "libs/store/store.h"

namespace ioc::desk::view {

inline constexpr std::size_t kExpireAtOnce = 5'000;  // so that following the log never waits long

// Removes events taken before `events_before` with all that is known of them, commands and dead letters of that time (at
// most kExpireAtOnce in all), and minute counts of feeds before `minutes_before`. How many went.
[[nodiscard]] Result<std::size_t> expire(store::Store& stored, LogTime events_before, LogTime minutes_before);

// Removes cameras and checkpoints not heard since `before`, and beyond `most` those that were heard longest ago.
[[nodiscard]] Result<void> expire_things(store::Store& stored, LogTime before, std::size_t most);

}  // namespace ioc::desk::view
