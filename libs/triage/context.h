// What a step works with: the bundle in force, the memory, and where effects go. One per machine.
#pragma once

#include <memory>
#include <vector>

#include "libs/triage/behaviour.h"
#include "libs/triage/bundle_parts.h"
#include "libs/triage/emitter.h"
#include "libs/triage/memory/checkpoints.h"
#include "libs/triage/memory/expiry.h"
#include "libs/triage/memory/incident_book.h"
#include "libs/triage/memory/objects.h"
#include "libs/triage/memory/seen_window.h"

namespace ioc::triage {

struct Context {
  Context(PartitionId own, std::uint32_t all, const StateView& stored)
      : partition(own), partitions(all), state(stored), seen(state), expiry(state), objects(state, expiry), book(state), checkpoints(state),
        out(own, state, stats), bundle(builtin_bundle()) {}

  const PartitionId partition;
  const std::uint32_t partitions;
  Stats stats;
  Overlay state;
  SeenWindow seen;
  Expiry expiry;
  Objects objects;
  IncidentBook book;
  Checkpoints checkpoints;
  Emitter out;
  std::shared_ptr<const Bundle> bundle;
  std::optional<std::int64_t> archive_hint_ms;  // when the first archiving is due; nullopt: look
  std::uint32_t behaviour = kBehaviourOldest;  // the version in force
  LogTime now;  // of the record, or of the clock that fires

  [[nodiscard]] SilentAfter silent_after() const {
    return [this](const std::string& id) { return bundle->silent_after(id); };
  }

  // A change of this incident in this record. Its revision, and for Version its version, grow once a record.
  // What changes in one that is merged changes in the one that it is seen in.
  void touch(OpenIncident& incident, Change change);
  void emit_snapshot(OpenIncident& incident);
  // At the end of a record or a clock: snapshots, subscribers' entries and timers of all that was touched.
  void finish();

 private:
  void touch_one(OpenIncident& incident, Change change);
  void show(OpenIncident& incident);
  std::vector<OpenIncident*> x_touched;
};

}  // namespace ioc::triage
