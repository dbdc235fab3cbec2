// Reads the view on disk. Any thread; each call sees what was written before it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/result.h"
#include "libs/domain/decision.h"
#include "libs/domain/event.h"
#include "libs/domain/incident.h"
#include "libs/domain/output.h"
#include "libs/store/store.h"
#include "services/desk/view/keys.h"
#include "services/desk/view/outcome.h"

namespace ioc::desk::view {

// What a page shows. Empty = any.
struct Filter {
  std::set<IncidentState> states;
  std::set<Severity> severities;
  std::string queue, area, category;
  std::string assignee;  // a login name, or kNobody
  std::set<std::string> units;
  std::optional<EventTime> since, until;  // of opened_at: since <= t < until
  std::string query;
};

inline constexpr std::string_view kNobody = "-";

struct Page {
  std::vector<std::shared_ptr<const Incident>> incidents;  // newest first
  std::string next;  // cursor of the following page; empty: there is none
};

struct StoredEvent {
  Place place;  // on the events' topic
  Event event;
};

struct CommandState {
  bool done = false;
  IncidentId incident;
  std::optional<Decision> decision;  // when done
};

class Tables {
 public:
  // `stored` must outlive this. `scan_rows_max`: a page ends early after so many rows that its filter refused.
  Tables(const store::Store& stored, std::size_t scan_rows_max) : x_stored(stored), x_scan_rows_max(scan_rows_max) {}

  [[nodiscard]] std::shared_ptr<const Incident> incident(const IncidentId& id) const;
  // `cursor`: empty, or Page::next. Permanent: it is none.
  [[nodiscard]] Result<Page> page(const Filter& filter, std::string_view cursor, std::size_t limit) const;

  // Whose id, or one of whose reports' ids, begins so; each once, at most `limit`.
  [[nodiscard]] std::vector<std::shared_ptr<const Incident>> named(std::string_view beginning, std::size_t limit) const;

  // Oldest first; `after`: the last one of the page before.
  [[nodiscard]] std::vector<Decision> decisions(const IncidentId& id, const std::optional<DecisionPlace>& after,
                                                std::size_t limit) const;
  [[nodiscard]] std::vector<Decision> decisions_of(const EventId& id, std::size_t limit) const;
  // By id, which begins with the source's own time; `after` = "" or the last id of the page before.
  [[nodiscard]] std::vector<EventId> members(const IncidentId& id, std::string_view after, std::size_t limit) const;
  [[nodiscard]] std::optional<StoredEvent> event(const EventId& id) const;
  [[nodiscard]] std::optional<Outcome> outcome(const EventId& id) const;
  [[nodiscard]] std::optional<ReportStatus> status_of(const EventId& id) const;
  [[nodiscard]] std::optional<DeadLetter> dead_letter(std::string_view event_or_letter_id) const;
  [[nodiscard]] std::optional<CommandState> command(const CommandId& id) const;
  // Whether there is another command whose id begins so.
  [[nodiscard]] bool other_command(std::string_view prefix, const CommandId& than) const;

  // Incidents whose newest snapshot stands at `from` or later on its partition, in that order.
  void changed_since(Place from, const std::function<bool(Place, std::shared_ptr<const Incident>)>& visit) const;
  // All that are open, and all that were opened at `since` or later.
  void each_incident(EventTime since, const std::function<void(std::shared_ptr<const Incident>)>& visit) const;
  void each_indicator(const std::function<void(const Event&)>& visit) const;
  void each_feed_minute(const std::function<void(std::int64_t minute, Feed feed, std::uint64_t events)>& visit) const;
  void each_thing(const std::function<void(std::string_view name, LogTime at)>& visit) const;
  void each_meta(std::string_view prefix, const std::function<void(std::string_view rest, std::string_view value)>& visit) const;
  [[nodiscard]] std::optional<std::string> meta(std::string_view key) const;

 private:
  [[nodiscard]] std::optional<std::string> get(store::Family family, std::string_view key) const;
  void scan(store::Family family, std::string_view prefix, std::string_view from,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  const store::Store& x_stored;
  std::size_t x_scan_rows_max;
};

}  // namespace ioc::desk::view
