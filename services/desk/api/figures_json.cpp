// Queues, feeds, indicators, units and sources as JSON.
#include <algorithm>

#include "services/desk/api/json.h"

namespace ioc::desk::api {
namespace {

namespace json = boost::json;

json::object queue_json(const reference::Queue& queue, const view::QueueFigures& figures) {
  return {{"queue", queue.id},
          {"name", queue.name},
          {"group", queue.group},
          {"open", figures.open},
          {"unacknowledged", figures.unacknowledged},
          {"by_severity", json::object{{"critical", figures.by_severity[0]},
                                       {"high", figures.by_severity[1]},
                                       {"medium", figures.by_severity[2]},
                                       {"info", figures.by_severity[3]}}},
          {"oldest_unacknowledged_at", figures.oldest_unacknowledged_at
                                           ? json::value(format_time(*figures.oldest_unacknowledged_at))
                                           : json::value(nullptr)},
          {"alarms_10min", figures.alarms_10min},
          {"load", name_of(figures.load)}};
}

const char* state_of(const view::FeedFigures& figures, Millis normal, WallTime now) {
  if (!figures.last_event_at) return "never";
  const std::int64_t silent_ms = now.ms() - figures.last_event_at->ms();
  return silent_ms >= 5 * normal.count() ? "lost" : silent_ms >= 2 * normal.count() ? "stale" : "live";
}

json::object unit_json(const geo::Unit& unit, const std::map<std::string, std::uint64_t>& open) {
  const auto found = open.find(unit.code.str());
  const bool ends = unit.valid_until.ms() < parse_time("2199-01-01T00:00:00")->ms;
  return {{"code", unit.code.str()},
          {"name", unit.name},
          {"kind", unit.kind},
          {"parent", unit.parent.str()},
          {"valid_from", format_time(unit.valid_from)},
          {"valid_until", ends ? json::value(format_time(unit.valid_until)) : json::value(nullptr)},
          {"centre", json::object{{"lat", unit.centre.lat_e7 / 1e7}, {"lon", unit.centre.lon_e7 / 1e7}}},
          {"open_incidents", found == open.end() ? 0 : found->second}};
}

json::array ring_json(const geo::Ring& ring) {
  json::array points;
  points.reserve(ring.size() + 1);
  const auto add = [&](const geo::Point& point) {
    points.push_back(json::array{point.lon_e7 / 1e7, point.lat_e7 / 1e7});
  };
  for (const geo::Point& point : ring) add(point);
  if (!ring.empty()) add(ring.front());  // GeoJSON repeats the first
  return points;
}

std::string unit_name(const reference::Reference& names, const std::string& code, WallTime now) {
  const geo::Unit* unit = names.units ? names.units->by_code(UnitCode(code), EventTime::from_ms(now.ms())) : nullptr;
  return unit != nullptr ? unit->name : code;
}

double value_of(const Indicator& one) { return static_cast<double>(one.value_e6) / 1e6; }

// As it was sent where it is a time, else the day that it stands for.
std::string as_of(const Event& event) {
  const std::string& sent = std::get<Indicator>(event.body).as_of;
  const auto time = parse_time_or_day(sent);
  const EventTime stands_for = view::indicator_time(event);
  return time && time->ms == stands_for.ms() ? sent : format_time(stands_for).substr(0, std::string_view("2021-10-18").size());
}

json::array history_json(const view::IndicatorSeries& series) {
  json::array history;
  for (const auto& event : series) {
    history.push_back(json::object{{"as_of", as_of(*event)}, {"value", value_of(std::get<Indicator>(event->body))}});
  }
  return history;
}

}  // namespace

json::object indicator_json(const view::IndicatorSeries& series, const reference::Reference& names, WallTime now) {
  const auto& newest = std::get<Indicator>(series.back()->body);
  return {{"code", newest.code},
          {"name", names.indicator_name(newest.code)},
          {"unit", newest.unit},
          {"unit_name", unit_name(names, newest.unit, now)},
          {"value", value_of(newest)},
          {"target", newest.target_e6 ? json::value(static_cast<double>(*newest.target_e6) / 1e6) : json::value(nullptr)},
          {"measure", newest.measure},
          {"period", newest.period},
          {"as_of", as_of(*series.back())}};
}

json::object categories_json(const reference::Reference& names) {
  json::array all;
  for (const reference::Category& category : names.categories) {
    json::array sub_kinds;
    for (const reference::SubKind& one : category.sub_kinds) sub_kinds.push_back(json::object{{"code", one.code}, {"name", one.name}});
    all.push_back(json::object{{"code", category.code}, {"name", category.name}, {"sub_kinds", std::move(sub_kinds)}});
  }
  return {{"categories", std::move(all)}};
}

json::object queues_json(const std::vector<view::QueueFigures>& figures, const reference::Reference& names) {
  json::array all;
  for (const reference::Queue& queue : names.queues) {
    const auto found = std::find_if(figures.begin(), figures.end(), [&](const auto& one) { return one.queue.str() == queue.id; });
    all.push_back(queue_json(queue, found == figures.end() ? view::QueueFigures{} : *found));
  }
  for (const view::QueueFigures& one : figures) {
    const bool named = std::any_of(names.queues.begin(), names.queues.end(), [&](const auto& queue) { return queue.id == one.queue.str(); });
    if (!named && one.open > 0) all.push_back(queue_json({one.queue.str(), one.queue.str(), {}}, one));
  }
  return {{"queues", std::move(all)}};
}

json::object feeds_json(const std::vector<view::FeedFigures>& figures, const FeedIntervals& intervals, WallTime now) {
  json::array all;
  for (const view::FeedFigures& one : figures) {
    const Millis normal = intervals.of(one.feed);
    all.push_back(json::object{
        {"feed", name_of(one.feed)},
        {"name", reference::feed_name(one.feed)},
        {"state", state_of(one, normal, now)},
        {"last_event_at", one.last_event_at ? json::value(format_time(*one.last_event_at)) : json::value(nullptr)},
        {"normal_interval_s", normal.count() / 1000},
        {"events_24h", one.events_24h}});
  }
  return {{"feeds", std::move(all)}};
}

json::object indicators_json(const std::vector<view::IndicatorSeries>& series, const reference::Reference& names,
                             WallTime now) {
  json::array all;
  for (const view::IndicatorSeries& one : series) {
    json::object shown = indicator_json(one, names, now);
    shown["history"] = history_json(one);
    all.push_back(std::move(shown));
  }
  return {{"indicators", std::move(all)}};
}

json::object units_json(const reference::Reference& names, const std::map<std::string, std::uint64_t>& open,
                        EventTime when) {
  json::array all;
  if (names.units) {
    for (const geo::Unit* unit : names.units->valid_at(when)) all.push_back(unit_json(*unit, open));
  }
  return {{"units", std::move(all)}};
}

json::object outlines_json(const reference::Reference& names, EventTime when) {
  json::array features;
  const auto units = names.units ? names.units->valid_at(when) : std::vector<const geo::Unit*>();
  for (const geo::Unit* unit : units) {
    const auto rings = names.units->outline(*unit);
    if (rings.empty()) continue;
    json::array polygons;
    for (const geo::Ring& ring : rings) polygons.push_back(json::array{ring_json(ring)});
    features.push_back(json::object{
        {"type", "Feature"},
        {"properties", json::object{{"code", unit->code.str()}, {"name", unit->name}, {"kind", unit->kind}}},
        {"geometry", json::object{{"type", "MultiPolygon"}, {"coordinates", std::move(polygons)}}}});
  }
  return {{"type", "FeatureCollection"}, {"features", std::move(features)}};
}

json::object sources_json(const reference::Reference& names, const std::map<std::string, LogTime>& seen) {
  json::array all;
  for (const reference::Source& source : names.sources) {
    const auto last = seen.find(source.id);
    json::value position = nullptr;
    if (!source.lat.empty() && !source.lon.empty()) {
      position = json::object{{"lat", std::strtod(source.lat.c_str(), nullptr)}, {"lon", std::strtod(source.lon.c_str(), nullptr)}};
    }
    all.push_back(json::object{{"source", source.id},
                               {"name", source.name},
                               {"kind", source.kind},
                               {"position", std::move(position)},
                               {"last_seen_at", last == seen.end() ? json::value(nullptr) : json::value(format_time(last->second))}});
  }
  return {{"sources", std::move(all)}};
}

}  // namespace ioc::desk::api
