// The tables of a machine in memory: for trials, benchmarks and tests, and for copies of small states.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "libs/triage/state.h"

namespace ioc::triage {

class MapState final : public StateView {
 public:
  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const override;
  void scan(Table table, std::string_view from, std::string_view until,
            const std::function<bool(std::string_view, std::string_view)>& visit) const override;
  void apply(std::vector<StateWrite> delta);

  std::array<std::map<std::string, std::string, std::less<>>, std::size(kTables)> tables;
};

}  // namespace ioc::triage
