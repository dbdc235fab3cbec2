#include "libs/triage/memory/silences.h"

#include <algorithm>

namespace ioc::triage {

const Silence* Silences::find(std::uint64_t object) const {
  const auto at = std::find_if(listed.begin(), listed.end(), [object](const Silence& one) { return one.object == object; });
  return at == listed.end() ? nullptr : &*at;
}

bool Silences::hear(std::uint64_t object, LogTime silent_at) {
  const auto at = std::find_if(listed.begin(), listed.end(), [object](const Silence& one) { return one.object == object; });
  const bool known = at != listed.end();
  if (silent_at.ms() == 0) {
    if (known) listed.erase(at);
    unlisted_ms = kNeverMs;
  } else if (known) {
    at->at_ms = silent_at.ms();
  } else if (listed.size() < kListedMax) {
    listed.push_back({object, silent_at.ms()});
  } else {
    unlisted_ms = std::max(unlisted_ms, silent_at.ms());
  }
  return known;
}

bool Silences::forget(std::uint64_t object) {
  return std::erase_if(listed, [object](const Silence& one) { return one.object == object; }) > 0;
}

std::uint64_t Silences::take_silent(std::uint64_t open, LogTime now) {
  const std::uint64_t unlisted = open > listed.size() ? open - listed.size() : 0;
  std::uint64_t silent = std::erase_if(listed, [now](const Silence& one) { return one.at_ms <= now.ms(); });
  if (unlisted == 0) {
    unlisted_ms = 0;
  } else if (unlisted_ms != 0 && unlisted_ms <= now.ms()) {
    silent += unlisted;
    unlisted_ms = 0;
  }
  return std::min(silent, open);
}

std::int64_t Silences::next_ms(std::uint64_t open) const {
  std::int64_t next = open > listed.size() && unlisted_ms != kNeverMs ? unlisted_ms : 0;
  for (const Silence& one : listed) {
    if (next == 0 || one.at_ms < next) next = one.at_ms;
  }
  return next;
}

}  // namespace ioc::triage
