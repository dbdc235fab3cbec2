// What changed since the last delta, over what is stored: reads see both as one (DESIGN D3, "Memory and disk").
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/hash.h"
#include "libs/triage/state.h"

namespace ioc::triage {

class Overlay {
 public:
  explicit Overlay(const StateView& stored) : x_stored(stored) {}

  [[nodiscard]] std::optional<std::string> get(Table table, std::string_view key) const;
  void put(Table table, std::string_view key, std::string value);
  void erase(Table table, std::string_view key);
  // All entries whose key begins with `prefix`, in key order, until `visit` returns false. `visit` may not write.
  void scan(Table table, std::string_view prefix,
            const std::function<bool(std::string_view key, std::string_view value)>& visit) const;
  // What is stored, from a key on; for loading, before anything changed.
  void scan_stored(Table table, std::string_view from,
                   const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
    x_stored.scan(table, from, "", visit);
  }
  // Appends all changes in table and key order and forgets them.
  void take(std::vector<StateWrite>& delta);

 private:
  // Looked up by key on every event; put in order only when it is scanned or taken.
  struct Hasher {
    using is_transparent = void;
    using is_avalanching = void;
    std::size_t operator()(std::string_view key) const { return hash128(key).low; }
  };
  using Changes = boost::unordered_flat_map<std::string, std::optional<std::string>, Hasher, std::equal_to<>>;
  const StateView& x_stored;
  std::array<Changes, std::size(kTables)> x_changes;
};

}  // namespace ioc::triage
