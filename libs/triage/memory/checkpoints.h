// Checkpoints as they were last heard of, for the alert of their silence (log time).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "libs/base/time.h"
#include "libs/domain/ids.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

struct Checkpoint {
  LogTime heard_at;
  bool open = false;             // by its own last status; only then is silence an alert
  IncidentId silence;            // the incident that says so; empty: none
  bool unwritten = false;
};

// How long a checkpoint may be silent (the bundle's registry).
using SilentAfter = std::function<Millis(const std::string& id)>;

class Checkpoints {
 public:
  explicit Checkpoints(Overlay& state) : x_state(state) {}

  // nullptr: unknown, and no more than `followed_max` are followed.
  Checkpoint* at(const std::string& id, std::uint64_t followed_max);
  void changed(const std::string& id, Checkpoint& checkpoint, const SilentAfter& silent_after);
  struct Due {
    std::int64_t at_ms = 0;
    std::string id;
  };
  // The earliest that was silent for `silent_after`; looks only at what is due by `now_ms`.
  std::optional<Due> next_due(std::int64_t now_ms, const SilentAfter& silent_after);
  [[nodiscard]] std::optional<std::int64_t> earliest() const;
  // After its alert, or when it closed: no clock until it is heard again.
  void stop_clock(const Due& due);
  void take_delta();
  [[nodiscard]] std::size_t size() const { return x_by_id.size(); }
  // After the bundle changed: every clock anew.
  void restart_clocks(const SilentAfter& silent_after);
  // The log's clock was set back: what was heard of later was heard of now.
  void set_back(LogTime to, const SilentAfter& silent_after);
  bool load(const SilentAfter& silent_after);

 private:
  Overlay& x_state;
  std::map<std::string, Checkpoint, std::less<>> x_by_id;
  // Not later than the true time: hearing from a checkpoint does not move its entry, meeting it does.
  std::set<std::pair<std::int64_t, std::string>> x_clocks;
  std::set<std::string, std::less<>> x_with_clock;
  std::set<std::string, std::less<>> x_unwritten;
};

}  // namespace ioc::triage
