#include "services/desk/api/json.h"

#include <string>

#include "libs/triage/parts/situations.h"

namespace ioc::desk::api {
namespace {

namespace json = boost::json;

template <class Ids>
json::array texts(const Ids& ids) {
  json::array all;
  all.reserve(ids.size());
  for (const auto& id : ids) {
    if constexpr (requires { id.str(); }) {
      all.emplace_back(id.str());
    } else {
      all.emplace_back(id);
    }
  }
  return all;
}

template <class Time>
json::value time_or_null(const std::optional<Time>& at) {
  return at ? json::value(format_time(*at)) : json::value(nullptr);
}

json::value position_json(const Incident& incident) {
  if (!incident.position) return nullptr;
  return json::object{{"lat", incident.position->lat_e7 / 1e7},
                      {"lon", incident.position->lon_e7 / 1e7},
                      {"accuracy_m", incident.position->accuracy_m},
                      {"source", name_of(incident.position_source)}};
}

json::array clocks_json(const std::vector<Clock>& clocks) {
  json::array all;
  for (const Clock& clock : clocks) {
    all.push_back(json::object{{"kind", name_of(clock.kind)},
                               {"started_at", format_time(clock.started_at)},
                               {"warn_at", format_time(clock.warn_at)},
                               {"due_at", format_time(clock.due_at)},
                               {"state", name_of(clock.state)}});
  }
  return all;
}

json::array sources_of(const Incident& incident) {
  json::array all;
  for (const SourceCount& source : incident.sources) {
    all.push_back(json::object{{"feed", name_of(source.feed)}, {"events", source.events}});
  }
  return all;
}

json::array suggestions_of(const Incident& incident) {
  json::array all;
  for (const Suggestion& suggestion : incident.suggestions) {
    all.push_back(json::object{{"incident_id", suggestion.incident.str()}, {"score", suggestion.score_permille}});
  }
  return all;
}

json::value sub_kind_of(const CategoryCode& category, const SubKindCode& code, const reference::Reference& names) {
  if (code.empty()) return nullptr;
  return json::object{{"code", code.str()}, {"name", names.sub_kind_name(category.str(), code.str())}};
}

// What triage chose, and who chose otherwise.
void add_overruled(json::object& to, const Incident& incident, const reference::Reference& names) {
  const Overruled overruled = incident.overruled.value_or(Overruled());
  to["model_category"] = overruled.category.empty() ? incident.category.str() : overruled.category.str();
  to["model_sub_kind"] = overruled.category.empty() ? sub_kind_of(incident.category, incident.sub_kind, names)
                                                  : sub_kind_of(overruled.category, overruled.sub_kind, names);
  to["model_further_categories"] = texts(overruled.category.empty() ? incident.further_categories : overruled.further_categories);
  to["model_severity"] = name_of(overruled.triage_severity.value_or(overruled.severity.value_or(incident.severity)));
  to["model_emergency"] = overruled.emergency.value_or(incident.emergency);
  to["classified_by"] = overruled.by;
}

void add_staff_fields(json::object& to, const Incident& incident, const reference::Reference& names) {
  to["acknowledged_by"] = incident.acknowledged_by;
  to["assignee"] = incident.assignee;
  to["address"] = incident.address;
  to["sender_category"] = incident.sender_category;
  add_overruled(to, incident, names);
  to["forwarded_units"] = texts(incident.forwarded_units);
  to["suggestions"] = suggestions_of(incident);
  to["newest_events"] = texts(incident.newest_events);
  to["outcome"] = incident.outcome;
  to["merged_into"] = incident.merged_into.str();
  to["merged"] = texts(incident.merged);
  to["split_from"] = incident.split_from.str();
  to["recurrence_of"] = incident.recurrence_of.str();
  to["relocated_to"] = incident.relocated_to.str();
  to["relocated_from"] = incident.relocated_from.str();
  to["route_rule"] = incident.route_rule;
  to["opened_by"] = incident.opened_by;
}

}  // namespace

json::object to_json(const Incident& incident, const reference::Reference& names, stream::Audience audience) {
  json::object out;
  out["id"] = incident.id.str();
  out["version"] = incident.version;
  out["revision"] = incident.revision;
  out["state"] = name_of(incident.state);
  out["acknowledged_at"] = time_or_null(incident.acknowledged_at);
  out["category"] = incident.category.str();
  out["category_name"] = names.category_name(incident.category.str());
  out["sub_kind"] = sub_kind_of(incident.category, incident.sub_kind, names);
  out["further_categories"] = texts(incident.further_categories);
  out["severity"] = name_of(incident.severity);
  out["emergency"] = incident.emergency;
  out["title"] = incident.title;
  out["summary"] = incident.summary;
  out["position"] = position_json(incident);
  out["place_state"] = name_of(incident.place_state);
  out["unit"] = incident.unit.empty() ? json::value(nullptr)
                                      : json::object{{"code", incident.unit.str()}, {"name", incident.unit_name}};
  out["area"] = incident.area.str();
  out["opened_at"] = format_time(incident.opened_at);
  out["received_at"] = format_time(incident.received_at);
  out["updated_at"] = format_time(incident.updated_at);
  out["last_event_at"] = format_time(incident.last_event_at);
  out["queue"] = incident.queue.str();
  out["queue_name"] = names.queue_name(incident.queue.str());
  out["clocks"] = clocks_json(incident.clocks);
  out["sources"] = sources_of(incident);
  out["reports"] = incident.reports;
  out["events"] = incident.events;
  out["occurrence"] = incident.occurrence;
  out["chattering"] = incident.chattering;
  out["ended"] = incident.ended;
  out["subscribers"] = texts(incident.subscribers);  // the wall counts by district
  if (audience == stream::Audience::Staff) add_staff_fields(out, incident, names);
  return out;
}

json::object to_json(const CommandResult& result) {
  return {{"command_id", result.command.str()},   {"status", name_of(result.status)}, {"incident_id", result.incident.str()},
          {"version", result.version},            {"detail", result.detail},          {"created", texts(result.created)}};
}

json::object to_json(const Decision& decision) {
  json::array candidates;
  for (const Candidate& candidate : decision.candidates) {
    json::array parts;
    for (const ScorePart& part : candidate.parts) parts.push_back(json::object{{"name", part.name}, {"words", triage::words_for(part.name)}, {"points", part.points}});
    candidates.push_back(json::object{{"incident_id", candidate.incident.str()},
                                      {"score", candidate.score_permille},
                                      {"parts", std::move(parts)},
                                      {"verdict", candidate.verdict}});
  }
  json::object details;
  for (const Detail& detail : decision.details) {
    json::string& value = details[detail.name].is_string() ? details[detail.name].as_string() : details[detail.name].emplace_string();
    if (!value.empty()) value += ", ";  // a name may come more than once: several words, units, rules
    value += detail.value;
  }
  return {{"partition", decision.partition.value()},
          {"offset", decision.offset.value()},
          {"index", decision.index},
          {"at", format_time(decision.decided_at)},
          {"kind", name_of(decision.kind)},
          {"incident_id", decision.incident.str()},
          {"event_id", decision.event.str()},
          {"feed", decision.feed ? json::value(name_of(*decision.feed)) : json::value(nullptr)},
          {"reason", decision.reason},
          {"rule", decision.rule},
          {"bundle", decision.bundle},
          {"actor", decision.actor},
          {"candidates", std::move(candidates)},
          {"details", std::move(details)},
          {"command_result", decision.command_result ? json::value(to_json(*decision.command_result)) : json::value(nullptr)}};
}

json::object to_json(const ReportStatus& status) {
  return {{"source", status.source.str()},
          {"report_id", status.report.str()},
          {"event_id", status.event.str()},
          {"incident_id", status.incident.str()},
          {"state", name_of(status.state)},
          {"joined", status.joined},
          {"revision", status.revision},
          {"updated_at", format_time(status.updated_at)},
          {"outcome", status.outcome}};
}

json::object to_json(const DeadLetter& letter) {
  return {{"id", letter.id},         {"feed", letter.feed},     {"stage", letter.stage}, {"reason", letter.reason},
          {"field", letter.field},   {"limit", letter.limit},   {"detail", letter.detail}, {"event_id", letter.event.str()},
          {"at", format_time(letter.at)}, {"path", letter.path}};
}

json::object to_json(const FeedEntry& entry, const reference::Reference& names) {
  json::object incident = to_json(entry.incident, names, stream::Audience::Staff);
  // Names of our staff are not the subscriber's business.
  for (const char* inner : {"acknowledged_by", "assignee", "classified_by", "suggestions", "subscribers", "route_rule"}) incident.erase(inner);
  return {{"subscriber", entry.subscriber.str()},
          {"partition", entry.partition.value()},
          {"number", entry.number},
          {"at", format_time(entry.at)},
          {"incident", std::move(incident)}};
}

}  // namespace ioc::desk::api
