// When each camera alert of an incident falls silent, unless something is heard of it before. Kept with the incident
// (Beside), beside the count of alerts that have not ended; bounded by kListedMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libs/base/time.h"

namespace ioc::triage {

struct Silence {
  std::uint64_t object = 0;  // hash of source and object id
  std::int64_t at_ms = 0;    // log time
  friend bool operator==(const Silence&, const Silence&) = default;
};

struct Silences {
  static constexpr std::size_t kListedMax = 32;
  static constexpr std::int64_t kNeverMs = INT64_MAX;

  std::vector<Silence> listed;
  // Alerts beyond the list fall silent together, when the last of them does; 0: none is known to.
  std::int64_t unlisted_ms = 0;
  friend bool operator==(const Silences&, const Silences&) = default;

  // Something was heard of the alert, which falls silent then; 0: never. True: it was listed before.
  bool hear(std::uint64_t object, LogTime silent_at);
  // The alert ended, or left the incident. True: it was listed.
  bool forget(std::uint64_t object);
  [[nodiscard]] const Silence* find(std::uint64_t object) const;
  // Of `open` alerts the number that are silent by now; they leave.
  std::uint64_t take_silent(std::uint64_t open, LogTime now);
  // The earliest; 0 = none.
  [[nodiscard]] std::int64_t next_ms(std::uint64_t open) const;
  [[nodiscard]] bool empty() const { return listed.empty() && unlisted_ms == 0; }
};

}  // namespace ioc::triage
