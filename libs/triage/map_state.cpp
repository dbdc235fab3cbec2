#include "libs/triage/map_state.h"

#include <utility>

namespace ioc::triage {

std::optional<std::string> MapState::get(Table table, std::string_view key) const {
  const auto& rows = tables[static_cast<std::size_t>(table)];
  const auto at = rows.find(key);
  return at == rows.end() ? std::nullopt : std::optional(at->second);
}

void MapState::scan(Table table, std::string_view from, std::string_view until,
                    const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const auto& rows = tables[static_cast<std::size_t>(table)];
  for (auto at = rows.lower_bound(from); at != rows.end() && (until.empty() || at->first < until); ++at) {
    if (!visit(at->first, at->second)) return;
  }
}

void MapState::apply(std::vector<StateWrite> delta) {
  for (StateWrite& write : delta) {
    auto& rows = tables[static_cast<std::size_t>(write.table)];
    if (write.value) rows.insert_or_assign(std::move(write.key), std::move(*write.value));
    else rows.erase(write.key);
  }
}

}  // namespace ioc::triage
