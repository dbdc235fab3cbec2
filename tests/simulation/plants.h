// Bugs on purpose, planted around the seams: the simulation must find each. The production code has no part in it.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "libs/log/log.h"
#include "tests/simulation/client.h"

namespace ioc::simulation {

enum class Plant {
  None,
  StateBeforeCommit,    // the runner hears "committed" before the transaction ends, and writes its state
  EffectTwice,          // what is sent again after an abort has its first effect twice
  FencedGoesOn,         // a fenced owner takes over again without looking or asking the group, and sends on
  UnknownIsAborted,     // an outcome that nobody knows is taken for an abort
  UnknownIsCommitted,   // … for a commit
  KeepsEpoch,           // the client goes on with the same epoch after a lost connection
  ReadsUncommitted,     // the reader takes records of transactions that are open or aborted
  ReadsOffsetFirst,     // the owner reads the committed offset before it fences older owners
  TornBatch,            // the store leaves half of a batch after a power cut
};
inline constexpr Plant kPlants[] = {Plant::StateBeforeCommit,  Plant::EffectTwice,  Plant::FencedGoesOn,
                                    Plant::UnknownIsAborted,   Plant::UnknownIsCommitted, Plant::KeepsEpoch,
                                    Plant::ReadsUncommitted,   Plant::ReadsOffsetFirst, Plant::TornBatch};
std::string_view name_of(Plant plant);
std::optional<Plant> plant_named(std::string_view name);

ClientMistakes mistakes_of(Plant plant);
// The owner itself where the plant is elsewhere.
std::unique_ptr<log::Owner> with_plant(std::unique_ptr<log::Owner> owner, Plant plant, Timeline& timeline, ProcessPtr process);

}  // namespace ioc::simulation
