// What leaves the state by itself when its time is over: one entry a key, ordered by the hour it falls due.
#pragma once

#include <string_view>

#include "libs/base/time.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

class Expiry {
 public:
  static constexpr char kCommand = 'c', kLink = 'l', kReport = 'r', kSpot = 's';

  explicit Expiry(Overlay& state) : x_state(state) {}

  // Falls due in the hour after `when`.
  void at(LogTime when, char kind, std::string_view key);
  // Takes out what is due, the earliest first, at most `most`; what is left is due still. By the hour: cheap to ask again.
  template <class Visit>
  void run(LogTime now, std::size_t most, Visit&& visit) {
    for (const Due& due : take(now, most)) visit(due.kind, due.key);
  }

 private:
  struct Due {
    char kind = 0;
    std::string key;
  };
  std::vector<Due> take(LogTime now, std::size_t most);

  Overlay& x_state;
  std::int64_t x_done_hour = -1;  // nothing of it or of earlier hours is left; only memory's hint
};

}  // namespace ioc::triage
