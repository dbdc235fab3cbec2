#include "services/ingest/formats/frigate.h"

#include <algorithm>

namespace ioc::ingest {
namespace json = boost::json;

json::object frigate_state(Fields& message) {
  json::object out;
  const auto* before = message.object("before");
  const auto* after = message.object("after");
  if (before == nullptr && after == nullptr) message.refuse("missing", "after", "", "", "the field is needed");
  if (before != nullptr) out = *before;
  if (after == nullptr) return out;
  for (const auto& [key, value] : *after) out[key] = value;
  return out;
}

AlertState frigate_type(Fields& message) {
  if (message.find("type") == nullptr) message.refuse("missing", "type", "new, update, end", "", "the field is needed");
  const auto state = message.choice<AlertState>(
      "type", {{"new", AlertState::Start}, {"update", AlertState::Update}, {"end", AlertState::End}});
  if (state == AlertState::Unspecified) message.refuse("unknown_value", "type", "new, update, end", "", "the value is none of those that are known");
  return state;
}

std::vector<std::string> frigate_names(Fields& fields, std::string_view name) {
  return fields.names(name);
}

std::string frigate_kind(const std::vector<FrigateKind>& rules, const std::vector<std::string>& zones,
                         const std::vector<std::string>& labels, std::string_view otherwise, std::string& zone) {
  const auto has = [](const std::vector<std::string>& list, const std::string& wanted) {
    return wanted.empty() || std::find(list.begin(), list.end(), wanted) != list.end();
  };
  zone = zones.empty() ? std::string{} : zones.back();
  for (const auto& rule : rules) {
    if (!has(zones, rule.zone) || !has(labels, rule.label)) continue;
    if (!rule.zone.empty()) zone = rule.zone;
    return rule.kind;
  }
  return std::string(otherwise);
}

}  // namespace ioc::ingest
