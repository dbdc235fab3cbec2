// Behaviour versions (README "Upgrades"): which of them this binary runs, and what each brought. A gate is asked at the one
// place that differs, and is removed with the version before it.
#pragma once

#include <cstdint>

namespace ioc::triage {

inline constexpr std::uint32_t kBehaviourVersion = 2;
inline constexpr std::uint32_t kBehaviourOldest = 1;   // what a new partition runs until its first activation

constexpr bool runs_behaviour(std::uint32_t version) { return version >= kBehaviourOldest && version <= kBehaviourVersion; }

namespace since {
// What is at least as like an event that an operator took out of an incident is not joined to that incident.
inline constexpr std::uint32_t kReadsApart = 2;
// The command reclassify is obeyed.
inline constexpr std::uint32_t kReclassifies = 2;
// Of two messages of one object with the same revision from kArrivalOrder on, the later to arrive is the newer.
inline constexpr std::uint32_t kOrdersByArrival = 2;
// An alert's id may come again for another object, an alert ends by silence, and no sequence shuts out later messages.
inline constexpr std::uint32_t kFollowsLives = 2;
// Log time goes back with the log's clock when that was set back by more than kSetBack (stages/clock_back.h).
inline constexpr std::uint32_t kFollowsClockBack = 2;
}  // namespace since

}  // namespace ioc::triage
