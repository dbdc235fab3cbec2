// What was noticed about an event: bounded, each thing once.
#include <algorithm>

#include "services/ingest/formats/format.h"

namespace ioc::ingest {

void add_flag(Event& event, EventFlag flag) {
  const auto found = std::find(event.flags.begin(), event.flags.end(), flag);
  if (found == event.flags.end()) event.flags.push_back(flag);
}

void add_value_flag(Event& event, std::string_view field, ValueReason reason) {
  const auto same = [&](const ValueFlag& one) { return one.field == field && one.reason == reason; };
  if (std::any_of(event.value_flags.begin(), event.value_flags.end(), same)) return;
  if (event.value_flags.size() < kValueFlagsMax) {
    event.value_flags.push_back({std::string(field), reason});
  } else {
    ++event.value_flags_more;
  }
}

}  // namespace ioc::ingest
