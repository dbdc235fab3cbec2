#include "services/ingest/formats/frigate.h"

#include <algorithm>
#include <boost/json/parse.hpp>

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kSecondsMax = 7'258'118'400.0;  // the year 2200
constexpr std::size_t kNameBytesMax = 256;       // of a zone or a label: triage takes no longer ones

const json::object* object_in(const Fields& fields, std::string_view name) {
  const auto* value = fields.find(name);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array* list_in(const Fields& fields, std::string_view name) {
  const auto* value = fields.find(name);
  return value == nullptr ? nullptr : value->if_array();
}

// Empty: no text, or longer than any name.
std::string cleaned(const json::value& value, const Limits& limits) {
  const auto* text = value.if_string();
  if (text == nullptr || text->size() > limits.name_bytes_max) return {};
  bool ignored = false;
  return clean_text(*text, ignored);
}

bool is_message(const json::object& object) { return object.contains("after") || object.contains("before"); }

}  // namespace

const json::object& frigate_message(const json::object& written, const Limits& limits, json::value& unwrapped) {
  if (is_message(written)) return written;
  for (const char* name : {"payload", "payload_json", "message"}) {
    const auto* within = written.if_contains(name);
    if (within == nullptr) continue;
    if (const auto* text = within->if_string()) {
      json::parse_options options;
      options.max_depth = static_cast<std::size_t>(limits.json_depth_max);
      json::error_code error;
      unwrapped = json::parse(*text, error, {}, options);
      within = &unwrapped;
      if (error) continue;
    }
    if (const auto* object = within->if_object(); object != nullptr && is_message(*object)) return *object;
  }
  return written;
}

json::object frigate_state(Fields& message) {
  json::object out;
  const auto* before = object_in(message, "before");
  const auto* after = object_in(message, "after");
  if (before == nullptr && after == nullptr) message.refuse("missing", "after", "", "", "the field is needed");
  if (before != nullptr) out = *before;
  if (after == nullptr) return out;
  for (const auto& [key, value] : *after) out[key] = value;
  return out;
}

FrigateType frigate_type(Fields& message) {
  if (message.find("type") == nullptr) message.refuse("missing", "type", "new, update, end, genai", "", "the field is needed");
  const auto type = message.choice<FrigateType>(
      "type", {{"new", FrigateType::New}, {"update", FrigateType::Update}, {"end", FrigateType::End}, {"genai", FrigateType::Described}});
  if (type == FrigateType::Unspecified) message.refuse("unknown_value", "type", "new, update, end, genai", "", "the value is none of those that are known");
  return type;
}

AlertState frigate_alert_state(FrigateType type, const Fields& state) {
  const bool over = type == FrigateType::End || type == FrigateType::Described || frigate_seconds(state, "end_time");
  if (over) return AlertState::End;
  return type == FrigateType::New ? AlertState::Start : AlertState::Update;
}

std::string frigate_text(const Fields& state, std::string_view name, const Limits& limits) {
  const auto* value = state.find(name);
  const auto* pair = value == nullptr ? nullptr : value->if_array();
  if (pair != nullptr) value = pair->empty() ? nullptr : &pair->front();
  return value == nullptr ? std::string{} : cleaned(*value, limits);
}

std::vector<std::string> frigate_names(const Fields& state, std::string_view name, const Limits& limits) {
  std::vector<std::string> out;
  const auto* list = list_in(state, name);
  if (list == nullptr) return out;
  for (const auto& item : *list) {
    if (out.size() == limits.list_items_max) break;
    std::string text = cleaned(item, limits);
    if (!text.empty() && text.size() <= kNameBytesMax) out.push_back(std::move(text));
  }
  return out;
}

std::size_t frigate_count(const Fields& state, std::string_view name) {
  const auto* list = list_in(state, name);
  return list == nullptr ? 0 : list->size();
}

std::optional<double> frigate_seconds(const Fields& state, std::string_view name) {
  const auto* value = state.find(name);
  const auto seconds = value == nullptr ? std::nullopt : to_number(*value);
  return seconds && *seconds > 0 && *seconds < kSecondsMax ? seconds : std::nullopt;
}

std::string frigate_label(std::string_view label) {
  constexpr std::string_view kVerified = "-verified";
  label = label.substr(0, label.find(": "));
  if (label.ends_with(kVerified)) label.remove_suffix(kVerified.size());
  return std::string(label);
}

std::string frigate_kind(const std::vector<FrigateKind>& rules, const std::vector<std::string>& zones,
                         const std::vector<std::string>& labels, std::string_view otherwise, std::string& zone) {
  const auto has = [](const std::vector<std::string>& list, const std::string& wanted) {
    return wanted.empty() || std::find(list.begin(), list.end(), wanted) != list.end();
  };
  zone = zones.empty() ? std::string{} : zones.back();
  for (const auto& rule : rules) {
    if (!has(zones, rule.zone) || !has(labels, frigate_label(rule.label))) continue;
    if (!rule.zone.empty()) zone = rule.zone;
    return rule.kind;
  }
  return std::string(otherwise);
}

}  // namespace ioc::ingest
