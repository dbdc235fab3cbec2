// The desk's objects as JSON, as API.md and openapi.json describe them. Times are RFC 3339 with offset and milliseconds.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <vector>

#include "libs/domain/decision.h"
#include "libs/domain/output.h"
#include "services/desk/config.h"
#include "services/desk/reference/reference.h"
#include "services/desk/stream/client.h"
#include "services/desk/view/live.h"
#include "services/desk/view/tables.h"

namespace ioc::desk::api {

// The kiosk's has no address, no names of staff: nothing free beyond title and summary (DESIGN D9).
boost::json::object to_json(const Incident& incident, const reference::Reference& names, stream::Audience audience);
boost::json::object to_json(const Decision& decision);
boost::json::object to_json(const CommandResult& result);
boost::json::object to_json(const ReportStatus& status);
boost::json::object to_json(const DeadLetter& letter);
// No personal data: what ingest kept of it, without hashes of plates.
boost::json::object to_json(const view::StoredEvent& event);
boost::json::object to_json(const FeedEntry& entry, const reference::Reference& names);

// {"queues":[…]}: those of the bundle in its order, then others that have incidents.
boost::json::object queues_json(const std::vector<view::QueueFigures>& figures, const reference::Reference& names);
// {"categories":[…]} with their sub-kinds, in the bundle's order
boost::json::object categories_json(const reference::Reference& names);
// {"feeds":[…]}: stale at twice, lost at five times the normal interval.
boost::json::object feeds_json(const std::vector<view::FeedFigures>& figures, const FeedIntervals& intervals, WallTime now);
// {"indicators":[…]} with their histories
boost::json::object indicators_json(const std::vector<view::IndicatorSeries>& series, const reference::Reference& names,
                                    WallTime now);
// The newest value alone, as streams have it; `series` has one.
boost::json::object indicator_json(const view::IndicatorSeries& series, const reference::Reference& names, WallTime now);
// {"units":[…]} valid at `when`, and their outlines as GeoJSON.
boost::json::object units_json(const reference::Reference& names, const std::map<std::string, std::uint64_t>& open,
                               EventTime when);
boost::json::object outlines_json(const reference::Reference& names, EventTime when);
// {"sources":[…]}
boost::json::object sources_json(const reference::Reference& names, const std::map<std::string, LogTime>& seen);

}  // namespace ioc::desk::api
