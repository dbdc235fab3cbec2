// What one batch of the log changed, for the memory and the streams. Made by the applier, taken by the live picture
// after the batch is written.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/domain/event.h"
#include "libs/domain/incident.h"
#include "services/desk/view/keys.h"

namespace ioc::desk::view {

struct IncidentChange {
  IncidentId id;
  std::shared_ptr<const Incident> before;  // nullptr: new
  std::shared_ptr<const Incident> after;   // nullptr: its tombstone, no longer kept
  Place place;                             // on the incidents' topic
};

struct FeedSeen {
  Feed feed = Feed::CitizenReports;
  LogTime at;
  std::string thing;  // camera or checkpoint; empty: none
};

struct Changes {
  std::vector<IncidentChange> incidents;
  std::vector<FeedSeen> feeds;
  std::vector<Event> indicators;
  std::vector<std::string> commands_done;
  std::optional<std::string> activated;  // hash of a bundle
  // Up to where triage has worked in each partition: log time of its newest tick, or of the newest record that it decided on. An event
  // alone proves nothing: ingest goes on while triage stands still.
  std::map<PartitionId, LogTime> done_at;

  [[nodiscard]] bool empty() const {
    return incidents.empty() && feeds.empty() && indicators.empty() && commands_done.empty() && !activated && done_at.empty();
  }
};

}  // namespace ioc::desk::view
