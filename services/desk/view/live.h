// What must be at hand at once: open incidents, figures per queue and unit, feed freshness, indicators, and who
// follows or waits. Written by the follower's thread after each batch is on disk, read by all; one lock, held briefly.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "libs/base/time.h"
#include "libs/domain/incident.h"
#include "services/desk/stream/client.h"
#include "services/desk/stream/cursor.h"
#include "services/desk/stream/wakeup.h"
#include "services/desk/view/changes.h"
#include "services/desk/view/tables.h"
#include "services/desk/view/things.h"

namespace ioc::desk::view {

// Alarm load of one queue, counted against the control-room standard (EEMUA 191): new incidents in 10 minutes.
enum class Load : std::uint8_t { Acceptable, Manageable, Unacceptable, Flood };
std::string_view name_of(Load load);

struct QueueFigures {
  QueueId queue;
  std::uint64_t open = 0, unacknowledged = 0;
  std::array<std::uint64_t, 4> by_severity{};  // critical, high, medium, info
  std::optional<LogTime> oldest_unacknowledged_at;
  std::uint64_t alarms_10min = 0;
  Load load = Load::Acceptable;
};

struct FeedFigures {
  Feed feed = Feed::CitizenReports;
  std::optional<LogTime> last_event_at;  // when the log took it
  std::uint64_t events_24h = 0;
};

// One indicator of one unit: its values by time, oldest first, at most kIndicatorHistory.
inline constexpr std::size_t kIndicatorHistory = 24;
// Indicators times units. Beyond it the series whose newest value is the oldest leaves: senders name them.
inline constexpr std::size_t kIndicatorSeriesMax = 10'000;
// The time that a value stands for: its `as_of` where that is a time and not after the event's own, else the event's own.
[[nodiscard]] EventTime indicator_time(const Event& event);
using IndicatorSeries = std::vector<std::shared_ptr<const Event>>;

using RenderIncident = std::function<std::string(const Incident&, stream::Audience)>;

class Live {
 public:
  Live(std::string log_id, std::size_t partitions, std::size_t things_max);

  // --- the follower's thread ---
  void load(const Tables& tables, std::vector<Offset> incidents_next, WallTime now);
  // `incidents_next`: positions on the incidents' topic after this batch.
  void apply(const Changes& changes, const std::vector<Offset>& incidents_next, const RenderIncident& render);
  void publish(std::shared_ptr<const stream::Frames> frames);
  void close_clients();
  void forget_things_before(LogTime at);
  // Those that got a value since the last call.
  [[nodiscard]] std::vector<IndicatorSeries> take_changed_indicators();

  // --- any thread ---
  [[nodiscard]] std::shared_ptr<const Incident> open_incident(const IncidentId& id) const;
  [[nodiscard]] std::vector<QueueFigures> queues(WallTime now);
  [[nodiscard]] std::vector<FeedFigures> feeds(WallTime now) const;
  [[nodiscard]] std::map<std::string, std::uint64_t> open_by_unit() const;
  [[nodiscard]] std::map<std::string, LogTime> things_seen() const;
  [[nodiscard]] std::vector<IndicatorSeries> indicators() const;
  // Everything up to here is in what is shown: the partition that is furthest behind. nullopt: one has done nothing yet.
  [[nodiscard]] std::optional<LogTime> data_at() const;
  [[nodiscard]] std::size_t open_count() const;
  [[nodiscard]] std::size_t client_count() const;
  [[nodiscard]] const std::string& log_id() const { return x_log_id; }

  // From here on the client gets what is published; nothing between what is returned and that is lost.
  struct Joined {
    stream::Cursor cursor;
    std::vector<std::shared_ptr<const Incident>> open;  // oldest opened first; only when asked for
  };
  // nullopt: `clients_max` are here already.
  [[nodiscard]] std::optional<Joined> join(const std::shared_ptr<stream::Client>& client, bool with_open,
                                           std::size_t clients_max);
  void leave(const std::shared_ptr<stream::Client>& client);

  // Woken when a command's result or a new snapshot of an incident is there. `key`: either id.
  void wait_for(const std::string& key, const std::shared_ptr<stream::Wakeup>& wakeup);
  void stop_waiting(const std::string& key, const std::shared_ptr<stream::Wakeup>& wakeup);

 private:
  struct QueueMemory {
    std::uint64_t open = 0;
    std::array<std::uint64_t, 4> by_severity{};
    std::set<std::pair<LogTime, std::string>> unacknowledged;
    std::deque<LogTime> recent;  // when new incidents came in
    bool flood = false;
  };
  using IndicatorKey = std::pair<std::string, std::string>;  // code, unit
  struct FeedMemory {
    std::optional<LogTime> last;
    std::map<std::int64_t, std::uint64_t> minutes;
    std::uint64_t sum = 0;
  };

  // With the lock held.
  void replace(const IncidentId& id, std::shared_ptr<const Incident> after);
  void count(const Incident& incident, bool add);
  void count_arrival(const Incident& incident);
  void see(const FeedSeen& seen);
  void add_minute(Feed feed, std::int64_t minute, std::uint64_t events);
  void add_indicator(const Event& event);
  void bound_indicators();
  void wake(const std::string& key);
  [[nodiscard]] std::shared_ptr<const stream::Frames> frames_of(const Changes& changes, const RenderIncident& render) const;

  std::string x_log_id;
  mutable std::mutex x_mutex;
  std::unordered_map<IncidentId, std::shared_ptr<const Incident>> x_open;
  std::map<std::string, QueueMemory> x_queues;
  std::map<std::string, std::uint64_t> x_units;
  std::map<Feed, FeedMemory> x_feeds;
  Things x_things;
  std::map<IndicatorKey, std::map<EventTime, std::shared_ptr<const Event>>> x_indicators;
  std::set<std::pair<EventTime, IndicatorKey>> x_indicators_by_newest;
  std::set<IndicatorKey> x_changed_indicators;
  std::map<PartitionId, LogTime> x_done_at;
  std::vector<Offset> x_next;
  std::vector<Offset> x_next_published;  // the same, for the follower's thread alone: read without the lock
  std::set<std::shared_ptr<stream::Client>> x_clients;
  std::multimap<std::string, std::shared_ptr<stream::Wakeup>> x_waiting;
};

}  // namespace ioc::desk::view
