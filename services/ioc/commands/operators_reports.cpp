#include "services/ioc/commands/operators_reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "libs/base/time.h"
#include "services/ioc/commands/desk_reader.h"
#include "services/simulator/csv.h"

namespace ioc::commands {
namespace {

namespace json = boost::json;

constexpr int kMergesDeep = 50;

bool is_open_state(const std::string& state) { return state != "resolved" && state != "closed" && state != "rejected" && state != "merged"; }

const json::object* object_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value ? value->if_object() : nullptr;
}

std::optional<std::pair<double, double>> position_of(const json::object& event) {
  const json::object* position = object_in(event, "position");
  const json::value *lat = position ? position->if_contains("lat") : nullptr, *lon = position ? position->if_contains("lon") : nullptr;
  if (!lat || !lon || !lat->is_number() || !lon->is_number()) return std::nullopt;
  return std::pair(lat->to_number<double>(), lon->to_number<double>());
}

}  // namespace

void OperatorsReports::add_incident(const json::object& incident) {
  Held& held = x_incidents[text_in(incident, "id")];
  held.merged_into = text_in(incident, "merged_into");
  held.category = text_in(incident, "model_category");
  held.open = is_open_state(text_in(incident, "state"));
  held.handled = held.handled || !held.merged_into.empty() || !text_in(incident, "split_from").empty();
}

void OperatorsReports::add_event(const std::string& incident, const json::object& event) {
  if (text_in(event, "feed") != "citizen-reports") return;
  Report report;
  report.event = text_in(event, "event_id");
  report.incident = incident;
  report.occurred_at = text_in(event, "occurred_at");
  const auto at = parse_time(report.occurred_at);
  if (!at) return;
  report.at_ms = at->ms;
  report.sender_category = text_in(event, "category");
  report.address = text_in(event, "address");
  report.text = words_in(event);
  report.position = position_of(event);
  std::string own_id = text_in(event, "object_id");
  if (own_id.empty()) own_id = report.event;
  const auto [known, fresh] = x_reports.try_emplace({text_in(event, "source"), own_id}, report);
  if (!fresh && std::pair(report.at_ms, report.event) < std::pair(known->second.at_ms, known->second.event)) known->second = std::move(report);
}

// What triage took a report for, and from when the incident counts as closed: a person's word, until it was reopened.
void OperatorsReports::add_decision(const std::string& incident, const json::object& decision) {
  const std::string kind = text_in(decision, "kind"), event = text_in(decision, "event_id");
  const json::object* details = object_in(decision, "details");
  if (!details) return;
  const std::string category = text_in(*details, "category");
  if (!event.empty() && !category.empty()) x_categories.try_emplace(event, category);
  if (kind == "unmerged") x_taken_from.insert(text_in(*details, "into"));
  if (kind != "command" || text_in(decision, "reason") != "applied") return;
  const std::string command = text_in(*details, "command");
  Held& held = x_incidents[incident];
  held.handled = true;
  if (command == "resolve" && held.closed_at.empty()) held.closed_at = text_in(decision, "at");
  if (command == "reopen") held.closed_at.clear();
}

std::vector<std::string> OperatorsReports::missing() const {
  std::set<std::string> all;
  for (const std::string& id : x_taken_from) {
    if (!id.empty() && !x_incidents.contains(id)) all.insert(id);
  }
  for (const auto& [id, held] : x_incidents) {
    if (!held.merged_into.empty() && !x_incidents.contains(held.merged_into)) all.insert(held.merged_into);
  }
  return {all.begin(), all.end()};
}

const std::string& OperatorsReports::top_of(const std::string& incident) const {
  const std::string* top = &incident;
  for (int deep = 0; deep < kMergesDeep; ++deep) {
    const auto held = x_incidents.find(*top);
    if (held == x_incidents.end() || held->second.merged_into.empty()) break;
    top = &held->second.merged_into;
  }
  return *top;
}

// As the model names types (triage/parts/duplicate_model.h): the category, or the sender's own where it is none of ours.
std::string OperatorsReports::type_of(const Report& report) const {
  const auto told = x_categories.find(report.event);
  const auto held = x_incidents.find(report.incident);
  const std::string category = told != x_categories.end() ? told->second : held != x_incidents.end() ? held->second.category : "khac";
  return category == "khac" && !report.sender_category.empty() ? report.sender_category : category;
}

std::vector<const OperatorsReports::Report*> OperatorsReports::in_order() const {
  std::vector<const Report*> all;
  for (const auto& [key, report] : x_reports) all.push_back(&report);
  std::sort(all.begin(), all.end(), [](const Report* a, const Report* b) { return std::tie(a->at_ms, a->event) < std::tie(b->at_ms, b->event); });
  return all;
}

OperatorsReports::Labelled OperatorsReports::labelled() const {
  Labelled made{"id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of\n", 0, 0};
  std::map<std::string, std::string> originals;  // of the incident on top
  std::set<std::string> handled;
  for (const auto& [id, held] : x_incidents) {
    if (held.handled) handled.insert(top_of(id));
  }
  for (const std::string& id : x_taken_from) handled.insert(top_of(id));
  for (const Report* report : in_order()) {
    const std::string& top = top_of(report->incident);
    if (!handled.contains(top)) continue;
    const auto [original, first] = originals.try_emplace(top, report->event);
    ++made.reports;
    if (!first) ++made.duplicates;
    const auto held = x_incidents.find(top);
    const std::string closed = held != x_incidents.end() && !held->second.open ? held->second.closed_at : "";
    const std::string place = report->position ? fmt::format("{:.7f},{:.7f}", report->position->first, report->position->second) : ",";
    made.csv += fmt::format("{},{},{},{},{},{},{},{},{}\n", simulator::csv_field(report->event), report->occurred_at, closed, simulator::csv_field(type_of(*report)), place,
                       simulator::csv_quoted(report->address), simulator::csv_quoted(report->text), first ? 0 : 1, first ? "" : simulator::csv_field(original->second));
  }
  return made;
}

}  // namespace ioc::commands
