#include "services/desk/view/live.h"

#include <algorithm>

#include "services/desk/stream/sse.h"

namespace ioc::desk::view {
namespace {

constexpr Millis kLoadWindow = std::chrono::minutes(10);
// Late batches and a demo's first fill are no alarms (DESIGN D4).
constexpr Millis kArrivalLateMax = std::chrono::minutes(15);
constexpr std::int64_t kDayMinutes = 24 * 60;
constexpr std::size_t kManageableMax = 10, kFloodBegins = 10, kFloodEnds = 5;

LogTime as_log_time(WallTime now) { return LogTime::from_ms(now.ms()); }

// Info is an event, not an alarm; what came late is no load of now.
bool is_alarm(const Incident& incident) {
  return incident.severity != Severity::Info && incident.received_at.ms() - incident.opened_at.ms() <= kArrivalLateMax.count();
}

IndicatorSeries values_of(const std::map<EventTime, std::shared_ptr<const Event>>& by_time) {
  IndicatorSeries values;
  for (const auto& [at, event] : by_time) values.push_back(event);
  return values;
}

Load load_of(std::size_t alarms, bool flood) {
  if (flood) return Load::Flood;
  if (alarms > kManageableMax) return Load::Unacceptable;
  return alarms <= 1 ? Load::Acceptable : Load::Manageable;
}

}  // namespace

std::string_view name_of(Load load) {
  static constexpr std::array<std::string_view, 4> kNames{"acceptable", "manageable", "unacceptable", "flood"};
  return kNames[static_cast<std::size_t>(load)];
}

EventTime indicator_time(const Event& event) {
  const auto sent = parse_time_or_day(std::get<Indicator>(event.body).as_of);
  return sent ? std::min(EventTime::from_ms(sent->ms), event.occurred_at) : event.occurred_at;
}

Live::Live(std::string log_id, std::size_t partitions, std::size_t things_max)
    : x_log_id(std::move(log_id)), x_things(things_max), x_next(partitions), x_next_published(partitions) {}

void Live::load(const Tables& tables, std::vector<Offset> incidents_next, WallTime now) {
  const std::lock_guard lock(x_mutex);
  x_next = x_next_published = std::move(incidents_next);
  const LogTime window_begins = as_log_time(now) - kLoadWindow;
  std::vector<std::shared_ptr<const Incident>> recent;
  tables.each_incident(EventTime::from_ms(window_begins.ms()) - kArrivalLateMax, [&](auto incident) {
    if (is_open(incident->state)) replace(incident->id, incident);
    if (incident->received_at >= window_begins) recent.push_back(std::move(incident));
  });
  std::sort(recent.begin(), recent.end(), [](const auto& a, const auto& b) { return a->received_at < b->received_at; });
  for (const auto& incident : recent) count_arrival(*incident);
  tables.each_feed_minute([&](std::int64_t minute, Feed feed, std::uint64_t events) { add_minute(feed, minute, events); });
  tables.each_indicator([&](const Event& event) { add_indicator(event); });
  tables.each_thing([&](std::string_view name, LogTime at) { x_things.see(std::string(name), at); });
  tables.each_meta("feed/", [&](std::string_view name, std::string_view value) {
    const auto feed = feed_named(name);
    if (feed && value.size() == kTimeBytes) x_feeds[*feed].last = LogTime::from_ms(static_cast<std::int64_t>(be64(value)));
  });
}

void Live::apply(const Changes& changes, const std::vector<Offset>& incidents_next, const RenderIncident& render) {
  const bool followed = client_count() > 0;
  std::shared_ptr<const stream::Frames> frames;
  if (followed) frames = frames_of(changes, render);
  const std::lock_guard lock(x_mutex);
  for (const IncidentChange& change : changes.incidents) {
    if (!change.before && change.after) count_arrival(*change.after);
    replace(change.id, change.after);
    wake(change.id.str());
  }
  for (const FeedSeen& seen : changes.feeds) see(seen);
  for (const Event& event : changes.indicators) add_indicator(event);
  for (const std::string& command : changes.commands_done) wake(command);
  for (const auto& [partition, at] : changes.done_at) {
    LogTime& known = x_done_at[partition];
    known = std::max(known, at);
  }
  // The first client may have come since: its snapshot does not have this batch.
  if (!frames && !x_clients.empty()) frames = frames_of(changes, render);
  for (const auto& client : x_clients) client->push(frames);
  x_next = x_next_published = incidents_next;
}

std::shared_ptr<const stream::Frames> Live::frames_of(const Changes& changes, const RenderIncident& render) const {
  auto frames = std::make_shared<stream::Frames>();
  stream::Cursor cursor{x_log_id, x_next_published};
  for (const IncidentChange& change : changes.incidents) {
    if (!change.after) continue;
    cursor.next[change.place.partition.value()] = change.place.offset.next();
    const std::string id = stream::to_text(cursor);
    for (const stream::Audience audience : stream::kAudiences) {
      stream::add_event(frames->text[static_cast<std::size_t>(audience)], "incident", render(*change.after, audience), id);
    }
  }
  return frames;
}

void Live::publish(std::shared_ptr<const stream::Frames> frames) {
  const std::lock_guard lock(x_mutex);
  for (const auto& client : x_clients) client->push(frames);
}

void Live::close_clients() {
  const std::lock_guard lock(x_mutex);
  for (const auto& client : x_clients) client->close();
  for (const auto& [key, wakeup] : x_waiting) wakeup->wake();
}

void Live::forget_things_before(LogTime at) {
  const std::lock_guard lock(x_mutex);
  x_things.forget_before(at);
}

void Live::replace(const IncidentId& id, std::shared_ptr<const Incident> after) {
  if (const auto known = x_open.find(id); known != x_open.end()) {
    count(*known->second, false);
    x_open.erase(known);
  }
  if (!after || !is_open(after->state)) return;
  count(*after, true);
  x_open.emplace(id, std::move(after));
}

void Live::count(const Incident& incident, bool add) {
  const auto move = [add](std::uint64_t& number) { add ? ++number : --number; };
  QueueMemory& queue = x_queues[incident.queue.str()];
  move(queue.open);
  move(queue.by_severity[static_cast<std::size_t>(incident.severity) - 1]);
  move(x_units[incident.unit.str()]);
  if (incident.acknowledged_at) return;
  std::pair waiting(incident.received_at, incident.id.str());
  if (add) {
    queue.unacknowledged.insert(std::move(waiting));
  } else {
    queue.unacknowledged.erase(waiting);
  }
}

void Live::count_arrival(const Incident& incident) {
  if (!is_alarm(incident)) return;
  auto& recent = x_queues[incident.queue.str()].recent;
  recent.push_back(incident.received_at);
  while (recent.front() < incident.received_at - kLoadWindow) recent.pop_front();
}

void Live::see(const FeedSeen& seen) {
  auto& last = x_feeds[seen.feed].last;
  if (!last || *last < seen.at) last = seen.at;
  add_minute(seen.feed, seen.at.ms() / 60'000, 1);
  if (!seen.thing.empty()) x_things.see(seen.thing, seen.at);
}

void Live::add_minute(Feed feed, std::int64_t minute, std::uint64_t events) {
  FeedMemory& memory = x_feeds[feed];
  memory.minutes[minute] += events;
  memory.sum += events;
  while (memory.minutes.begin()->first <= memory.minutes.rbegin()->first - kDayMinutes) {
    memory.sum -= memory.minutes.begin()->second;
    memory.minutes.erase(memory.minutes.begin());
  }
}

void Live::add_indicator(const Event& event) {
  const auto& indicator = std::get<Indicator>(event.body);
  const IndicatorKey key{indicator.code, indicator.unit};
  auto& series = x_indicators[key];
  if (!series.empty()) x_indicators_by_newest.erase({series.rbegin()->first, key});
  series[indicator_time(event)] = std::make_shared<const Event>(event);
  if (series.size() > kIndicatorHistory) series.erase(series.begin());
  x_indicators_by_newest.emplace(series.rbegin()->first, key);
  x_changed_indicators.insert(key);
  bound_indicators();
}

void Live::bound_indicators() {
  while (x_indicators.size() > kIndicatorSeriesMax) {
    const auto oldest = x_indicators_by_newest.begin();
    x_indicators.erase(oldest->second);
    x_changed_indicators.erase(oldest->second);
    x_indicators_by_newest.erase(oldest);
  }
}

void Live::wake(const std::string& key) {
  const auto [begin, end] = x_waiting.equal_range(key);
  for (auto at = begin; at != end; ++at) at->second->wake();
}

std::shared_ptr<const Incident> Live::open_incident(const IncidentId& id) const {
  const std::lock_guard lock(x_mutex);
  const auto found = x_open.find(id);
  return found == x_open.end() ? nullptr : found->second;
}

std::vector<QueueFigures> Live::queues(WallTime now) {
  const std::lock_guard lock(x_mutex);
  std::vector<QueueFigures> all;
  for (auto& [name, memory] : x_queues) {
    while (!memory.recent.empty() && memory.recent.front() < as_log_time(now) - kLoadWindow) memory.recent.pop_front();
    const std::size_t alarms = memory.recent.size();
    memory.flood = memory.flood ? alarms >= kFloodEnds : alarms >= kFloodBegins;
    QueueFigures figures{QueueId(name), memory.open, memory.unacknowledged.size(), memory.by_severity, {}, alarms,
                         load_of(alarms, memory.flood)};
    if (!memory.unacknowledged.empty()) figures.oldest_unacknowledged_at = memory.unacknowledged.begin()->first;
    all.push_back(std::move(figures));
  }
  return all;
}

std::vector<FeedFigures> Live::feeds(WallTime now) const {
  const std::lock_guard lock(x_mutex);
  std::vector<FeedFigures> all;
  for (const Feed feed : kFeeds) {
    FeedFigures figures{feed, {}, 0};
    if (const auto known = x_feeds.find(feed); known != x_feeds.end()) {
      figures.last_event_at = known->second.last;
      figures.events_24h = known->second.sum;
      // A feed that fell silent: what is older than a day leaves the sum without a new event.
      for (const auto& [minute, events] : known->second.minutes) {
        if (minute > now.ms() / 60'000 - kDayMinutes) break;
        figures.events_24h -= events;
      }
    }
    all.push_back(figures);
  }
  return all;
}

std::map<std::string, std::uint64_t> Live::open_by_unit() const {
  const std::lock_guard lock(x_mutex);
  return x_units;
}

std::map<std::string, LogTime> Live::things_seen() const {
  const std::lock_guard lock(x_mutex);
  return x_things.all();
}

std::vector<IndicatorSeries> Live::indicators() const {
  const std::lock_guard lock(x_mutex);
  std::vector<IndicatorSeries> all;
  for (const auto& [key, series] : x_indicators) all.push_back(values_of(series));
  return all;
}

std::vector<IndicatorSeries> Live::take_changed_indicators() {
  const std::lock_guard lock(x_mutex);
  std::vector<IndicatorSeries> all;
  for (const IndicatorKey& key : x_changed_indicators) all.push_back(values_of(x_indicators.at(key)));
  x_changed_indicators.clear();
  return all;
}

std::optional<LogTime> Live::data_at() const {
  const std::lock_guard lock(x_mutex);
  if (x_done_at.size() < x_next.size()) return std::nullopt;
  const auto behind = std::min_element(x_done_at.begin(), x_done_at.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return behind == x_done_at.end() ? std::nullopt : std::optional(behind->second);
}

std::size_t Live::open_count() const {
  const std::lock_guard lock(x_mutex);
  return x_open.size();
}

std::size_t Live::client_count() const {
  const std::lock_guard lock(x_mutex);
  return x_clients.size();
}

std::optional<Live::Joined> Live::join(const std::shared_ptr<stream::Client>& client, bool with_open,
                                       std::size_t clients_max) {
  const std::lock_guard lock(x_mutex);
  if (x_clients.size() >= clients_max) return std::nullopt;
  x_clients.insert(client);
  Joined joined{{x_log_id, x_next}, {}};
  if (!with_open) return joined;
  joined.open.reserve(x_open.size());
  for (const auto& [id, incident] : x_open) joined.open.push_back(incident);
  return joined;
}

void Live::leave(const std::shared_ptr<stream::Client>& client) {
  const std::lock_guard lock(x_mutex);
  x_clients.erase(client);
}

void Live::wait_for(const std::string& key, const std::shared_ptr<stream::Wakeup>& wakeup) {
  const std::lock_guard lock(x_mutex);
  x_waiting.emplace(key, wakeup);
}

void Live::stop_waiting(const std::string& key, const std::shared_ptr<stream::Wakeup>& wakeup) {
  const std::lock_guard lock(x_mutex);
  const auto [begin, end] = x_waiting.equal_range(key);
  for (auto at = begin; at != end; ++at) {
    if (at->second != wakeup) continue;
    x_waiting.erase(at);
    return;
  }
}

}  // namespace ioc::desk::view
