// Tables of triage's state in memory, for programs that step a machine and keep nothing.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "libs/triage/state.h"

namespace ioc::bench {

using triage::kTables;
using triage::StateView;
using triage::StateWrite;
using triage::Table;

class MapState : public StateView {
 public:
  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const override {
    const auto& rows = tables[static_cast<std::size_t>(table)];
    const auto at = rows.find(key);
    return at == rows.end() ? std::nullopt : std::optional(at->second);
  }
  void scan(Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    const auto& rows = tables[static_cast<std::size_t>(table)];
    for (auto at = rows.lower_bound(from); at != rows.end() && (until.empty() || at->first < until); ++at) {
      if (!visit(at->first, at->second)) return;
    }
  }
  void apply(std::vector<StateWrite>& delta) {
    for (StateWrite& write : delta) {
      auto& rows = tables[static_cast<std::size_t>(write.table)];
      if (write.value) rows.insert_or_assign(std::move(write.key), std::move(*write.value));
      else rows.erase(write.key);
    }
    delta.clear();
  }
  std::array<std::map<std::string, std::string, std::less<>>, std::size(kTables)> tables;
};

}  // namespace ioc::bench
