// What Frigate's two formats share. They follow Frigate's program, which sends more than its documentation says; only what
// identifies a message may refuse it, any other value that is wrong is left out.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {

// Frigate's message within what a bridge wrote: as it is, or under `payload` (Node-RED), `payload_json` (Home Assistant) or
// `message` (n8n), there as an object or as its text. `unwrapped` holds what had to be parsed and must outlive the result.
const boost::json::object& frigate_message(const boost::json::object& written, const Limits& limits, boost::json::value& unwrapped);

// `after`, completed by `before` where a field is missing: some bridges send only what changed.
boost::json::object frigate_state(Fields& message);

// What `type` says; refused when it is none that Frigate sends.
enum class FrigateType { Unspecified, New, Update, End, Described };
FrigateType frigate_type(Fields& message);

// What has an end time is over: an update that overtook its `end` still says so.
AlertState frigate_alert_state(FrigateType type, bool has_ended);

// A text, or the first of a list: Frigate sends `recognized_license_plate` and `sub_label` as [text, score].
std::string frigate_text(Fields& state, std::string_view name, const Limits& limits);
// Up to list_items_max texts of a list, each cut to name_bytes_max.
std::vector<std::string> frigate_names(Fields& state, std::string_view name);
std::size_t frigate_count(const Fields& state, std::string_view name);  // items of a list, however many
// Seconds since 1970; nullopt: none, or none that a clock shows (an open end is sent as the largest integer).
std::optional<double> frigate_seconds(Fields& state, std::string_view name);

// The model's label: "car" for "car-verified" (an object whose name is known) and for "car: …" (a name or a plate that was
// written by hand, which must not leave ingest).
std::string frigate_label(std::string_view label);

// The first fitting rule's kind, else `otherwise`. `zone` is set to the rule's zone, or the last entered.
std::string frigate_kind(const std::vector<FrigateKind>& rules, const std::vector<std::string>& zones,
                         const std::vector<std::string>& labels, std::string_view otherwise, std::string& zone);

}  // namespace ioc::ingest
