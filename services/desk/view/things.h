// When each camera and checkpoint was last heard. Senders name them, so only the newest `max` names are kept.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "libs/base/time.h"

namespace ioc::desk::view {

class Things {
 public:
  explicit Things(std::size_t max) : x_max(max) {}

  void see(const std::string& name, LogTime at) {
    const auto [known, is_new] = x_seen.try_emplace(name, at);
    if (!is_new) {
      x_oldest_first.erase({known->second, name});
      known->second = at;
    }
    x_oldest_first.emplace(at, name);
    if (x_seen.size() <= x_max) return;
    x_seen.erase(x_oldest_first.begin()->second);
    x_oldest_first.erase(x_oldest_first.begin());
  }
  // Those that were last heard before `at`.
  void forget_before(LogTime at) {
    while (!x_oldest_first.empty() && x_oldest_first.begin()->first < at) {
      x_seen.erase(x_oldest_first.begin()->second);
      x_oldest_first.erase(x_oldest_first.begin());
    }
  }
  [[nodiscard]] const std::map<std::string, LogTime>& all() const { return x_seen; }

 private:
  std::size_t x_max;
  std::map<std::string, LogTime> x_seen;
  std::set<std::pair<LogTime, std::string>> x_oldest_first;
};

}  // namespace ioc::desk::view
