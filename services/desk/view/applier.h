// Turns log entries into writes of the view, and says what changed. The result depends on the entries of each topic
// in their order, never on how the topics interleave: so a view built again equals the one that grew.
// Used by the follower's thread only.
#pragma once

#include <string_view>

#include "libs/base/result.h"
#include "libs/log/log.h"
#include "services/desk/view/changes.h"
#include "services/desk/view/outcome.h"
#include "services/desk/view/writes.h"

namespace ioc::desk::view {

class Applier {
 public:
  Applier(Writes& writes, Changes& changes) : x_writes(writes), x_changes(changes) {}

  // Corrupt: the value is not what this topic holds; nothing of it was applied.
  [[nodiscard]] Result<void> apply(std::string_view topic, PartitionId partition, const log::Entry& entry);

 private:
  Result<void> incident(PartitionId partition, const log::Entry& entry);
  Result<void> decision(PartitionId partition, const log::Entry& entry);
  Result<void> record(PartitionId partition, const log::Entry& entry);
  Result<void> report_status(const log::Entry& entry);
  Result<void> dead_letter(const log::Entry& entry);

  void reindex(const Incident* before, const Incident* after);
  void event(Place place, LogTime at, const Event& event);
  void done(PartitionId partition, LogTime at);
  void decide(const Decision& decision);
  void settle(const Decision& made, OutcomeKind kind, const IncidentId& incident);
  void split(const Decision& decision);

  Writes& x_writes;
  Changes& x_changes;
};

// The stored forms that readers of the view share.
struct StoredIncident {
  Place place;
  Incident incident;
};
std::optional<StoredIncident> decode_stored_incident(std::string_view bytes);

inline constexpr char kCommandWaiting = 'w';  // followed by the incident's id
inline constexpr char kCommandDone = 'd';     // followed by the decision

}  // namespace ioc::desk::view
