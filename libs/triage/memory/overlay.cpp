#include "libs/triage/memory/overlay.h"

#include <algorithm>
#include <utility>

namespace ioc::triage {
namespace {

// The first key behind all that begin with `prefix`; "" = to the end.
std::string behind(std::string_view prefix) {
  std::string until(prefix);
  while (!until.empty() && static_cast<unsigned char>(until.back()) == 0xff) until.pop_back();
  if (!until.empty()) until.back() = static_cast<char>(static_cast<unsigned char>(until.back()) + 1);
  return until;
}

}  // namespace

std::string_view name_of(Table table) {
  constexpr std::string_view kNames[] = {"meta", "incidents", "members", "objects", "seen", "reports", "other"};
  return kNames[static_cast<std::size_t>(table)];
}

std::optional<std::string> Overlay::get(Table table, std::string_view key) const {
  const Changes& changes = x_changes[static_cast<std::size_t>(table)];
  if (const auto at = changes.find(key); at != changes.end()) return at->second;
  return x_stored.get(table, key);
}

void Overlay::put(Table table, std::string_view key, std::string value) {
  Changes& changes = x_changes[static_cast<std::size_t>(table)];
  if (const auto at = changes.find(key); at != changes.end()) at->second = std::move(value);
  else changes.emplace(std::string(key), std::move(value));
}

void Overlay::erase(Table table, std::string_view key) {
  x_changes[static_cast<std::size_t>(table)].insert_or_assign(std::string(key), std::nullopt);
}

void Overlay::scan(Table table, std::string_view prefix,
                   const std::function<bool(std::string_view, std::string_view)>& visit) const {
  using Change = std::pair<std::string_view, const std::optional<std::string>*>;
  std::vector<Change> changes;
  for (const auto& [key, value] : x_changes[static_cast<std::size_t>(table)]) {
    if (std::string_view(key).starts_with(prefix)) changes.emplace_back(key, &value);
  }
  std::sort(changes.begin(), changes.end());
  const std::string until = behind(prefix);
  auto at = changes.begin();
  const auto end = changes.end();
  bool going = true;
  const auto visit_changes = [&](std::optional<std::string_view> below) {
    for (; going && at != end && (!below || at->first < *below); ++at) {
      if (*at->second) going = visit(at->first, **at->second);
    }
  };
  x_stored.scan(table, prefix, until, [&](std::string_view key, std::string_view value) {
    visit_changes(key);
    if (!going) return false;
    if (at != end && at->first == key) {
      if (*at->second) going = visit(key, **at->second);
      ++at;
    } else {
      going = visit(key, value);
    }
    return going;
  });
  visit_changes(std::nullopt);
}

void Overlay::take(std::vector<StateWrite>& delta) {
  for (const Table table : kTables) {
    Changes& changes = x_changes[static_cast<std::size_t>(table)];
    const auto first = static_cast<std::ptrdiff_t>(delta.size());
    for (auto& [key, value] : changes) delta.push_back({table, key, std::move(value)});
    changes.clear();
    std::sort(delta.begin() + first, delta.end(), [](const StateWrite& a, const StateWrite& b) { return a.key < b.key; });
  }
}

}  // namespace ioc::triage
