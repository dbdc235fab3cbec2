// GET /v1/incidents, one incident, its events and decisions; GET /v1/events/{id}.
#include <algorithm>
#include <charconv>

#include "services/desk/api/context.h"
#include "services/desk/api/json.h"

namespace ioc::desk::api {
namespace {

namespace json = boost::json;
using auth::Need;

constexpr std::size_t kDecisionsPage = 1'000;
constexpr std::size_t kDecisionsOfEventMax = 10'000;
constexpr std::size_t kEventsPage = 500;
constexpr std::size_t kIdBytesMin = 3, kNamedMax = 20;

template <class Take>
bool each_of(std::string_view list, Take&& take) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (!take(list.substr(0, comma))) return false;
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return true;
}

// "open" and "closed" stand for all states of the kind.
bool add_states(std::string_view list, std::set<IncidentState>& to) {
  return each_of(list, [&](std::string_view name) {
    if (name == "open" || name == "done") {
      for (int i = 1; i <= static_cast<int>(IncidentState::Closed); ++i) {
        if (is_open(static_cast<IncidentState>(i)) == (name == "open")) to.insert(static_cast<IncidentState>(i));
      }
      return true;
    }
    const auto state = incident_state_named(name);
    if (state) to.insert(*state);
    return state.has_value();
  });
}

bool add_severities(std::string_view list, std::set<Severity>& to) {
  return each_of(list, [&](std::string_view name) {
    const auto severity = severity_named(name);
    if (severity) to.insert(*severity);
    return severity.has_value();
  });
}

bool read_time(std::string_view text, std::optional<EventTime>& to) {
  // "+" of an offset arrives as a space where the sender did not escape it.
  std::string fixed(text);
  if (fixed.size() > 11) std::replace(fixed.begin() + 11, fixed.end(), ' ', '+');
  if (fixed.size() == 10) fixed += "T00:00:00";
  const auto parsed = parse_time(fixed);
  if (parsed) to = EventTime::from_ms(parsed->ms);
  return parsed.has_value();
}

// A unit stands for itself and all that lie in it, now and before.
std::set<std::string> units_within(const reference::Reference& names, const std::string& code) {
  std::set<std::string> within{code};
  if (!names.units) return within;
  for (std::size_t before = 0; before != within.size();) {
    before = within.size();
    for (const geo::Unit& unit : names.units->all()) {
      if (within.contains(unit.parent.str())) within.insert(unit.code.str());
    }
  }
  return within;
}

std::string what_is_wanted(std::string_view name) {
  if (name == "state") return "open, done, or of new, verifying, rejected, merged, forwarded, accepted, in_progress, resolved, closed; several with commas between";
  if (name == "severity") return "critical, high, medium or info; several with commas between";
  return "a day such as 2021-10-18, or a time with its offset such as 2021-10-18T07:40:00+07:00";
}

std::optional<http::Response> read_filter(const http::Request& request, const reference::Reference& names,
                                          view::Filter& filter) {
  for (const auto& [name, value] : request.query) {
    bool good = true;
    if (value.empty()) continue;
    if (name == "queue") filter.queue = value;
    else if (name == "area") filter.area = value;
    else if (name == "category") filter.category = value;
    else if (name == "assignee") filter.assignee = value;
    else if (name == "unit") filter.units = units_within(names, value);
    else if (name == "q") filter.query = value;
    else if (name == "state") good = add_states(value, filter.states);
    else if (name == "severity") good = add_severities(value, filter.severities);
    else if (name == "since") good = read_time(value, filter.since);
    else if (name == "until") good = read_time(value, filter.until);
    else if (name != "cursor" && name != "limit") {
      return wrong(400, "unknown parameter", "known are queue, state, area, unit, category, severity, assignee, since, until, q, cursor, limit", name);
    }
    if (!good) return wrong(400, "malformed parameter", what_is_wanted(name), name, value);
  }
  return std::nullopt;
}

std::optional<std::size_t> read_limit(const http::Request& request, std::size_t usual, std::size_t most) {
  const auto text = request.query_value("limit");
  if (!text || text->empty()) return usual;
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc() || end != text->data() + text->size() || limit == 0) return std::nullopt;
  return std::min(limit, most);
}

// An id in the search box is that incident, or its report's, whatever the filters say and the words might mean. A few letters may
// begin both an id and a word: then what is named stands before what is found.
std::vector<std::shared_ptr<const Incident>> named(const Context& context, const std::string& query) {
  if (query.size() < kIdBytesMin || query.find(' ') != std::string::npos) return {};
  return context.tables.named(query, kNamedMax);
}

http::Response list(const Context& context, const http::Request& request, stream::Audience audience) {
  const auto names = context.reference.get();
  view::Filter filter;
  if (auto bad = read_filter(request, *names, filter)) return *bad;
  const auto limit = read_limit(request, context.config.page_limit, context.config.page_limit_max);
  if (!limit) return wrong(400, "malformed parameter", "limit is a whole number from 1", "limit");
  const std::string_view cursor = request.query_value("cursor").value_or("");
  const auto page = context.tables.page(filter, cursor, *limit);
  if (!page) return wrong(400, "malformed parameter", page.error().message, "cursor", cursor);
  auto found = cursor.empty() ? named(context, filter.query) : view::Page().incidents;
  for (const auto& incident : page->incidents) {
    if (std::none_of(found.begin(), found.end(), [&](const auto& one) { return one->id == incident->id; })) found.push_back(incident);
  }
  json::array shown;
  for (const auto& incident : found) shown.push_back(to_json(*incident, *names, audience));
  return answer(200, json::object{{"incidents", std::move(shown)},
                                  {"next", page->next.empty() ? json::value(nullptr) : json::value(page->next)}});
}

// What a page of one incident's events or decisions asks for; `wrong` is the answer when it cannot be had.
struct PageAsked {
  IncidentId incident;
  std::string_view cursor;
  std::size_t limit = 0;
  std::optional<http::Response> wrong;
};

PageAsked page_asked(const Context& context, const http::Request& request, std::size_t most) {
  PageAsked asked;
  asked.incident = IncidentId(request.param("id"));
  asked.cursor = request.query_value("cursor").value_or("");
  const auto limit = read_limit(request, most, most);
  const auto unknown = std::find_if(request.query.begin(), request.query.end(), [](const auto& parameter) {
    return parameter.first != "cursor" && parameter.first != "limit";
  });
  if (!context.incident(asked.incident)) {
    asked.wrong = wrong(404, "unknown incident", "no incident has this id", "id", asked.incident.str());
  } else if (unknown != request.query.end()) {
    asked.wrong = wrong(400, "unknown parameter", "known are cursor and limit", unknown->first);
  } else if (!limit) {
    asked.wrong = wrong(400, "malformed parameter", "limit is a whole number from 1", "limit");
  }
  asked.limit = limit.value_or(1);
  return asked;
}

http::Response bad_cursor(std::string_view cursor) {
  return wrong(400, "malformed parameter", "cursor is what `next` of the page before said", "cursor", cursor);
}

// Cursors: "e." and the last event's id; "d." and the last decision's partition, offset and index.
constexpr std::string_view kEventCursor = "e.", kDecisionCursor = "d.";

http::Response events_of(const Context& context, const http::Request& request) {
  PageAsked asked = page_asked(context, request, kEventsPage);
  if (asked.wrong) return std::move(*asked.wrong);
  std::string_view after;
  if (!asked.cursor.empty()) {
    if (!asked.cursor.starts_with(kEventCursor) || asked.cursor.size() == kEventCursor.size()) return bad_cursor(asked.cursor);
    after = asked.cursor.substr(kEventCursor.size());
  }
  json::array events;
  auto members = context.tables.members(asked.incident, after, asked.limit + 1);
  const bool more = members.size() > asked.limit;
  if (more) members.pop_back();
  for (const EventId& member : members) {
    if (const auto event = context.tables.event(member)) events.push_back(to_json(*event));
  }
  const json::value next = more ? json::value(std::string(kEventCursor) + members.back().str()) : json::value(nullptr);
  return answer(200, json::object{{"events", std::move(events)}, {"next", next}});
}

std::string decision_cursor(const Decision& last) {
  return std::string(kDecisionCursor) + std::to_string(last.partition.value()) + "." + std::to_string(last.offset.value()) + "." +
         std::to_string(last.index);
}

std::optional<view::DecisionPlace> decision_cursor_of(std::string_view cursor) {
  if (!cursor.starts_with(kDecisionCursor)) return std::nullopt;
  cursor.remove_prefix(kDecisionCursor.size());
  const char* at = cursor.data();
  const char* const end = at + cursor.size();
  const auto number = [&](auto& to, bool last) {
    const auto [behind, error] = std::from_chars(at, end, to);
    if (error != std::errc() || (last ? behind != end : behind == end || *behind != '.')) return false;
    at = behind + (last ? 0 : 1);
    return true;
  };
  std::uint32_t partition = 0, index = 0;
  std::uint64_t offset = 0;
  if (!number(partition, false) || !number(offset, false) || !number(index, true)) return std::nullopt;
  return view::DecisionPlace{{PartitionId(partition), Offset(offset)}, index};
}

json::array decisions_json(const std::vector<Decision>& decisions) {
  json::array all;
  for (const Decision& decision : decisions) all.push_back(to_json(decision));
  return all;
}

http::Response decisions_of(const Context& context, const http::Request& request) {
  PageAsked asked = page_asked(context, request, kDecisionsPage);
  if (asked.wrong) return std::move(*asked.wrong);
  std::optional<view::DecisionPlace> after;
  if (!asked.cursor.empty()) {
    after = decision_cursor_of(asked.cursor);
    if (!after) return bad_cursor(asked.cursor);
  }
  auto decisions = context.tables.decisions(asked.incident, after, asked.limit + 1);
  const bool more = decisions.size() > asked.limit;
  if (more) decisions.pop_back();
  const json::value next = more ? json::value(decision_cursor(decisions.back())) : json::value(nullptr);
  return answer(200, json::object{{"decisions", decisions_json(decisions)}, {"next", next}});
}

http::Response event(const Context& context, const http::Request& request) {
  const EventId id(request.param("id"));
  const auto outcome = context.tables.outcome(id);
  const auto letter = context.tables.dead_letter(id.str());
  if (!outcome && !letter && !context.tables.event(id)) {
    return wrong(404, "unknown event", "no event with this id was accepted or refused here", "id", id.str());
  }
  const auto status = context.tables.status_of(id);
  json::object out{{"event_id", id.str()},
                   {"outcome", view::name_of(outcome ? outcome->kind : view::OutcomeKind::Pending)},
                   {"incident_id", nullptr},
                   {"reason", outcome ? outcome->reason : ""},
                   {"report_status", status ? json::value(to_json(*status)) : json::value(nullptr)},
                   {"decisions", decisions_json(context.tables.decisions_of(id, kDecisionsOfEventMax))}};
  if (outcome && !outcome->incident.empty()) out["incident_id"] = outcome->incident.str();
  if (letter) out["dead_letter"] = to_json(*letter);
  return answer(200, out);
}

using Answer = http::Response (*)(const Context&, const http::Request&);

http::Handler guarded(const Context& context, Need need, Answer give) {
  return [&context, need, give](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
    auto caller = context.gate.admit(request, need);
    if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
    co_return give(context, request);
  };
}

}  // namespace

void add_incident_routes(Routes& routes, Context& context) {
  routes.add("GET", "/v1/incidents", [&context](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
    auto caller = context.gate.admit(request, Need::Wall);
    if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
    co_return list(context, request, auth::audience_of(std::get<auth::Caller>(caller).who));
  });
  routes.add("GET", "/v1/incidents/{id}", [&context](const http::Request& request) -> boost::asio::awaitable<http::Reply> {
    auto caller = context.gate.admit(request, Need::Wall);
    if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
    const auto incident = context.incident(IncidentId(request.param("id")));
    if (!incident) co_return wrong(404, "unknown incident", "no incident has this id", "id", request.param("id"));
    co_return answer(200, to_json(*incident, *context.reference.get(), auth::audience_of(std::get<auth::Caller>(caller).who)));
  });
  routes.add("GET", "/v1/incidents/{id}/events", guarded(context, Need::Read, events_of));
  routes.add("GET", "/v1/incidents/{id}/decisions", guarded(context, Need::Read, decisions_of));
  routes.add("GET", "/v1/events/{id}", guarded(context, Need::Read, event));
}

}  // namespace ioc::desk::api
