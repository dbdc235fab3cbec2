// What Frigate's two formats share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "services/ingest/formats/fields.h"

namespace ioc::ingest {

// `after`, completed by `before` where a field is missing: some bridges send only what changed.
boost::json::object frigate_state(Fields& message);

// "new", "update" or "end"; refused when it is none of them.
AlertState frigate_type(Fields& message);

std::vector<std::string> frigate_names(Fields& fields, std::string_view list);

// The first fitting rule's kind, else `otherwise`. `zone` is set to the rule's zone, or the last entered.
std::string frigate_kind(const std::vector<FrigateKind>& rules, const std::vector<std::string>& zones,
                         const std::vector<std::string>& labels, std::string_view otherwise, std::string& zone);

}  // namespace ioc::ingest
