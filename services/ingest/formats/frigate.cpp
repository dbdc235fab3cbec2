#include "services/ingest/formats/frigate.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>

namespace ioc::ingest {
namespace json = boost::json;
namespace {

constexpr double kSecondsMax = 7'258'118'400.0;  // the year 2200

const json::object* object_in(const Fields& fields, std::string_view name) {
  const auto* value = fields.find(name);
  return value == nullptr ? nullptr : value->if_object();
}

// The largest integer stands for an end that is still to come.
bool is_open_end(const json::value& value) {
  constexpr double kLargest = 9.2e18;
  const auto number = value.is_number() ? to_number(value) : std::nullopt;
  return number && *number >= kLargest && *number < 2 * kLargest;
}

bool is_message(const json::object& object) { return object.contains("after") || object.contains("before"); }

// Labels of objects and of sounds (AudioSet's names), as kinds.yaml knows them.
constexpr std::array<std::string_view, 9> kDangerLabels{"fire", "smoke", "fire_alarm", "smoke_detector", "scream", "screaming", "gunshot", "explosion", "weapon"};

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

AlertState frigate_alert_state(FrigateType type, bool has_ended) {
  const bool over = type == FrigateType::End || type == FrigateType::Described || has_ended;
  if (over) return AlertState::End;
  return type == FrigateType::New ? AlertState::Start : AlertState::Update;
}

std::string frigate_text(Fields& state, std::string_view name, const Limits& limits) {
  const auto* value = state.find(name);
  const auto* pair = value == nullptr ? nullptr : value->if_array();
  if (pair == nullptr) return state.name(name);
  const auto* text = pair->empty() ? nullptr : pair->front().if_string();
  if (text != nullptr && text->size() <= limits.name_bytes_max) {
    bool ignored = false;
    return trimmed(clean_text(std::string_view(*text), ignored));
  }
  state.drop(name, text == nullptr ? ValueReason::WrongType : ValueReason::TooLong);
  return {};
}

std::vector<std::string> frigate_names(Fields& state, std::string_view name) {
  auto names = state.names(name);
  std::erase_if(names, [](const std::string& one) { return one.empty(); });
  return names;
}

std::size_t frigate_count(const Fields& state, std::string_view name) {
  const auto* value = state.find(name);
  const auto* list = value == nullptr ? nullptr : value->if_array();
  return list == nullptr ? 0 : list->size();
}

std::optional<double> frigate_seconds(Fields& state, std::string_view name) {
  const auto* value = state.find(name);
  if (value == nullptr || is_open_end(*value)) return std::nullopt;
  const auto seconds = state.number(name, 0, kSecondsMax);
  return seconds && *seconds > 0 ? seconds : std::nullopt;
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
  // A label that says danger is a kind by itself: no configuration is needed to hear of it.
  const auto danger = std::find_if(labels.begin(), labels.end(), [](const std::string& label) {
    return std::find(kDangerLabels.begin(), kDangerLabels.end(), label) != kDangerLabels.end();
  });
  return danger == labels.end() ? std::string(otherwise) : *danger;
}

}  // namespace ioc::ingest
